-- Migration 15: faces in collections.

-- A face in a collection.
CREATE TABLE indexed_face (
    collection_id INTEGER NOT NULL,
    face_id       TEXT NOT NULL,            -- FaceId of the API
    image_id      TEXT NOT NULL,            -- ImageId of the API
    external_image_id TEXT,                 -- ExternalImageId, where one was given
    "left"        REAL NOT NULL,            -- of its box, as the next three: ratios of the image's sides, of six decimals
    top           REAL NOT NULL,
    width         REAL NOT NULL,
    height        REAL NOT NULL,
    confidence    REAL NOT NULL,            -- that it is a face, in per cent, of four decimals
    identity      TEXT NOT NULL,            -- who it is, as the next two: the key of server/scene/similarity.h
    image         TEXT NOT NULL,            -- where it was seen
    place         INTEGER NOT NULL,         -- which of the faces there it is
    user_id       INTEGER,                  -- of the collection, whose face it is; NULL: nobody's
    searchable_ms INTEGER NOT NULL,         -- from when on searches know of it
    PRIMARY KEY (collection_id, face_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX indexed_face_by_identity ON indexed_face (collection_id, identity);
CREATE INDEX indexed_face_by_image ON indexed_face (collection_id, image, place);
CREATE INDEX indexed_face_by_user ON indexed_face (collection_id, user_id) WHERE user_id IS NOT NULL;

CREATE TRIGGER indexed_face_comes AFTER INSERT ON indexed_face BEGIN
    UPDATE collection SET faces = faces + 1 WHERE id = new.collection_id;
END;
CREATE TRIGGER indexed_face_goes AFTER DELETE ON indexed_face BEGIN
    UPDATE collection SET faces = faces - 1 WHERE id = old.collection_id;
END;

-- Who looks like somebody: few do.
CREATE INDEX person_that_resembles ON person (id) WHERE resembles <> '[]';

-- Collections that are gone, of which something is left: it is removed a little at a time, and nobody sees it.
CREATE TABLE gone_collection (
    collection_id INTEGER PRIMARY KEY
) STRICT;

CREATE TRIGGER collection_goes AFTER DELETE ON collection WHEN old.faces + old.users > 0 BEGIN
    INSERT INTO gone_collection (collection_id) VALUES (old.id);
END;
