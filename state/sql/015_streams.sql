-- Migration 15: processors of streaming video.

-- A stream processor: it looks at a stream of video for faces of a collection, or for people, pets and packages.
CREATE TABLE stream_processor (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
    arn           TEXT NOT NULL UNIQUE,
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    name          TEXT NOT NULL,
    status        TEXT NOT NULL,            -- written only by lifecycle_move()
    status_message TEXT,                    -- likewise
    entered_ms    INTEGER NOT NULL DEFAULT 0, -- when the status was reached: LastUpdateTimestamp of the API
    created_ms    INTEGER NOT NULL,
    home          INTEGER NOT NULL,         -- 1: it looks for labels, 0: for faces
    request       TEXT NOT NULL,            -- JSON: members of CreateStreamProcessor, but Name and Tags; as updated
    session       TEXT,                     -- of labels: the id of the run in progress, or of the last
    ends_ms       INTEGER,                  -- when that ends at the latest
    frames        INTEGER NOT NULL DEFAULT 0, -- how many it was shown
    seen          TEXT NOT NULL DEFAULT '', -- labels that were told of in the run, each behind a space
    UNIQUE (account, region, name)
) STRICT;
CREATE INDEX stream_processor_by_status ON stream_processor (status);
