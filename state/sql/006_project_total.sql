-- Migration 6: projects are counted as they come and go, not one by one when there is to be another.

-- How many projects an account has in a region. Kept by triggers; none has no row.
CREATE TABLE project_total (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    projects INTEGER NOT NULL,
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

INSERT INTO project_total (account, region, projects)
    SELECT account, region, count(*) FROM project GROUP BY account, region;

CREATE TRIGGER project_comes AFTER INSERT ON project BEGIN
    INSERT INTO project_total (account, region, projects) VALUES (new.account, new.region, 1)
        ON CONFLICT (account, region) DO UPDATE SET projects = projects + 1;
END;
CREATE TRIGGER project_goes AFTER DELETE ON project BEGIN
    UPDATE project_total SET projects = projects - 1
        WHERE account = old.account AND region = old.region;
    DELETE FROM project_total WHERE account = old.account AND region = old.region AND projects = 0;
END;
