-- Migration 5: tags go with their resources by triggers that the program sets itself, for each resource alike.

DROP TRIGGER dataset_tags;
DROP TRIGGER project_tags;
DROP TRIGGER project_version_rest;
CREATE TRIGGER project_version_rest AFTER DELETE ON project_version BEGIN
    DELETE FROM demand WHERE arn = old.arn;
    DELETE FROM usage WHERE arn = old.arn AND running_ms = 0 AND training_ms = 0 AND calls = 0;
END;
