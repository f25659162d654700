-- Migration 14: word to other servers is kept, and sent when there is time.

-- Something that is told to another server. It is written in the step that did what it tells of.
CREATE TABLE delivery (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: who sends it knows it by this
    at_ms   INTEGER NOT NULL,               -- the moment of that step
    arn     TEXT NOT NULL,                  -- what it is about
    kind    TEXT NOT NULL,                  -- whom it is told to: SNS, KINESIS or S3
    target  TEXT NOT NULL,                  -- the ARN of a topic or stream; of S3: bucket/key
    type    TEXT,                           -- of S3: the type of the content; of an image the body is in base64
    body    TEXT NOT NULL,                  -- the message, the record or the object
    state   TEXT NOT NULL,                  -- KEPT: nobody is there to be told; WAITING, DONE or FAILED
    tries   INTEGER NOT NULL DEFAULT 0,     -- how often it was sent
    why     TEXT                            -- it was not taken the last time; NULL: nothing went wrong
) STRICT;
CREATE INDEX delivery_by_arn ON delivery (arn, id);
CREATE INDEX delivery_that_waits ON delivery (kind, id) WHERE state = 'WAITING';
