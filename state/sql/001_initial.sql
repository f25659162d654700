-- Migration 1. A migration that has been released is never edited: add the next one.

-- The world: one row. Everything that is not a resource.
CREATE TABLE world (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    clock_mode    TEXT NOT NULL,            -- 'real' or 'frozen'
    clock_base_ms INTEGER NOT NULL,         -- the world's moment when the clock was last set
    clock_wall_ms INTEGER NOT NULL,         -- the wall clock's moment at that time; 0 while paused, as in a snapshot
    clock_scale   REAL NOT NULL DEFAULT 1,  -- world milliseconds per wall millisecond, while 'real'
    secret        TEXT NOT NULL             -- what page tokens are sealed with
) STRICT;

-- Settings that were changed; all others have the default of the profile.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,                 -- as in settings.def
    value REAL NOT NULL                     -- milliseconds, a count or a number
) STRICT, WITHOUT ROWID;

-- A project: a name under which models are trained.
CREATE TABLE project (
    id          INTEGER PRIMARY KEY,
    arn         TEXT NOT NULL UNIQUE,
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    name        TEXT NOT NULL,
    status      TEXT NOT NULL,              -- written only by lifecycle_move()
    status_message TEXT,                    -- the API shows none for projects
    feature     TEXT NOT NULL,              -- 'CUSTOM_LABELS' or 'CONTENT_MODERATION'
    auto_update TEXT NOT NULL,              -- 'ENABLED' or 'DISABLED'
    entered_ms  INTEGER NOT NULL DEFAULT 0, -- when the status was reached
    created_ms  INTEGER NOT NULL,
    UNIQUE (account, region, name)
) STRICT;
CREATE INDEX project_by_age ON project (account, region, created_ms, id);
CREATE INDEX project_by_status ON project (status);

-- A version of a project: a model (or an adapter), trained once or copied, started and stopped many times.
CREATE TABLE project_version (
    id             INTEGER PRIMARY KEY,
    arn            TEXT NOT NULL UNIQUE,
    project_id     INTEGER NOT NULL REFERENCES project (id),
    account        TEXT NOT NULL,           -- the project's
    region         TEXT NOT NULL,           -- the project's
    name           TEXT NOT NULL,
    feature        TEXT NOT NULL,           -- the project's
    status         TEXT NOT NULL,           -- written only by lifecycle_move()
    status_message TEXT,                    -- what the service says of the status
    created_ms     INTEGER NOT NULL,
    entered_ms     INTEGER NOT NULL,        -- when the status was reached
    trained_ms     INTEGER,                 -- when training ended, well or badly
    completed      INTEGER NOT NULL DEFAULT 0, -- 1 once training or copying went well: it has results
    f1_score       REAL NOT NULL,           -- how well it does, shown once completed
    validated      INTEGER NOT NULL DEFAULT 0, -- 1: what its manifests are like was written, also when training failed
    min_units      INTEGER,                 -- NULL until first started
    max_units      INTEGER,                 -- NULL unless given
    units          INTEGER NOT NULL DEFAULT 0, -- inference units in service, 0 unless RUNNING
    scaled_ms      INTEGER NOT NULL DEFAULT 0, -- when they last followed demand
    description    TEXT,
    kms_key_id     TEXT,
    output_bucket  TEXT,
    output_prefix  TEXT,
    training_data  TEXT,                    -- JSON as it was given; NULL when the project's datasets are used
    testing_data   TEXT,                    -- likewise
    feature_config TEXT,                    -- JSON as it was given
    source_arn     TEXT,                    -- of a copy: the version it was made from
    model_id       INTEGER,                 -- whose images it knows: its own id, or that of what it is a copy of
    UNIQUE (project_id, name)
) STRICT;
CREATE INDEX project_version_by_age ON project_version (project_id, created_ms, id);
-- Quotas count those of an account and region, metrics those of everyone.
CREATE INDEX project_version_by_status
    ON project_version (status, account, region, units);
CREATE INDEX adapter_by_status ON project_version (status) WHERE feature = 'CONTENT_MODERATION';
CREATE INDEX project_version_by_model ON project_version (model_id);

