-- Migration 8: steps that are held at their end, and outcomes that strike by chance.

-- The ends of steps that are held until somebody releases them.
CREATE TABLE breakpoint (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an id that was given out stays its own
    resource TEXT NOT NULL,                 -- a glob of ARNs
    event    TEXT NOT NULL,                 -- a step of lifecycle.def
    times    INTEGER NOT NULL,              -- how many steps it is for
    hits     INTEGER NOT NULL DEFAULT 0     -- how many it has had
) STRICT;
CREATE INDEX breakpoint_by_event ON breakpoint (event, id) WHERE hits < times;

-- What awaits is from now on: the sum of 1, its work, and 2, its release by a breakpoint.
ALTER TABLE timer ADD COLUMN breakpoint INTEGER; -- that holds it, or has held it; NULL: none
DROP INDEX timer_that_awaits;
CREATE INDEX timer_that_awaits ON timer (clock, due_ms, kind, arn) WHERE awaits > 0;
CREATE INDEX timer_by_breakpoint ON timer (breakpoint, kind, arn) WHERE breakpoint IS NOT NULL;

ALTER TABLE outcome ADD COLUMN probability REAL NOT NULL DEFAULT 1; -- that it takes a step that fits
ALTER TABLE outcome ADD COLUMN matches INTEGER NOT NULL DEFAULT 0;  -- steps that fitted
