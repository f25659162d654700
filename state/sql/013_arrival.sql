-- Migration 13: what a large fixture declares comes a piece at a time, and is taken back when not all of it came.

-- An account whose resources are coming, and the last row of other tables before the first of them came.
CREATE TABLE arrival (
    account TEXT PRIMARY KEY,
    event   INTEGER NOT NULL,               -- of the history
    usage   INTEGER NOT NULL,
    image   INTEGER NOT NULL,               -- of known_image
    video   INTEGER NOT NULL,               -- of known_video
    person  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
