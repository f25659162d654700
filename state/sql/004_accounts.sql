-- Migration 4: an account may have a clock and settings of its own.

-- Clocks of accounts that do not follow the world's. The columns are as those of the world.
CREATE TABLE account_clock (
    account       TEXT PRIMARY KEY,
    clock_mode    TEXT NOT NULL,
    clock_base_ms INTEGER NOT NULL,
    clock_wall_ms INTEGER NOT NULL,
    clock_scale   REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings that an account has in place of the world's.
CREATE TABLE account_setting (
    account TEXT NOT NULL,
    name    TEXT NOT NULL,                  -- as in settings.def
    value   REAL NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

-- By which clock it is due: '' for the world's, else the account of account_clock.
ALTER TABLE timer ADD COLUMN clock TEXT NOT NULL DEFAULT '';
DROP INDEX timer_by_due;
DROP INDEX timer_that_awaits;
CREATE INDEX timer_by_due ON timer (clock, due_ms, kind, arn) WHERE awaits = 0;
CREATE INDEX timer_that_awaits ON timer (clock, due_ms, kind, arn) WHERE awaits = 1;

-- In a snapshot of an account alone: which; NULL: it is of the whole world.
ALTER TABLE world ADD COLUMN account TEXT;
