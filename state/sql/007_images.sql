-- Migration 7: what images show is declared, and who the people in them are.

-- What an image shows, for every operation that looks at it. Either sha256 or s3 says which image it is.
CREATE TABLE known_image (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an id that was given out stays its own
    account TEXT,                           -- whose calls it is for; NULL: anybody's
    sha256  TEXT,                           -- of its bytes, in lower-case digits
    s3      TEXT,                           -- a glob of 'bucket/key'
    shows   TEXT NOT NULL                   -- JSON: see server/scene/declared.h
) STRICT;
CREATE INDEX known_image_by_bytes ON known_image (sha256, id DESC);

-- Somebody in images; of those of one name the newest counts.
CREATE TABLE person (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
    name      TEXT NOT NULL,                -- what images call them
    celebrity TEXT,                         -- JSON, a Celebrity of the API; NULL: none
    celebrity_id TEXT,                      -- its Id
    resembles TEXT NOT NULL                 -- JSON: a list of {"person","similarity"}
) STRICT;
CREATE INDEX person_by_name ON person (name, id);
CREATE INDEX person_by_celebrity ON person (celebrity_id, id) WHERE celebrity_id IS NOT NULL;
