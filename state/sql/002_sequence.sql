-- Migration 2: what --seed draws goes on where it was.

-- How many words of its sequence may have been given out.
ALTER TABLE world ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0;
