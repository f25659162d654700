-- Migration 16: images may be known by what they look like, too.

ALTER TABLE known_image ADD COLUMN looks TEXT; -- what it looks like: see server/image/looks.h; then sha256 and s3 are NULL
CREATE INDEX known_image_by_looks ON known_image (id) WHERE looks IS NOT NULL;
