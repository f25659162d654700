-- Migration 16: users of collections, and requests that are known by a token.

-- A user of a collection: a name under which several faces are one person's.
CREATE TABLE user (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: what is left of one that is gone knows it by this
    arn           TEXT NOT NULL UNIQUE,     -- a local one
    account       TEXT NOT NULL,            -- the collection's
    region        TEXT NOT NULL,            -- the collection's
    collection_id INTEGER NOT NULL,
    name          TEXT NOT NULL,            -- UserId of the API
    key           TEXT NOT NULL,            -- a UUID, which orders lists
    status        TEXT NOT NULL,            -- written only by lifecycle_move()
    status_message TEXT,                    -- the API shows none
    entered_ms    INTEGER NOT NULL DEFAULT 0, -- when the status was reached
    changed_ms    INTEGER NOT NULL DEFAULT 0, -- when the change of its faces began that is in progress, or was last
    faces         INTEGER NOT NULL DEFAULT 0, -- how many it has, kept by triggers
    UNIQUE (collection_id, name)
) STRICT;
CREATE INDEX user_by_key ON user (collection_id, key);
CREATE INDEX user_by_status ON user (status);

CREATE TRIGGER user_comes AFTER INSERT ON user BEGIN
    UPDATE collection SET users = users + 1 WHERE id = new.collection_id;
END;
CREATE TRIGGER user_goes AFTER DELETE ON user BEGIN
    UPDATE indexed_face SET user_id = NULL WHERE collection_id = old.collection_id AND user_id = old.id;
    UPDATE collection SET users = users - 1 WHERE id = old.collection_id;
END;
CREATE TRIGGER indexed_face_changes AFTER UPDATE OF user_id ON indexed_face BEGIN
    UPDATE user SET faces = faces - 1 WHERE id = old.user_id;
    UPDATE user SET faces = faces + 1 WHERE id = new.user_id;
END;

-- Nothing happens any more to the users of a collection that is gone.
CREATE TRIGGER collection_users_rest AFTER DELETE ON collection WHEN old.users > 0 BEGIN
    DELETE FROM timer WHERE kind = 'user'
        AND arn > replace(old.arn, ':collection/', ':local/collection/') || '/user/'
        AND arn < replace(old.arn, ':collection/', ':local/collection/') || '/user0';
END;

-- Requests that had a ClientRequestToken, and how they were answered.
CREATE TABLE token (
    account   TEXT NOT NULL,
    region    TEXT NOT NULL,
    operation TEXT NOT NULL,
    token     TEXT NOT NULL,
    digest    TEXT NOT NULL,                -- of all else that was asked, in lower-case digits
    answer    TEXT NOT NULL,                -- JSON
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (account, region, operation, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_age ON token (account, at_ms);