CREATE TRIGGER project_version_is_model AFTER INSERT ON project_version WHEN new.model_id IS NULL BEGIN
    UPDATE project_version SET model_id = new.id WHERE id = new.id;
END;

-- What a model knows of an image that it was trained or tested with.
CREATE TABLE version_image (
    model_id   INTEGER NOT NULL,            -- of the versions that know it
    source_ref TEXT NOT NULL,               -- 's3://bucket/key'
    sha256     TEXT,                        -- lower-case hexadecimal digits; NULL: its bytes were never read
    labels     TEXT NOT NULL,               -- JSON: see state/resource/version_image.h
    PRIMARY KEY (model_id, source_ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_image_by_digest ON version_image (model_id, sha256, source_ref)
    WHERE sha256 IS NOT NULL;

-- A label that a model knows.
CREATE TABLE version_label (
    model_id  INTEGER NOT NULL,             -- of the versions that know it
    name      TEXT NOT NULL,
    threshold REAL NOT NULL,                -- 0..1: the assumed threshold that training arrived at
    PRIMARY KEY (model_id, name)
) STRICT, WITHOUT ROWID;

-- What a model knows goes with the last version of it: the id of one of which there still is a copy,
-- which is newer, is not given to another.
CREATE TRIGGER model_rest AFTER DELETE ON project_version
    WHEN NOT EXISTS (SELECT 1 FROM project_version WHERE model_id = old.model_id) BEGIN
    DELETE FROM version_image WHERE model_id = old.model_id;
    DELETE FROM version_label WHERE model_id = old.model_id;
END;

-- A dataset of a project: images and their labels, to train or to test with.
CREATE TABLE dataset (
    id             INTEGER PRIMARY KEY,
    arn            TEXT NOT NULL UNIQUE,
    project_id     INTEGER NOT NULL REFERENCES project (id),
    account        TEXT NOT NULL,           -- the project's
    region         TEXT NOT NULL,           -- the project's
    type           TEXT NOT NULL,           -- 'TRAIN' or 'TEST'
    status         TEXT NOT NULL,           -- written only by lifecycle_move()
    status_message TEXT,                    -- what the service says of the status
    created_ms     INTEGER NOT NULL,
    entered_ms     INTEGER NOT NULL,        -- when the status was reached
    source_arn     TEXT,                    -- the dataset that it was made from
    entries        INTEGER NOT NULL DEFAULT 0, -- kept by triggers, as the next three
    labeled        INTEGER NOT NULL DEFAULT 0, -- entries that are labeled
    erroneous      INTEGER NOT NULL DEFAULT 0, -- entries with errors
    labels         INTEGER NOT NULL DEFAULT 0,
    shown          TEXT NOT NULL DEFAULT '[0,0,0,0]', -- the four while a step is in progress: as they were before it
    UNIQUE (project_id, type)
) STRICT;
CREATE INDEX dataset_by_scope ON dataset (account, region);
CREATE INDEX dataset_by_status ON dataset (status);
CREATE INDEX dataset_by_source ON dataset (source_arn) WHERE source_arn IS NOT NULL;

-- An image of a dataset, and what is known of it. Entries keep the order in which they came.
CREATE TABLE dataset_entry (
    id         INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    source_ref TEXT NOT NULL,               -- where the image is, and its name in the dataset
    line       TEXT NOT NULL,               -- a JSON Line, compact, as it is listed but for what is said of the whole of it
    is_labeled INTEGER NOT NULL,
    has_errors INTEGER NOT NULL,            -- of the line as a whole or of a part
    errors     TEXT,                        -- JSON list: those of the line as a whole
    labels     TEXT NOT NULL,               -- JSON object of name: boxes: what training can use
    fresh      INTEGER NOT NULL DEFAULT 0,  -- 1: written by the change in progress
    UNIQUE (dataset_id, source_ref)
) STRICT;
CREATE INDEX dataset_entry_by_order ON dataset_entry (dataset_id, id, is_labeled, has_errors);
CREATE INDEX dataset_entry_by_change ON dataset_entry (dataset_id, id) WHERE fresh;

-- What an entry was before the change in progress, should that fail.
CREATE TABLE dataset_entry_before (
    id         INTEGER PRIMARY KEY REFERENCES dataset_entry (id) ON DELETE CASCADE,
    dataset_id INTEGER NOT NULL,
    line       TEXT NOT NULL,
    is_labeled INTEGER NOT NULL,
    has_errors INTEGER NOT NULL,
    errors     TEXT,
    labels     TEXT NOT NULL
) STRICT;

-- The labels of a dataset, in the order in which they were first seen. Kept by triggers.
CREATE TABLE dataset_label (
    id         INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    entries    INTEGER NOT NULL DEFAULT 0,  -- that have it
    boxes      INTEGER NOT NULL DEFAULT 0,  -- bounding boxes of it, in all of them
    UNIQUE (dataset_id, name)
) STRICT;
CREATE INDEX dataset_label_by_order ON dataset_label (dataset_id, id);
CREATE INDEX dataset_label_by_nothing ON dataset_label (dataset_id) WHERE entries = 0;

-- Which entries have a label.
CREATE TABLE dataset_entry_label (
    label_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    boxes    INTEGER NOT NULL,              -- of the label in the entry
    PRIMARY KEY (label_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dataset_entry_label_by_entry ON dataset_entry_label (entry_id);

-- (JSON functions cannot be called in a trigger of a file that is not trusted; json_each() can.)
CREATE TRIGGER dataset_entry_comes AFTER INSERT ON dataset_entry BEGIN
    INSERT INTO dataset_label (dataset_id, name, entries, boxes)
        SELECT new.dataset_id, key, 1, value FROM json_each(new.labels) WHERE true
        ON CONFLICT (dataset_id, name) DO UPDATE
        SET entries = entries + 1, boxes = boxes + excluded.boxes;
    INSERT INTO dataset_entry_label (label_id, entry_id, boxes)
        SELECT (SELECT id FROM dataset_label WHERE dataset_id = new.dataset_id AND name = key), new.id, value
        FROM json_each(new.labels);
    UPDATE dataset SET entries = entries + 1, labeled = labeled + new.is_labeled,
        erroneous = erroneous + new.has_errors WHERE id = new.dataset_id;
END;

CREATE TRIGGER dataset_entry_goes AFTER DELETE ON dataset_entry BEGIN
    DELETE FROM dataset_entry_label WHERE entry_id = old.id;
    UPDATE dataset SET entries = entries - 1, labeled = labeled - old.is_labeled,
        erroneous = erroneous - old.has_errors WHERE id = old.dataset_id;
    DELETE FROM dataset_label WHERE dataset_id = old.dataset_id AND entries = 0;
END;

-- Moved to another dataset, or replaced: it goes and comes.
CREATE TRIGGER dataset_entry_changes AFTER UPDATE OF dataset_id, is_labeled, has_errors, labels ON dataset_entry BEGIN
    DELETE FROM dataset_entry_label WHERE entry_id = old.id;
    UPDATE dataset SET entries = entries - 1, labeled = labeled - old.is_labeled,
        erroneous = erroneous - old.has_errors WHERE id = old.dataset_id;
    INSERT INTO dataset_label (dataset_id, name, entries, boxes)
        SELECT new.dataset_id, key, 1, value FROM json_each(new.labels) WHERE true
        ON CONFLICT (dataset_id, name) DO UPDATE
        SET entries = entries + 1, boxes = boxes + excluded.boxes;
    INSERT INTO dataset_entry_label (label_id, entry_id, boxes)
        SELECT (SELECT id FROM dataset_label WHERE dataset_id = new.dataset_id AND name = key), new.id, value
        FROM json_each(new.labels);
    UPDATE dataset SET entries = entries + 1, labeled = labeled + new.is_labeled,
        erroneous = erroneous + new.has_errors WHERE id = new.dataset_id;
    DELETE FROM dataset_label WHERE dataset_id = old.dataset_id AND entries = 0;
END;

CREATE TRIGGER dataset_entry_label_goes AFTER DELETE ON dataset_entry_label BEGIN
    UPDATE dataset_label SET entries = entries - 1, boxes = boxes - old.boxes WHERE id = old.label_id;
END;

CREATE TRIGGER dataset_label_comes AFTER INSERT ON dataset_label BEGIN
    UPDATE dataset SET labels = labels + 1 WHERE id = new.dataset_id;
END;
CREATE TRIGGER dataset_label_goes AFTER DELETE ON dataset_label BEGIN
    UPDATE dataset SET labels = labels - 1 WHERE id = old.dataset_id;
END;

-- Who may copy from a project.
CREATE TABLE project_policy (
    id         INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    revision   TEXT NOT NULL,               -- changes with every put
    document   TEXT NOT NULL,               -- as it was given
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

-- Tags of any resource.
CREATE TABLE tag (
    arn   TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (arn, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER dataset_tags AFTER DELETE ON dataset BEGIN DELETE FROM tag WHERE arn = old.arn; END;
CREATE TRIGGER project_tags AFTER DELETE ON project BEGIN DELETE FROM tag WHERE arn = old.arn; END;
CREATE TRIGGER project_version_rest AFTER DELETE ON project_version BEGIN
    DELETE FROM tag WHERE arn = old.arn;
    DELETE FROM demand WHERE arn = old.arn;
    DELETE FROM usage WHERE arn = old.arn AND running_ms = 0 AND training_ms = 0 AND calls = 0;
END;

-- What a version has used, for the bill: it outlives the version, because a bill does.
CREATE TABLE usage (
    id              INTEGER PRIMARY KEY,
    arn             TEXT NOT NULL UNIQUE,
    account         TEXT NOT NULL,
    region          TEXT NOT NULL,
    running_ms      INTEGER NOT NULL DEFAULT 0, -- RUNNING, up to when its units in service last changed
    unit_ms         INTEGER NOT NULL DEFAULT 0, -- likewise, times the units
    training_ms     INTEGER NOT NULL DEFAULT 0, -- of training that succeeded
    calls           INTEGER NOT NULL DEFAULT 0, -- that detect, answered or throttled
    throttled_calls INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER usage_begins AFTER INSERT ON project_version BEGIN
    INSERT OR IGNORE INTO usage (arn, account, region) VALUES (new.arn, new.account, new.region);
END;
-- So many units served until now: from when it began to run, or they last followed demand.
CREATE TRIGGER usage_of_units AFTER UPDATE OF units ON project_version WHEN old.units > 0 BEGIN
    UPDATE usage
        SET running_ms = running_ms + max(new.entered_ms, new.scaled_ms) - max(old.entered_ms, old.scaled_ms),
            unit_ms = unit_ms
                + old.units * (max(new.entered_ms, new.scaled_ms) - max(old.entered_ms, old.scaled_ms))
        WHERE arn = old.arn;
END;
CREATE TRIGGER usage_of_training AFTER UPDATE OF trained_ms ON project_version
    WHEN old.status = 'TRAINING_IN_PROGRESS' AND new.status = 'TRAINING_COMPLETED' BEGIN
    UPDATE usage SET training_ms = new.trained_ms - new.created_ms WHERE arn = old.arn;
END;

-- What will happen by itself. A resource waits for at most one thing.
CREATE TABLE timer (
    kind    TEXT NOT NULL,                  -- a lifecycle of lifecycle.def
    arn     TEXT NOT NULL,
    event   TEXT NOT NULL,                  -- what the lifecycle will be told
    message TEXT,                           -- the status message to leave, when not the usual one
    begun_ms INTEGER NOT NULL,              -- when the waiting began
    due_ms  INTEGER NOT NULL,
    PRIMARY KEY (kind, arn)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_by_due ON timer (due_ms, kind, arn);

-- What timed steps were told to end in: failure, each as often as it says.
CREATE TABLE outcome (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an id that was given out stays its own
    resource TEXT NOT NULL,                 -- a glob of ARNs
    event    TEXT NOT NULL,                 -- a step of lifecycle.def
    message  TEXT,                          -- the status message to leave, when not the usual one
    after_ms INTEGER,                       -- from the step's beginning to its end; NULL: as long as usual
    times    INTEGER NOT NULL,              -- how many steps it is for
    hits     INTEGER NOT NULL DEFAULT 0     -- how many it has had
) STRICT;
CREATE INDEX outcome_by_event ON outcome (event, id) WHERE hits < times;

-- What calls of the API are to suffer instead of, or before, their answer.
CREATE TABLE fault (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: the journal names faults by it
    operation   TEXT NOT NULL,              -- '*' for every one
    account     TEXT NOT NULL,              -- of the caller; '' for any
    region      TEXT NOT NULL,              -- likewise
    resource    TEXT,                       -- a glob of ARNs in the input; NULL for any input
    skip        INTEGER NOT NULL,           -- so many matching calls are let pass first
    times       INTEGER,                    -- so many are struck then; NULL: without end
    probability REAL NOT NULL,              -- of those, each with this chance
    delay_ms    INTEGER NOT NULL,           -- real time; 0: none
    error       TEXT,                       -- the code to answer; NULL: none
    message     TEXT,                       -- its message; NULL: none
    status      INTEGER,                    -- its HTTP status; NULL: the usual one
    wire        TEXT,                       -- 'reset', 'empty', 'garbage', 'truncate', 'hang' or NULL
    matches     INTEGER NOT NULL DEFAULT 0, -- calls that fitted
    hits        INTEGER NOT NULL DEFAULT 0  -- calls that were struck
) STRICT;
CREATE INDEX fault_by_call ON fault (operation, account, id) WHERE times IS NULL OR hits < times;

-- What the program has to do before a timer may fire: the timer waits here meanwhile. A piece of work that was broken
-- off, by a crash or a restart, is begun again from nothing.
CREATE TABLE work (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: who works on it knows it by this
    kind    TEXT NOT NULL,                  -- as in timer, as the next five
    arn     TEXT NOT NULL,
    event   TEXT NOT NULL,
    message TEXT,
    begun_ms INTEGER NOT NULL,
    due_ms  INTEGER NOT NULL,
    task    TEXT NOT NULL,                  -- what is to be done
    what    TEXT,                           -- with what, as the task has it
    UNIQUE (kind, arn)
) STRICT;

-- What models are told to see in images.
CREATE TABLE detection (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: an id that was given out stays its own
    version TEXT NOT NULL,                  -- a glob of ARNs
    sha256  TEXT,                           -- of the image, in lower-case digits; NULL for any bytes
    s3      TEXT,                           -- a glob of 'bucket/key'; NULL for any name, and none
    labels  TEXT,                           -- JSON: see state/resource/detection.h; NULL where it is an error
    error   TEXT,                           -- the code to answer; NULL: none
    message TEXT,                           -- its message; NULL: the usual one
    times   INTEGER,                        -- so many calls are answered; NULL: without end
    hits    INTEGER NOT NULL DEFAULT 0      -- calls that were
) STRICT;
CREATE INDEX detection_by_image ON detection (sha256, s3 IS NULL, id DESC) WHERE times IS NULL OR hits < times;

-- How hard a running version is worked; kept only while inference.tpsPerUnit is set.
CREATE TABLE demand (
    arn    TEXT PRIMARY KEY,
    window INTEGER NOT NULL,                -- which second (or longer, where a unit serves less than one a second)
    calls  INTEGER NOT NULL,                -- in that window, refused ones too
    peak   INTEGER NOT NULL                 -- most calls of a window since units last followed demand
) STRICT, WITHOUT ROWID;

-- What did happen.
CREATE TABLE history (
    id    INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: event streams resume by it
    at_ms INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    arn   TEXT NOT NULL,
    event TEXT NOT NULL,
    "from" TEXT,                            -- NULL when it came into being
    "to"  TEXT NOT NULL,
    cause TEXT NOT NULL                     -- the operation, 'timer', or the control call
) STRICT;
CREATE INDEX history_by_arn ON history (arn, id);
