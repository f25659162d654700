-- Migration 9: a step may last a while that is drawn from a range, or until it was shown so often.

ALTER TABLE setting ADD COLUMN most REAL;               -- of a range, of which the value is the least; NULL: the value
ALTER TABLE setting ADD COLUMN draws INTEGER NOT NULL DEFAULT 0; -- how often a range was drawn from
ALTER TABLE account_setting ADD COLUMN most REAL;       -- likewise
ALTER TABLE account_setting ADD COLUMN draws INTEGER NOT NULL DEFAULT 0;
-- In `value`, below zero: of a step, so many answers that show it.

-- What a timer awaits may also be 4, answers that show its step.
ALTER TABLE timer ADD COLUMN polls INTEGER NOT NULL DEFAULT 0; -- so many answers are left; 0: it does not wait for them
CREATE INDEX timer_that_polls ON timer (kind, arn) WHERE polls > 0;
