-- Migration 10: scripts say what any operation that looks at images answers.

ALTER TABLE detection ADD COLUMN operation TEXT;     -- whose calls it is for; NULL: those with a model, its labels
ALTER TABLE detection ADD COLUMN account TEXT;       -- whose calls it is for; NULL: anybody's
ALTER TABLE detection ADD COLUMN answer TEXT;        -- JSON: the output of the operation; NULL: labels or an error
ALTER TABLE detection ADD COLUMN target_sha256 TEXT; -- of the second image, that of CompareFaces; NULL for any bytes
ALTER TABLE detection ADD COLUMN target_s3 TEXT;     -- a glob of its 'bucket/key'; NULL for any name, and none
CREATE INDEX detection_by_target ON detection (target_sha256) WHERE target_sha256 > '' AND (times IS NULL OR hits < times);
