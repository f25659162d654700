-- Migration 12: what videos show is declared, and jobs look at them.

-- What a video shows, for every job that looks at it.
CREATE TABLE known_video (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an id that was given out stays its own
    account TEXT,                           -- whose jobs it is for; NULL: anybody's
    s3      TEXT NOT NULL,                  -- a glob of 'bucket/key'
    film    TEXT NOT NULL                   -- JSON: see server/video/film.h
) STRICT;
CREATE INDEX known_video_by_account ON known_video (account, id DESC);

-- A job that looks at a stored video.
CREATE TABLE video_job (
    id      INTEGER PRIMARY KEY,
    arn     TEXT NOT NULL UNIQUE,           -- a local one: the service has none
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    job_id  TEXT NOT NULL,                  -- what callers know it by
    api     TEXT NOT NULL,                  -- of Start… and Get…, what follows: 'LabelDetection'
    status  TEXT NOT NULL,
    status_message TEXT,                    -- of one that FAILED
    created_ms INTEGER NOT NULL,
    entered_ms INTEGER NOT NULL,            -- when it reached its status
    request TEXT NOT NULL,                  -- JSON: the input of Start…, without its token
    token   TEXT,                           -- ClientRequestToken
    container TEXT,                         -- JSON, as film: what was read of the object itself; NULL: nothing was
    found   TEXT                            -- JSON: what Get… answers from, as it was at the end; NULL before
) STRICT;
CREATE UNIQUE INDEX video_job_by_id ON video_job (account, region, job_id);
CREATE INDEX video_job_by_time ON video_job (account, region, created_ms, id);
CREATE INDEX video_job_by_token ON video_job (account, region, api, token, created_ms) WHERE token IS NOT NULL;
CREATE INDEX video_job_by_status ON video_job (status, account, region);
