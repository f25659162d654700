-- Migration 15: sessions of Face Liveness, and how their checks end.

-- A session: a person is looked at by a camera, once, within minutes.
CREATE TABLE liveness (
    id          INTEGER PRIMARY KEY,
    arn         TEXT NOT NULL UNIQUE,       -- ours: no answer of the API has it
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    name        TEXT NOT NULL,              -- the SessionId
    status      TEXT NOT NULL,              -- written only by lifecycle_move()
    status_message TEXT,                    -- the API shows none
    entered_ms  INTEGER NOT NULL DEFAULT 0, -- when the status was reached
    created_ms  INTEGER NOT NULL,
    request     TEXT NOT NULL,              -- JSON: the input of CreateFaceLivenessSession
    token       TEXT,                       -- its ClientRequestToken
    writes      INTEGER NOT NULL,           -- 1: its images are written to S3
    checks      INTEGER NOT NULL DEFAULT 0, -- 1: the check under way ends by itself; 0: when that is told
    told        INTEGER NOT NULL DEFAULT 0, -- 1: how it ends was told
    confidence  REAL,                       -- that it was a live person, in per cent; NULL: the usual one
    person      TEXT,                       -- who that was, as images call them; NULL: a stranger
    reference   TEXT,                       -- JSON: {"bytes"} or {"s3"}, the reference image; NULL: one is drawn
    UNIQUE (account, region, name)
) STRICT;
CREATE UNIQUE INDEX liveness_by_token ON liveness (account, region, token) WHERE token IS NOT NULL;
CREATE INDEX liveness_by_status ON liveness (status, id);

-- How checks of sessions end: that of those under way, and of those to come.
CREATE TABLE liveness_end (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
    account    TEXT,                        -- whose sessions it is for; NULL: anybody's
    session    TEXT NOT NULL,               -- a SessionId; '*': any
    status     TEXT NOT NULL,               -- that they come to
    confidence REAL,                        -- as of a session, like the next two
    person     TEXT,
    reference  TEXT,
    after_ms   INTEGER,                     -- how long the check takes; NULL: it is over at once
    times      INTEGER NOT NULL,            -- so many sessions
    hits       INTEGER NOT NULL DEFAULT 0   -- sessions that it had
) STRICT;
CREATE INDEX liveness_end_waiting ON liveness_end (session, id) WHERE hits < times;
