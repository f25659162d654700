-- Migration 20: jobs of bulk image analysis, and how many jobs are open.

-- A job that looks at the images of a manifest.
CREATE TABLE media_job (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
    arn     TEXT NOT NULL UNIQUE,           -- a local one: the service has none
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    job_id  TEXT NOT NULL,                  -- what callers know it by
    status  TEXT NOT NULL,                  -- written only by lifecycle_move()
    status_message TEXT,                    -- likewise; of one that FAILED: its code, ': ' and why
    entered_ms INTEGER NOT NULL,            -- when the status was reached
    created_ms INTEGER NOT NULL,
    request TEXT NOT NULL,                  -- JSON: the input of StartMediaAnalysisJob, without its token
    denied  INTEGER NOT NULL                -- 1: its caller may not write where the results are to be
) STRICT;
CREATE UNIQUE INDEX media_job_by_id ON media_job (account, region, job_id);
CREATE INDEX media_job_by_time ON media_job (account, region, created_ms, id);
CREATE INDEX media_job_by_status ON media_job (status, account, region);

-- How many jobs of a kind are open in an account and region. Kept by triggers; none has no row.
CREATE TABLE open_jobs (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    kind    TEXT NOT NULL,                  -- 'video_job' or 'media_job'
    jobs    INTEGER NOT NULL,
    PRIMARY KEY (account, region, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO open_jobs (account, region, kind, jobs)
    SELECT account, region, 'video_job', count(*) FROM video_job WHERE status = 'IN_PROGRESS' GROUP BY account, region;

CREATE TRIGGER video_job_comes AFTER INSERT ON video_job WHEN new.status = 'IN_PROGRESS' BEGIN
    INSERT INTO open_jobs (account, region, kind, jobs) VALUES (new.account, new.region, 'video_job', 1)
        ON CONFLICT (account, region, kind) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER video_job_begins AFTER UPDATE OF status ON video_job
    WHEN old.status <> 'IN_PROGRESS' AND new.status = 'IN_PROGRESS' BEGIN
    INSERT INTO open_jobs (account, region, kind, jobs) VALUES (new.account, new.region, 'video_job', 1)
        ON CONFLICT (account, region, kind) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER video_job_ends AFTER UPDATE OF status ON video_job
    WHEN old.status = 'IN_PROGRESS' AND new.status <> 'IN_PROGRESS' BEGIN
    UPDATE open_jobs SET jobs = jobs - 1 WHERE account = old.account AND region = old.region AND kind = 'video_job';
    DELETE FROM open_jobs WHERE account = old.account AND region = old.region AND kind = 'video_job' AND jobs = 0;
END;
CREATE TRIGGER video_job_goes AFTER DELETE ON video_job WHEN old.status = 'IN_PROGRESS' BEGIN
    UPDATE open_jobs SET jobs = jobs - 1 WHERE account = old.account AND region = old.region AND kind = 'video_job';
    DELETE FROM open_jobs WHERE account = old.account AND region = old.region AND kind = 'video_job' AND jobs = 0;
END;
CREATE TRIGGER media_job_comes AFTER INSERT ON media_job WHEN new.status IN ('CREATED', 'QUEUED', 'IN_PROGRESS') BEGIN
    INSERT INTO open_jobs (account, region, kind, jobs) VALUES (new.account, new.region, 'media_job', 1)
        ON CONFLICT (account, region, kind) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER media_job_begins AFTER UPDATE OF status ON media_job
    WHEN old.status NOT IN ('CREATED', 'QUEUED', 'IN_PROGRESS') AND new.status IN ('CREATED', 'QUEUED', 'IN_PROGRESS') BEGIN
    INSERT INTO open_jobs (account, region, kind, jobs) VALUES (new.account, new.region, 'media_job', 1)
        ON CONFLICT (account, region, kind) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER media_job_ends AFTER UPDATE OF status ON media_job
    WHEN old.status IN ('CREATED', 'QUEUED', 'IN_PROGRESS') AND new.status NOT IN ('CREATED', 'QUEUED', 'IN_PROGRESS') BEGIN
    UPDATE open_jobs SET jobs = jobs - 1 WHERE account = old.account AND region = old.region AND kind = 'media_job';
    DELETE FROM open_jobs WHERE account = old.account AND region = old.region AND kind = 'media_job' AND jobs = 0;
END;
CREATE TRIGGER media_job_goes AFTER DELETE ON media_job WHEN old.status IN ('CREATED', 'QUEUED', 'IN_PROGRESS') BEGIN
    UPDATE open_jobs SET jobs = jobs - 1 WHERE account = old.account AND region = old.region AND kind = 'media_job';
    DELETE FROM open_jobs WHERE account = old.account AND region = old.region AND kind = 'media_job' AND jobs = 0;
END;
