-- Migration 11: collections of faces.

-- A collection: a name under which faces are kept, to be found again.
CREATE TABLE collection (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: what is left of one that is gone knows it by this
    arn           TEXT NOT NULL UNIQUE,
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    name          TEXT NOT NULL,            -- CollectionId of the API
    status        TEXT NOT NULL,            -- written only by lifecycle_move(); the API shows none
    status_message TEXT,                    -- likewise
    entered_ms    INTEGER NOT NULL DEFAULT 0, -- when the status was reached
    created_ms    INTEGER NOT NULL,
    model_version TEXT NOT NULL,            -- FaceModelVersion of the API
    faces         INTEGER NOT NULL DEFAULT 0, -- how many it has
    users         INTEGER NOT NULL DEFAULT 0, -- likewise
    UNIQUE (account, region, name)
) STRICT;
CREATE INDEX collection_by_status ON collection (status);
