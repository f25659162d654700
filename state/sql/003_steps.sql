-- Migration 3: a timer stays where it is while work is done for it, so that whoever looks for what is under way finds
-- all of it; and what a step of a dataset has done can be taken back until the step ends.

ALTER TABLE timer ADD COLUMN awaits INTEGER NOT NULL DEFAULT 0; -- 1: it does not fire before its work is done
DROP INDEX timer_by_due;
CREATE INDEX timer_by_due ON timer (due_ms, kind, arn) WHERE awaits = 0;
CREATE INDEX timer_that_awaits ON timer (due_ms, kind, arn) WHERE awaits = 1;

-- What the program has to do before the timer of the same kind and ARN may fire; what could be taken back is kept until
-- that does. A piece of work that was broken off, by a crash or a restart, is begun again from nothing.
CREATE TABLE new_work (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: who works on it knows it by this
    kind    TEXT NOT NULL,
    arn     TEXT NOT NULL,
    task    TEXT,                           -- what is to be done; NULL: it is done
    what    TEXT,                           -- with what, as the task has it
    undo    TEXT,                           -- the task that takes it back when the step is to fail; NULL: none is needed
    partner TEXT,                           -- the ARN of another of the kind, whose step is the same one; or NULL
    UNIQUE (kind, arn),
    FOREIGN KEY (kind, arn) REFERENCES timer (kind, arn) ON DELETE CASCADE
) STRICT;
INSERT INTO timer (kind, arn, event, message, begun_ms, due_ms, awaits)
    SELECT kind, arn, event, message, begun_ms, due_ms, 1 FROM work WHERE true
    ON CONFLICT (kind, arn) DO UPDATE SET awaits = 1;
INSERT INTO new_work (id, kind, arn, task, what, undo, partner)
    SELECT id, kind, arn, task, what,
        CASE task WHEN 'dataset.update' THEN 'dataset.update.undo'
            WHEN 'dataset.import' THEN 'dataset.create.undo'
            WHEN 'dataset.copy' THEN 'dataset.create.undo'
            WHEN 'dataset.distribute' THEN 'dataset.distribute.undo'
            WHEN 'dataset.receive' THEN 'dataset.receive.undo' END,
        CASE task WHEN 'dataset.distribute' THEN substr(what, 18) WHEN 'dataset.receive' THEN what END
    FROM work;
DROP TABLE work;
ALTER TABLE new_work RENAME TO work;
CREATE INDEX work_to_do ON work (id) WHERE task IS NOT NULL;

-- The event of the history that began the step in progress, or the last one.
ALTER TABLE dataset ADD COLUMN step INTEGER NOT NULL DEFAULT 1;
-- Likewise: the step that wrote the entry, should it be taken back; 0: none that could be.
ALTER TABLE dataset_entry RENAME COLUMN fresh TO step;
DROP INDEX dataset_entry_by_change;
CREATE INDEX dataset_entry_by_step ON dataset_entry (dataset_id, step, id) WHERE step > 0;

-- Whether a version is trained with the datasets of its project: those that were there when its training began.
ALTER TABLE project_version ADD COLUMN uses_datasets INTEGER NOT NULL DEFAULT 0;
UPDATE project_version SET uses_datasets = 1
    WHERE training_data IS NULL AND EXISTS (SELECT 1 FROM dataset d
        WHERE d.project_id = project_version.project_id AND d.created_ms <= project_version.created_ms);

-- Units that leave service leave nothing of the demand that they followed.
CREATE TRIGGER demand_goes AFTER UPDATE OF status ON project_version
    WHEN old.status = 'RUNNING' AND new.status <> 'RUNNING' BEGIN
    DELETE FROM demand WHERE arn = old.arn;
    DELETE FROM timer WHERE kind = 'inference_units' AND arn = old.arn;
END;
