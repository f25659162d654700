-- Every SQL statement of the program, by name. Each becomes SQL_<NAME> in C, is
-- prepared when the store opens, and `make lint` checks that it uses an index.

-- transactions: see store.c ----------------------------------------------------

-- :name begin
BEGIN;

-- :name commit
COMMIT;

-- :name rollback
ROLLBACK;

-- :name savepoint
SAVEPOINT step;

-- :name rollback_to_savepoint
ROLLBACK TO step;

-- :name release_savepoint
RELEASE step;

-- world ---------------------------------------------------------------------

-- :name world_make
INSERT INTO world (id, clock_mode, clock_base_ms, clock_wall_ms, secret)
    VALUES (1, :mode, :base_ms, :wall_ms, :secret);

-- A program that was started with a snapshot of an account has a world, of which that is all.
-- :name world_is_whole
UPDATE world SET account = NULL WHERE account IS NOT NULL;

-- :name world_drawn
SELECT drawn FROM world WHERE id = 1;

-- :name world_keep_drawn
UPDATE world SET drawn = :drawn WHERE id = 1;

-- What most calls need not look for, because mostly there is none.
-- :name fault_exists
SELECT EXISTS (SELECT 1 FROM fault);

-- :name clock_get
SELECT clock_mode = 'frozen', clock_base_ms, clock_wall_ms, clock_scale FROM world WHERE id = 1;

-- :name clock_set
UPDATE world SET clock_mode = :mode, clock_base_ms = :base_ms, clock_wall_ms = :wall_ms,
    clock_scale = :scale WHERE id = 1;

-- Bits: see world.h.
-- :name world_stays
SELECT EXISTS (SELECT 1 FROM setting)
    + 2 * EXISTS (SELECT 1 FROM account_setting WHERE :account IS NULL OR account = :account)
    + 4 * EXISTS (SELECT 1 FROM account_clock WHERE :account IS NULL OR account = :account)
    + 8 * EXISTS (SELECT 1 FROM fault) + 16 * EXISTS (SELECT 1 FROM outcome)
    + 32 * EXISTS (SELECT 1 FROM detection);

-- :name account_clock_count
SELECT count(*) FROM account_clock;

-- :name account_clock_all
SELECT clock_mode = 'frozen', clock_base_ms, clock_wall_ms, clock_scale, account FROM account_clock
    ORDER BY account;

-- :name account_clock_set
INSERT INTO account_clock (account, clock_mode, clock_base_ms, clock_wall_ms, clock_scale)
    VALUES (:account, :mode, :base_ms, :wall_ms, :scale)
    ON CONFLICT (account) DO UPDATE
    SET clock_mode = excluded.clock_mode, clock_base_ms = excluded.clock_base_ms,
        clock_wall_ms = excluded.clock_wall_ms, clock_scale = excluded.clock_scale;

-- :name account_clock_remove
DELETE FROM account_clock WHERE account = :account;

-- Of an account, or of all.
-- :name account_clock_remove_all
DELETE FROM account_clock WHERE :account IS NULL OR account = :account;

-- :name world_secret
SELECT secret FROM world WHERE id = 1;

-- reset: all or a scope; an ARN says whose it is ------------------------------

-- :name timer_reset
DELETE FROM timer
    WHERE (:account IS NULL OR arn LIKE 'arn:%:rekognition:%:' || :account || ':%')
      AND (:region IS NULL OR arn LIKE 'arn:%:rekognition:' || :region || ':%');

-- :name history_reset
DELETE FROM history
    WHERE (:account IS NULL OR arn LIKE 'arn:%:rekognition:%:' || :account || ':%')
      AND (:region IS NULL OR arn LIKE 'arn:%:rekognition:' || :region || ':%');

-- Outcomes that are for the scope alone: their text spells it out, between colons or stars.
-- :name outcome_reset
DELETE FROM outcome
    WHERE (:account IS NULL OR instr(replace(resource, '*', ':'), ':' || :account || ':'))
      AND (:region IS NULL OR instr(replace(resource, '*', ':'), ':' || :region || ':'));

-- :name breakpoint_in_scope
SELECT id FROM breakpoint
    WHERE (:account IS NULL OR instr(replace(resource, '*', ':'), ':' || :account || ':'))
      AND (:region IS NULL OR instr(replace(resource, '*', ':'), ':' || :region || ':'));

-- A fault for every account is of no account's part of the world, and stays.
-- :name fault_reset
DELETE FROM fault
    WHERE (:account IS NULL OR account = :account
           OR (account = '' AND instr(replace(resource, '*', ':'), ':' || :account || ':')))
      AND (:region IS NULL OR region = :region
           OR (region = '' AND instr(replace(resource, '*', ':'), ':' || :region || ':')));

-- As outcomes, but some are for an account.
-- :name detection_reset
DELETE FROM detection
    WHERE (:account IS NULL OR account = :account OR instr(replace(version, '*', ':'), ':' || :account || ':'))
      AND (:region IS NULL OR instr(replace(version, '*', ':'), ':' || :region || ':'));

-- None is of one region alone.
-- :name known_image_reset
DELETE FROM known_image WHERE :region IS NULL AND (:account IS NULL OR account = :account);

-- Likewise.
-- :name liveness_end_reset
DELETE FROM liveness_end WHERE :region IS NULL AND (:account IS NULL OR account = :account);

-- :name delivery_reset
DELETE FROM delivery
    WHERE (:account IS NULL OR arn LIKE 'arn:%:rekognition:%:' || :account || ':%')
      AND (:region IS NULL OR arn LIKE 'arn:%:rekognition:' || :region || ':%');

-- Nobody is of one account alone.
-- :name person_reset
DELETE FROM person WHERE :region IS NULL AND :account IS NULL;

-- None is of one region alone.
-- :name known_video_reset
DELETE FROM known_video WHERE :region IS NULL AND (:account IS NULL OR account = :account);

-- :name token_reset
DELETE FROM token
    WHERE (:account IS NULL OR account = :account) AND (:region IS NULL OR region = :region);

-- After the versions: what they used is kept when they go.
-- :name usage_reset
DELETE FROM usage
    WHERE (:account IS NULL OR account = :account) AND (:region IS NULL OR region = :region);

-- arrival -------------------------------------------------------------------

-- :name arrival_begin
INSERT INTO arrival (account, event, usage, image, video, person)
    VALUES (:account, :event, (SELECT coalesce(max(id), 0) FROM usage),
        (SELECT coalesce(max(id), 0) FROM known_image), (SELECT coalesce(max(id), 0) FROM known_video),
        (SELECT coalesce(max(id), 0) FROM person));

-- :name arrival_next
SELECT account, event, usage, image, video, person FROM arrival WHERE account > :after ORDER BY account LIMIT 1;

-- :name arrival_end
DELETE FROM arrival;

-- :name arrival_undo_history
DELETE FROM history WHERE id > :last AND arn LIKE 'arn:%:rekognition:%:' || :account || ':%';

-- :name arrival_undo_usage
DELETE FROM usage WHERE id > :last AND account = :account;

-- :name arrival_undo_images
DELETE FROM known_image WHERE id > :last;

-- :name arrival_undo_videos
DELETE FROM known_video WHERE id > :last;

-- :name arrival_undo_people
DELETE FROM person WHERE id > :last;

-- setting -------------------------------------------------------------------

-- :name setting_all
SELECT name, value, coalesce(most, value) FROM setting;

-- :name setting_set
INSERT INTO setting (name, value, most) VALUES (:name, :value, :most)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, most = excluded.most;

-- :name setting_draw
UPDATE setting SET draws = draws + 1 WHERE name = :name RETURNING draws;

-- :name setting_restore
DELETE FROM setting WHERE name = :name;

-- :name setting_restore_all
DELETE FROM setting;

-- What accounts have in place of them.
-- :name account_setting_exists
SELECT EXISTS (SELECT 1 FROM account_setting);

-- :name account_setting_get
SELECT value, coalesce(most, value) FROM account_setting WHERE account = :account AND name = :name;

-- :name account_setting_set
INSERT INTO account_setting (account, name, value, most) VALUES (:account, :name, :value, :most)
    ON CONFLICT (account, name) DO UPDATE SET value = excluded.value, most = excluded.most;

-- :name account_setting_draw
UPDATE account_setting SET draws = draws + 1 WHERE account = :account AND name = :name RETURNING draws;

-- :name account_setting_remove
DELETE FROM account_setting WHERE account = :account AND name = :name;

-- Of an account, or of all.
-- :name account_setting_remove_all
DELETE FROM account_setting WHERE :account IS NULL OR account = :account;

-- timer ---------------------------------------------------------------------

-- :columns timer
kind, arn, event, message, begun_ms, due_ms, clock, breakpoint, polls

-- :name timer_arm
INSERT INTO timer (kind, arn, event, message, begun_ms, due_ms, clock, polls, awaits)
    VALUES (:kind, :arn, :event, :message, :begun_ms, :due_ms, :clock, :polls, iif(:polls > 0, 4, 0))
    ON CONFLICT (kind, arn) DO UPDATE
    SET event = excluded.event, message = excluded.message, begun_ms = excluded.begun_ms,
        due_ms = excluded.due_ms, clock = excluded.clock, polls = excluded.polls,
        awaits = (awaits & ~4) | excluded.awaits;

-- :name timer_disarm
DELETE FROM timer WHERE kind = :kind AND arn = :arn;

-- :name timer_await
UPDATE timer SET awaits = (awaits & ~1) | :awaits WHERE kind = :kind AND arn = :arn;

-- The answer that ends it makes it due.
-- :name timer_poll
UPDATE timer SET polls = polls - 1, awaits = iif(polls = 1, awaits & ~4, awaits), due_ms = iif(polls = 1, :now, due_ms)
    WHERE kind = :kind AND arn = :arn AND polls > 0;

-- :name timer_that_polls
SELECT {timer} FROM timer WHERE polls > 0 AND (kind, arn) > (:kind, :arn) ORDER BY kind, arn LIMIT 1;

-- :name timer_hold
UPDATE timer SET awaits = awaits | 2, breakpoint = :breakpoint WHERE kind = :kind AND arn = :arn;

-- :name timer_release
UPDATE timer SET awaits = awaits & ~2, due_ms = max(due_ms, :now) WHERE kind = :kind AND arn = :arn;

-- Of an account that was brought back without the breakpoint, which is for others, too.
-- :name timer_let_go
UPDATE timer SET awaits = awaits & ~2 WHERE breakpoint IS NOT NULL AND breakpoint NOT IN (SELECT id FROM breakpoint);

-- :name timer_held
SELECT {timer} FROM timer
    WHERE breakpoint = :breakpoint AND (kind, arn) > (:kind, :arn) AND (awaits & 2) > 0
    ORDER BY kind, arn LIMIT 1;

-- :name timer_next
SELECT {timer} FROM timer
    WHERE awaits = 0 AND clock = :clock ORDER BY due_ms, kind, arn LIMIT 1;

-- What is kept for a while comes behind what is under way, mostly.
-- :name timer_next_end
SELECT due_ms FROM timer WHERE awaits = 0 AND clock = :clock AND event NOT IN ('forget', 'expire')
    ORDER BY due_ms LIMIT 1;

-- :name timer_first_due
SELECT due_ms FROM timer WHERE awaits = 0 AND clock = :clock ORDER BY due_ms LIMIT 1;

-- :name timer_set_clock
UPDATE timer SET clock = :clock WHERE arn LIKE 'arn:%:rekognition:%:' || :account || ':%';

-- What is pending in an account is due so much later.
-- :name timer_move
UPDATE timer SET begun_ms = max(0, min(begun_ms + :by, :end)), due_ms = max(0, min(due_ms + :by, :end))
    WHERE arn LIKE 'arn:%:rekognition:%:' || :account || ':%';

-- Also of those that await work: each kind has an index of its own.
-- :name timer_after
SELECT * FROM (SELECT {timer} FROM timer
        WHERE awaits = 0 AND (clock, due_ms, kind, arn) > (:clock, :due_ms, :kind, :arn)
        ORDER BY clock, due_ms, kind, arn LIMIT 1)
UNION ALL
SELECT * FROM (SELECT {timer} FROM timer
        WHERE awaits > 0 AND (clock, due_ms, kind, arn) > (:clock, :due_ms, :kind, :arn)
        ORDER BY clock, due_ms, kind, arn LIMIT 1)
ORDER BY clock, due_ms, kind, arn LIMIT 1;

-- :name timer_find
SELECT {timer} FROM timer WHERE kind = :kind AND arn = :arn;

-- :name timer_count
SELECT count(*) FROM timer WHERE awaits = 0 AND clock >= '';

-- outcome -------------------------------------------------------------------

-- :columns outcome
id, resource, event, message, coalesce(after_ms, -1) AS after_ms, times, hits, probability, matches

-- :name outcome_add
INSERT INTO outcome (resource, event, message, after_ms, times, probability)
    VALUES (:resource, :event, :message, :after_ms, :times, :probability);

-- :name outcome_find
SELECT {outcome} FROM outcome WHERE id = :id;

-- :name outcome_next
SELECT {outcome} FROM outcome
    WHERE id > :after ORDER BY id LIMIT 1;

-- :name outcome_waiting
SELECT {outcome} FROM outcome
    WHERE event = :event AND hits < times ORDER BY id;

-- :name outcome_count
UPDATE outcome SET matches = matches + 1, hits = hits + :hit WHERE id = :id;

-- :name outcome_remove
DELETE FROM outcome WHERE id = :id;

-- breakpoint ----------------------------------------------------------------

-- :columns breakpoint
id, resource, event, times, hits

-- :name breakpoint_add
INSERT INTO breakpoint (resource, event, times) VALUES (:resource, :event, :times);

-- :name breakpoint_find
SELECT {breakpoint} FROM breakpoint WHERE id = :id;

-- :name breakpoint_next
SELECT {breakpoint} FROM breakpoint WHERE id > :after ORDER BY id LIMIT 1;

-- :name breakpoint_waiting
SELECT {breakpoint} FROM breakpoint WHERE event = :event AND hits < times ORDER BY id;

-- :name breakpoint_hit
UPDATE breakpoint SET hits = hits + 1 WHERE id = :id;

-- :name breakpoint_remove
DELETE FROM breakpoint WHERE id = :id;

-- work ----------------------------------------------------------------------

-- :columns work
id, kind, arn, task, what, partner

-- What is to be done anew, or taken back, is another work: whoever has seen the one before looks for it.
-- :name work_set
INSERT OR REPLACE INTO work (kind, arn, task, what, undo, partner)
    VALUES (:kind, :arn, :task, :what, :undo, :partner);

-- :name work_undo
INSERT OR REPLACE INTO work (kind, arn, task, what, undo, partner)
    SELECT kind, arn, undo, what, NULL, partner FROM work WHERE kind = :kind AND arn = :arn;

-- :name work_next
SELECT {work} FROM work
    WHERE id > :after AND task IS NOT NULL ORDER BY id LIMIT 1;

-- :name work_find
SELECT task, undo, partner FROM work WHERE kind = :kind AND arn = :arn;

-- :name work_is
SELECT 1 FROM work WHERE id = :id;

-- :name work_remove
DELETE FROM work WHERE kind = :kind AND arn = :arn AND undo IS NULL;

-- :name work_keep
UPDATE work SET task = NULL, what = NULL WHERE kind = :kind AND arn = :arn;

-- history -------------------------------------------------------------------

-- :columns history
id, at_ms, kind, arn, event, "from", "to", cause

-- :name history_add
INSERT INTO history (at_ms, kind, arn, event, "from", "to", cause)
    VALUES (:at_ms, :kind, :arn, :event, :from, :to, :cause);

-- A few at a time: there are many when the limit was lowered, or ids made a leap.
-- :name history_trim
DELETE FROM history
    WHERE id IN (SELECT id FROM history WHERE id <= :id ORDER BY id LIMIT 1000);

-- :name history_last
SELECT seq FROM sqlite_sequence WHERE name = 'history';

-- :name history_go_on
UPDATE sqlite_sequence SET seq = max(seq, :id) WHERE name = 'history';

-- :name history_begin
INSERT INTO sqlite_sequence (name, seq) VALUES ('history', :id);

-- :name history_knows
SELECT 1 FROM history WHERE arn = :arn LIMIT 1;

-- :name history_next
SELECT {history} FROM history
    WHERE id > :after ORDER BY id LIMIT 1;

-- :name history_next_of_arn
SELECT {history} FROM history
    WHERE arn = :arn AND id > :after ORDER BY id LIMIT 1;

-- delivery ------------------------------------------------------------------

-- :columns delivery
id, at_ms, arn, kind, target, type, body, state, tries, why

-- :name delivery_add
INSERT INTO delivery (at_ms, arn, kind, target, type, body, state)
    VALUES (:at_ms, :arn, :kind, :target, :type, :body, :state);

-- :name delivery_next
SELECT {delivery} FROM delivery
    WHERE id > :after AND (:kind IS NULL OR kind = :kind) ORDER BY id LIMIT 1;

-- :name delivery_next_of_arn
SELECT {delivery} FROM delivery
    WHERE arn = :arn AND id > :after AND (:kind IS NULL OR kind = :kind) ORDER BY id LIMIT 1;

-- :name delivery_to_send
SELECT {delivery} FROM delivery
    WHERE state = 'WAITING' AND kind = :kind AND id > :after ORDER BY id LIMIT 1;

-- :name delivery_find
SELECT {delivery} FROM delivery WHERE id = :id AND state = 'WAITING';

-- :name delivery_try
UPDATE delivery SET tries = tries + 1, state = :state, why = :why WHERE id = :id AND state = 'WAITING';

-- :name delivery_count
SELECT kind, state, count(*) FROM delivery GROUP BY kind, state;

-- A few at a time, as of the history; none that is still to be sent.
-- :name delivery_trim
DELETE FROM delivery
    WHERE id IN (SELECT id FROM delivery WHERE id <= :id AND state <> 'WAITING' ORDER BY id LIMIT 1000);

-- fault ---------------------------------------------------------------------

-- :columns fault
id, operation, account, region, resource, skip, coalesce(times, -1) AS times, probability, delay_ms,
error, message, status, wire, matches, hits

-- :name fault_add
INSERT INTO fault (operation, account, region, resource, skip, times, probability, delay_ms, error,
        message, status, wire)
    VALUES (:operation, :account, :region, :resource, :skip, :times, :probability, :delay_ms, :error,
        :message, :status, :wire);

-- :name fault_live
SELECT {fault} FROM fault
    WHERE operation IN (:operation, '*') AND account IN (:account, '') AND region IN (:region, '')
      AND (times IS NULL OR hits < times)
    ORDER BY id;

-- :name fault_next
SELECT {fault} FROM fault WHERE id > :after ORDER BY id LIMIT 1;

-- :name fault_count
UPDATE fault SET matches = matches + 1, hits = hits + :struck WHERE id = :id;

-- :name fault_remove
DELETE FROM fault WHERE id = :id;

-- detection -----------------------------------------------------------------

-- :columns detection
id, version, s3, error, sha256, labels, message, coalesce(times, -1) AS times, hits, operation, account, answer,
target_sha256, target_s3

-- :name detection_add
INSERT INTO detection (version, sha256, s3, labels, error, message, times, operation, account, answer, target_sha256, target_s3)
    VALUES (:version, :sha256, :s3, :labels, :error, :message, :times, :operation, :account, :answer, :target_sha256, :target_s3);

-- :name detection_next
SELECT {detection} FROM detection WHERE id > :after ORDER BY id LIMIT 1;

-- :name detection_of_bytes
SELECT {detection} FROM detection
    WHERE sha256 = :sha256 AND (times IS NULL OR hits < times) ORDER BY s3 IS NULL, id DESC;

-- Without a name, those for one need not be looked at.
-- :name detection_of_any_bytes
SELECT {detection} FROM detection
    WHERE sha256 IS NULL AND (s3 IS NULL) >= :nameless AND (times IS NULL OR hits < times)
    ORDER BY s3 IS NULL, id DESC;

-- :name detection_knows_bytes
SELECT EXISTS (SELECT 1 FROM detection WHERE sha256 > '' AND (times IS NULL OR hits < times))
    OR EXISTS (SELECT 1 FROM detection WHERE target_sha256 > '' AND (times IS NULL OR hits < times));

-- :name detection_hit
UPDATE detection SET hits = hits + 1 WHERE id = :id;

-- :name detection_remove
DELETE FROM detection WHERE id = :id;

-- known_image ---------------------------------------------------------------

-- :name known_image_add
INSERT INTO known_image (account, sha256, s3, looks, shows) VALUES (:account, :sha256, :s3, :looks, :shows);

-- :columns known_image
id, account, sha256, s3, looks, shows

-- :name known_image_next
SELECT {known_image} FROM known_image WHERE id > :after ORDER BY id LIMIT 1;

-- :name known_image_of_bytes
SELECT {known_image} FROM known_image
    WHERE sha256 = :sha256 AND (account IS NULL OR account = :account) ORDER BY account IS NULL, id DESC;

-- :name known_image_of_any_bytes
SELECT {known_image} FROM known_image
    WHERE sha256 IS NULL AND looks IS NULL AND (account IS NULL OR account = :account)
    ORDER BY account IS NULL, id DESC;

-- Mostly there is none, and an image need not be decoded.
-- :name known_image_has_looks
SELECT EXISTS (SELECT 1 FROM known_image WHERE looks IS NOT NULL AND (account IS NULL OR account = :account));

-- :name known_image_by_looks
SELECT {known_image} FROM known_image
    WHERE looks IS NOT NULL AND (account IS NULL OR account = :account) ORDER BY account IS NULL, id DESC;

-- :name known_image_remove
DELETE FROM known_image WHERE id = :id;

-- known_video ---------------------------------------------------------------

-- :name known_video_add
INSERT INTO known_video (account, s3, film) VALUES (:account, :s3, :film);

-- :columns known_video
id, account, s3, film

-- :name known_video_next
SELECT {known_video} FROM known_video WHERE id > :after ORDER BY id LIMIT 1;

-- :name known_video_for
SELECT {known_video} FROM known_video
    WHERE account IS NULL OR account = :account ORDER BY account IS NULL, id DESC;

-- :name known_video_remove
DELETE FROM known_video WHERE id = :id;

-- person --------------------------------------------------------------------

-- :name person_add
INSERT INTO person (name, celebrity, celebrity_id, resembles) VALUES (:name, :celebrity, :celebrity_id, :resembles);

-- :columns person
id, name, celebrity, celebrity_id, resembles

-- :name person_next
SELECT {person} FROM person WHERE id > :after ORDER BY id LIMIT 1;

-- :name person_of_name
SELECT {person} FROM person WHERE name = :name ORDER BY id DESC LIMIT 1;

-- Those who were declared to look like somebody: their name in quotation marks. Of one name the newest counts.
-- :name person_like
SELECT {person} FROM person INDEXED BY person_that_resembles
    WHERE resembles <> '[]' AND instr(resembles, :quoted) AND id > :after
      AND id = (SELECT max(id) FROM person newest WHERE newest.name = person.name)
    ORDER BY id LIMIT 1;

-- :name person_of_celebrity
SELECT {person} FROM person WHERE celebrity_id = :celebrity_id ORDER BY id DESC LIMIT 1;

-- :name person_remove
DELETE FROM person WHERE id = :id;

-- liveness ------------------------------------------------------------------

-- :columns liveness
id, arn, account, region, name, status, request, token, created_ms, entered_ms, writes, checks, told,
coalesce(confidence, -1) AS confidence, person, reference

-- :name liveness_add
INSERT INTO liveness (arn, account, region, name, status, request, token, created_ms, writes, checks, told, confidence, person, reference)
    VALUES (:arn, :account, :region, :name, 'NONE', :request, :token, :created_ms, :writes, :checks, :told, :confidence, :person, :reference);

-- :name liveness_find
SELECT {liveness} FROM liveness WHERE arn = :arn;

-- :name liveness_of_name
SELECT {liveness} FROM liveness WHERE account = :account AND region = :region AND name = :name;

-- :name liveness_of_token
SELECT {liveness} FROM liveness WHERE account = :account AND region = :region AND token = :token;

-- :name liveness_next
SELECT {liveness} FROM liveness
    WHERE account = :account AND region = :region AND id > :after ORDER BY id LIMIT 1;

-- Those whose end nobody has told, or, when it is named, one whose check is not over.
-- :name liveness_under_way
SELECT {liveness} FROM liveness
    WHERE status IN ('CREATED', 'IN_PROGRESS') AND id > :after AND (:account IS NULL OR account = :account)
      AND iif(:session IS NULL, NOT told, name = :session)
    ORDER BY id LIMIT 1;

-- :name liveness_set_checks
UPDATE liveness SET checks = :checks WHERE arn = :arn;

-- :name liveness_tell
UPDATE liveness SET told = :told, confidence = :confidence, person = :person, reference = :reference
    WHERE arn = :arn;

-- A check that is not to end by itself has no end here.
-- :name liveness_pass_due
SELECT created_ms + :usual FROM liveness WHERE arn = :arn AND checks;

-- :name liveness_expire_due
SELECT created_ms + :usual FROM liveness WHERE arn = :arn;

-- :columns liveness_end
id, account, session, status, coalesce(confidence, -1) AS confidence, person, reference,
coalesce(after_ms, -1) AS after_ms, times, hits

-- :name liveness_end_add
INSERT INTO liveness_end (account, session, status, confidence, person, reference, after_ms, times)
    VALUES (:account, :session, :status, :confidence, :person, :reference, :after_ms, :times);

-- :name liveness_end_next
SELECT {liveness_end} FROM liveness_end WHERE id > :after ORDER BY id LIMIT 1;

-- :name liveness_end_for
SELECT {liveness_end} FROM liveness_end
    WHERE session IN (:session, '*') AND hits < times AND (account IS NULL OR account = :account)
    ORDER BY session = '*', id LIMIT 1;

-- :name liveness_end_hit
UPDATE liveness_end SET hits = hits + 1 WHERE id = :id;

-- :name liveness_end_remove
DELETE FROM liveness_end WHERE id = :id;

-- project -------------------------------------------------------------------

-- :columns project
id, arn, account, region, name, status, feature, auto_update, created_ms, entered_ms

-- :name project_add
INSERT INTO project (arn, account, region, name, status, feature, auto_update, created_ms)
    VALUES (:arn, :account, :region, :name, 'NONE', :feature, :auto_update, :created_ms);

-- :name project_id_of_name
SELECT id FROM project WHERE account = :account AND region = :region AND name = :name;

-- :name project_last
SELECT max(id) FROM project;

-- :name project_count
SELECT projects FROM project_total WHERE account = :account AND region = :region;

-- :name project_find
SELECT {project} FROM project WHERE arn = :arn;

-- The features wanted are a JSON list; none has a quotation mark in it, so that to find one in
-- its marks is to find it in the list.
-- :name project_list
SELECT {project} FROM project
    WHERE account = :account AND region = :region AND (created_ms, id) < (:after, :after_id)
      AND (:features IS NULL OR instr(:features, '"' || feature || '"'))
    ORDER BY created_ms DESC, id DESC LIMIT :limit;

-- A few, by their names; what has a + is not to be looked for in an index.
-- :name project_list_named
SELECT {project} FROM project
    WHERE account = :account AND region = :region AND (+created_ms, +id) < (:after, :after_id)
      AND name IN (SELECT value FROM json_each(:names))
      AND (:features IS NULL OR instr(:features, '"' || feature || '"'))
    ORDER BY +created_ms DESC, +id DESC LIMIT :limit;

-- :name project_named
SELECT {project} FROM project WHERE account = :account AND region = :region AND name = :name;

-- All projects of all accounts, in an order that a restart does not change.
-- :name project_next
SELECT {project} FROM project
    WHERE (account, region, created_ms, id) > (:account, :region, :created_ms, :id)
      AND (:of_account IS NULL OR account = :of_account)
      AND (:of_region IS NULL OR region = :of_region)
    ORDER BY account, region, created_ms, id LIMIT 1;

-- project_version -----------------------------------------------------------

-- :columns project_version
id, arn, project_id, account, region, name, feature, status, status_message, created_ms,
trained_ms, min_units, max_units, units, description, kms_key_id, output_bucket,
output_prefix, training_data, testing_data, feature_config, source_arn,
completed, f1_score, entered_ms, model_id, validated, uses_datasets

-- :name project_version_add
INSERT INTO project_version (arn, project_id, account, region, name, feature, status, created_ms,
        entered_ms, description, kms_key_id, output_bucket, output_prefix, training_data,
        testing_data, feature_config, source_arn, model_id, f1_score, uses_datasets)
    VALUES (:arn, :project_id, :account, :region, :name, :feature, 'NONE', :created_ms,
        :created_ms, :description, :kms_key_id, :output_bucket, :output_prefix, :training_data,
        :testing_data, :feature_config, :source_arn, :model_id, :f1_score, :uses_datasets);

-- :name project_version_id_of_name
SELECT id FROM project_version WHERE project_id = :project_id AND name = :name;

-- :name project_version_count
SELECT count(*) FROM project_version WHERE project_id = :project_id;

-- :name project_version_count_training
SELECT count(*) FROM project_version
    WHERE account = :account AND region = :region AND status = 'TRAINING_IN_PROGRESS';

-- :name project_version_count_copying
SELECT count(*) FROM project_version
    WHERE account = :account AND region = :region AND status = 'COPYING_IN_PROGRESS';

-- That STOPPING still counts (its units are not yet free) is a guess.
-- :name project_version_count_running
SELECT
    (SELECT count(*) FROM project_version
        WHERE status = 'STARTING' AND account = :account AND region = :region) +
    (SELECT count(*) FROM project_version
        WHERE status = 'RUNNING' AND account = :account AND region = :region) +
    (SELECT count(*) FROM project_version
        WHERE status = 'STOPPING' AND account = :account AND region = :region);

-- The models are what is left without the adapters, of which there are few.
-- :name project_version_count_in
SELECT count(*) - (SELECT count(*) FROM project_version INDEXED BY adapter_by_status
                   WHERE status = :status AND feature = 'CONTENT_MODERATION')
    FROM project_version WHERE status = :status;

-- :name adapter_count_in
SELECT count(*) FROM project_version INDEXED BY adapter_by_status
    WHERE status = :status AND feature = 'CONTENT_MODERATION';

-- :name project_version_units
SELECT coalesce(sum(units), 0) FROM project_version WHERE status = 'RUNNING';

-- With the lifecycle that it follows.
-- :name project_version_status
SELECT status, iif(feature = 'CONTENT_MODERATION', 'adapter', 'project_version') FROM project_version
    WHERE arn = :arn;

-- :name project_version_find
SELECT {project_version} FROM project_version WHERE arn = :arn;

-- :name project_version_list
SELECT {project_version} FROM project_version
    WHERE project_id = :project_id AND (created_ms, id) < (:after, :after_id)
    ORDER BY created_ms DESC, id DESC LIMIT :limit;

-- A few, by their names: a JSON list. What has a + is not to be looked for in an index.
-- :name project_version_list_named
SELECT {project_version} FROM project_version
    WHERE project_id = :project_id AND (+created_ms, +id) < (:after, :after_id)
      AND name IN (SELECT value FROM json_each(:names))
    ORDER BY +created_ms DESC, +id DESC LIMIT :limit;

-- One, by its name: all of the JSON list between its marks.
-- :name project_version_list_one
SELECT {project_version} FROM project_version
    WHERE project_id = :project_id AND (created_ms, id) < (:after, :after_id)
      AND name = substr(:names, 3, length(:names) - 4)
    LIMIT :limit;

-- :name project_version_next
SELECT {project_version} FROM project_version
    WHERE project_id = :project_id AND (created_ms, id) > (:created_ms, :id)
    ORDER BY created_ms, id LIMIT 1;

-- Units come into service when it runs and leave it with the next state; training ends once.
-- :name project_version_set_status
UPDATE project_version
    SET status = :status, status_message = :message, entered_ms = :now,
        units = CASE WHEN :status = 'RUNNING' THEN min_units ELSE 0 END,
        completed = completed OR :status IN ('TRAINING_COMPLETED', 'COPYING_COMPLETED'),
        trained_ms = CASE WHEN status = 'TRAINING_IN_PROGRESS' THEN :now ELSE trained_ms END
    WHERE arn = :arn;

-- What training found out; the score of one that fails stays unseen.
-- :name project_version_judge
UPDATE project_version SET f1_score = :f1_score, validated = :validated WHERE arn = :arn;

-- What a version that is placed has been through; its status was written before.
-- :name project_version_place
UPDATE project_version SET completed = :completed, validated = :validated, trained_ms = :trained_ms,
        units = :units
    WHERE arn = :arn;

-- :name project_version_set_units
UPDATE project_version SET min_units = :min_units, max_units = :max_units WHERE arn = :arn;

-- :name project_version_scale
UPDATE project_version SET units = :units, scaled_ms = :now WHERE arn = :arn;

-- version_image -------------------------------------------------------------

-- :name version_image_add
INSERT INTO version_image (model_id, source_ref, sha256, labels)
    VALUES (:model_id, :source_ref, :sha256, :labels)
    ON CONFLICT (model_id, source_ref) DO UPDATE
    SET sha256 = coalesce(excluded.sha256, sha256), labels = excluded.labels;

-- :name version_image_of_digest
SELECT source_ref, sha256, labels FROM version_image
    WHERE model_id = :model_id AND sha256 = :sha256 ORDER BY source_ref LIMIT 1;

-- :name version_image_of_source
SELECT source_ref, sha256, labels FROM version_image
    WHERE model_id = :model_id AND source_ref = :source_ref;

-- :name version_image_has_digests
SELECT EXISTS (SELECT 1 FROM version_image WHERE model_id = :model_id AND sha256 > '');

-- :name version_image_next
SELECT source_ref, sha256, labels FROM version_image
    WHERE model_id = :model_id AND source_ref > :after ORDER BY source_ref LIMIT 1;

-- A version that is being deleted itself will not ask for them.
-- :name version_image_is_last
SELECT EXISTS (SELECT 1 FROM version_image WHERE model_id = :model_id)
    AND NOT EXISTS (SELECT 1 FROM project_version
        WHERE model_id = :model_id AND id <> :version_id AND status <> 'DELETING');

-- :name version_image_forget
DELETE FROM version_image WHERE model_id = :model_id AND source_ref IN
    (SELECT source_ref FROM version_image WHERE model_id = :model_id ORDER BY source_ref LIMIT :limit);

-- :name version_label_set
INSERT INTO version_label (model_id, name, threshold) VALUES (:model_id, :name, :threshold)
    ON CONFLICT (model_id, name) DO UPDATE SET threshold = excluded.threshold;

-- :name version_label_threshold
SELECT threshold FROM version_label WHERE model_id = :model_id AND name = :name;

-- :name version_label_next
SELECT name, threshold FROM version_label
    WHERE model_id = :model_id AND name > :after ORDER BY name LIMIT 1;

-- demand --------------------------------------------------------------------

-- :name demand_add
INSERT INTO demand (arn, window, calls, peak) VALUES (:arn, :window, 1, 1)
    ON CONFLICT (arn) DO UPDATE
    SET calls = CASE WHEN window = excluded.window THEN calls + 1 ELSE 1 END,
        peak = max(peak, CASE WHEN window = excluded.window THEN calls + 1 ELSE 1 END),
        window = excluded.window
    RETURNING calls;

-- :name demand_of_running
SELECT v.units, v.min_units, coalesce(v.max_units, v.min_units), coalesce(d.peak, 0)
    FROM project_version v LEFT JOIN demand d ON d.arn = v.arn
    WHERE v.arn = :arn AND v.status = 'RUNNING';

-- :name demand_place
INSERT INTO demand (arn, window, calls, peak) VALUES (:arn, 0, 0, :peak);

-- :name demand_peak
SELECT peak FROM demand WHERE arn = :arn;

-- :name demand_forget
UPDATE demand SET peak = 0 WHERE arn = :arn;

-- usage ---------------------------------------------------------------------

-- :columns usage
u.id, u.arn, u.account, u.region, u.running_ms, u.unit_ms, u.training_ms, u.calls,
u.throttled_calls, v.units, max(v.entered_ms, v.scaled_ms) AS since_ms, v.status, v.entered_ms

-- :name usage_call
UPDATE usage SET calls = calls + 1, throttled_calls = throttled_calls + :throttled WHERE arn = :arn;

-- :name usage_next
SELECT {usage} FROM usage u LEFT JOIN project_version v ON v.arn = u.arn
    WHERE u.id > :after ORDER BY u.id LIMIT 1;

-- :name usage_next_of_arn
SELECT {usage} FROM usage u LEFT JOIN project_version v ON v.arn = u.arn
    WHERE u.arn = :arn AND u.id > :after;

-- dataset -------------------------------------------------------------------

-- While a step is in progress the figures are those of before.
-- :columns dataset
id, arn, project_id, account, region, type, status, status_message, created_ms, entered_ms,
CASE WHEN status LIKE '%_IN_PROGRESS' THEN shown ->> 0 ELSE entries END AS entries,
CASE WHEN status LIKE '%_IN_PROGRESS' THEN shown ->> 1 ELSE labeled END AS labeled,
CASE WHEN status LIKE '%_IN_PROGRESS' THEN shown ->> 2 ELSE erroneous END AS erroneous,
CASE WHEN status LIKE '%_IN_PROGRESS' THEN shown ->> 3 ELSE labels END AS labels,
source_arn, step

-- :name dataset_add
INSERT INTO dataset (arn, project_id, account, region, type, status, created_ms, entered_ms,
        source_arn)
    VALUES (:arn, :project_id, :account, :region, :type, 'NONE', :created_ms, :created_ms,
        :source_arn);

-- :name dataset_find
SELECT {dataset} FROM dataset WHERE arn = :arn;

-- :name dataset_list
SELECT {dataset} FROM dataset WHERE project_id = :project_id ORDER BY type;

-- :name dataset_count
SELECT count(*) FROM dataset WHERE project_id = :project_id;

-- :name dataset_id_of_type
SELECT id FROM dataset WHERE project_id = :project_id AND type = :type;

-- :name dataset_statuses
SELECT arn, status FROM dataset WHERE project_id = :project_id;

-- One made after a training began is not what that is trained with.
-- :name dataset_trains
SELECT 1 FROM dataset d JOIN project_version v ON v.project_id = d.project_id
    WHERE d.id = :id AND v.status = 'TRAINING_IN_PROGRESS' AND v.uses_datasets LIMIT 1;

-- :name dataset_is_copied
SELECT 1 FROM dataset WHERE source_arn = :arn AND status = 'CREATE_IN_PROGRESS' LIMIT 1;

-- :name dataset_begin_step
UPDATE dataset SET shown = json_array(entries, labeled, erroneous, labels), step = :step WHERE id = :id;

-- :name dataset_set_shown
UPDATE dataset SET shown = json_array(:entries, :labeled, :erroneous, :labels) WHERE id = :id;

-- :name dataset_figures
SELECT entries, labels FROM dataset WHERE id = :id;

-- entries of a dataset ------------------------------------------------------

-- :name dataset_entry_add
INSERT OR IGNORE INTO dataset_entry (dataset_id, source_ref, line, is_labeled, has_errors, errors,
        labels)
    VALUES (:dataset_id, :source_ref, :line, :is_labeled, :has_errors, :errors, :labels);

-- :name dataset_entry_id
SELECT id, step FROM dataset_entry WHERE dataset_id = :dataset_id AND source_ref = :source_ref;

-- :name dataset_entry_keep
INSERT OR REPLACE INTO dataset_entry_before (id, dataset_id, line, is_labeled, has_errors, errors, labels)
    SELECT id, dataset_id, line, is_labeled, has_errors, errors, labels FROM dataset_entry
    WHERE id = :id;

-- :name dataset_entry_replace
UPDATE dataset_entry SET line = :line, is_labeled = :is_labeled, has_errors = :has_errors,
        errors = :errors, labels = :labels, step = :step
    WHERE id = :id;

-- :name dataset_entry_mark
UPDATE dataset_entry SET step = :step WHERE dataset_id = :dataset_id AND source_ref = :source_ref;

-- :name dataset_entry_next_of_step
SELECT id, EXISTS (SELECT 1 FROM dataset_entry_before b WHERE b.id = e.id)
    FROM dataset_entry e WHERE dataset_id = :dataset_id AND step > 0 AND step = :step
    ORDER BY id LIMIT :limit;

-- :name dataset_entry_next_of_earlier
SELECT id, EXISTS (SELECT 1 FROM dataset_entry_before b WHERE b.id = e.id)
    FROM dataset_entry e WHERE dataset_id = :dataset_id AND step > 0 AND step < :step
    ORDER BY step, id LIMIT :limit;

-- :name dataset_entry_settle
UPDATE dataset_entry SET step = 0 WHERE id = :id;

-- :name dataset_entry_forget
DELETE FROM dataset_entry_before WHERE id = :id;

-- :name dataset_entry_restore
UPDATE dataset_entry
    SET (line, is_labeled, has_errors, errors, labels, step) =
        (SELECT line, is_labeled, has_errors, errors, labels, 0 FROM dataset_entry_before b
         WHERE b.id = :id)
    WHERE id = :id;

-- :name dataset_entry_drop
DELETE FROM dataset_entry WHERE id = :id;

-- :name dataset_entry_drop_some
DELETE FROM dataset_entry WHERE id IN
    (SELECT id FROM dataset_entry WHERE dataset_id = :dataset_id ORDER BY id LIMIT :limit);

-- :name dataset_entry_copy_some
INSERT OR IGNORE INTO dataset_entry (dataset_id, source_ref, line, is_labeled, has_errors, errors,
        labels)
    SELECT :dataset_id, source_ref, line, is_labeled, has_errors, errors, labels FROM dataset_entry
    WHERE dataset_id = :from_id AND id > :after AND id <= :last ORDER BY id;

-- :name dataset_entry_last_of_some
SELECT max(id) FROM
    (SELECT id FROM dataset_entry WHERE dataset_id = :dataset_id AND id > :after
     ORDER BY id LIMIT :limit);

-- :name dataset_entry_move
UPDATE dataset_entry SET dataset_id = :dataset_id, step = 0 WHERE id = :id;

-- :name dataset_entry_move_some
UPDATE dataset_entry SET dataset_id = :dataset_id, step = 0 WHERE id IN
    (SELECT id FROM dataset_entry WHERE dataset_id = :from_id ORDER BY id LIMIT :limit);

-- The first label decides where an entry belongs; 0 for none.
-- :name dataset_entry_first_labels
SELECT id, coalesce((SELECT l.id FROM dataset_label l
                     WHERE l.dataset_id = e.dataset_id AND l.name = (SELECT key FROM json_each(e.labels) LIMIT 1)), 0)
    FROM dataset_entry e WHERE dataset_id = :dataset_id AND id > :after ORDER BY id LIMIT :limit;

-- :name dataset_entry_any
SELECT source_ref FROM dataset_entry WHERE dataset_id = :dataset_id LIMIT 1;

-- :name dataset_entry_list
SELECT id, line, is_labeled, errors FROM dataset_entry
    WHERE dataset_id = :dataset_id AND id > :after
      AND (:labeled IS NULL OR is_labeled = :labeled)
      AND (:has_errors IS NULL OR has_errors = :has_errors)
      AND (:contains IS NULL OR instr(source_ref, :contains) > 0)
    ORDER BY id LIMIT :limit;

-- :name dataset_entry_list_of_labels
SELECT id, line, is_labeled, errors FROM dataset_entry
    WHERE id IN (SELECT x.entry_id FROM dataset_label l JOIN dataset_entry_label x ON x.label_id = l.id
                 WHERE l.dataset_id = :dataset_id AND x.entry_id > :after
                   AND l.name IN (SELECT value FROM json_each(:labels)))
      AND (:labeled IS NULL OR is_labeled = :labeled)
      AND (:has_errors IS NULL OR has_errors = :has_errors)
      AND (:contains IS NULL OR instr(source_ref, :contains) > 0)
    ORDER BY id LIMIT :limit;

-- labels of a dataset -------------------------------------------------------

-- :name dataset_label_list
SELECT id, name, entries, boxes FROM dataset_label
    WHERE dataset_id = :dataset_id AND id > :after ORDER BY id LIMIT :limit;

-- :name dataset_label_least
SELECT coalesce(min(entries), 0) FROM dataset_label WHERE dataset_id = :dataset_id;

-- video_job -----------------------------------------------------------------

-- :columns video_job
id, arn, account, region, job_id, api, status, status_message, created_ms, entered_ms, request, token,
container, found

-- :name video_job_add
INSERT INTO video_job (arn, account, region, job_id, api, status, created_ms, entered_ms, request, token, found)
    VALUES (:arn, :account, :region, :job_id, :api, 'NONE', :created_ms, :created_ms, :request, :token, :found);

-- :name video_job_find
SELECT {video_job} FROM video_job WHERE arn = :arn;

-- :name video_job_of_id
SELECT {video_job} FROM video_job WHERE account = :account AND region = :region AND job_id = :job_id;

-- :name video_job_of_token
SELECT {video_job} FROM video_job
    WHERE account = :account AND region = :region AND api = :api AND token = :token AND created_ms > :after
    ORDER BY created_ms DESC LIMIT 1;

-- :name video_job_count_open
SELECT jobs FROM open_jobs WHERE account = :account AND region = :region AND kind = 'video_job';

-- :name video_job_set_container
UPDATE video_job SET container = :container WHERE arn = :arn;

-- :name video_job_set_found
UPDATE video_job SET found = :found WHERE arn = :arn;

-- :name video_job_next
SELECT {video_job} FROM video_job
    WHERE (account, region, created_ms, id) > (:account, :region, :created_ms, :id)
      AND (:of_account IS NULL OR account = :of_account)
      AND (:of_region IS NULL OR region = :of_region)
    ORDER BY account, region, created_ms, id LIMIT 1;

-- media_job -----------------------------------------------------------------

-- :columns media_job
id, arn, account, region, job_id, status, status_message, entered_ms, created_ms, request, denied

-- :name media_job_add
INSERT INTO media_job (arn, account, region, job_id, status, created_ms, entered_ms, request, denied)
    VALUES (:arn, :account, :region, :job_id, 'NONE', :created_ms, :created_ms, :request, :denied);

-- :name media_job_find
SELECT {media_job} FROM media_job WHERE arn = :arn;

-- :name media_job_of_id
SELECT {media_job} FROM media_job WHERE account = :account AND region = :region AND job_id = :job_id;

-- :name media_job_count_open
SELECT jobs FROM open_jobs WHERE account = :account AND region = :region AND kind = 'media_job';

-- :name media_job_list
SELECT {media_job} FROM media_job
    WHERE account = :account AND region = :region AND (created_ms, id) < (:after, :after_id)
    ORDER BY created_ms DESC, id DESC LIMIT :limit;

-- :name media_job_next
SELECT {media_job} FROM media_job
    WHERE (account, region, created_ms, id) > (:account, :region, :created_ms, :id)
      AND (:of_account IS NULL OR account = :of_account)
      AND (:of_region IS NULL OR region = :of_region)
    ORDER BY account, region, created_ms, id LIMIT 1;

-- project_policy ------------------------------------------------------------

-- :columns project_policy
id, name, revision, document, created_ms, updated_ms

-- :name project_policy_find
SELECT {project_policy} FROM project_policy
    WHERE project_id = :project_id AND name = :name;

-- :name project_policy_count
SELECT count(*) FROM project_policy WHERE project_id = :project_id;

-- :name project_policy_put
INSERT INTO project_policy (project_id, name, revision, document, created_ms, updated_ms)
    VALUES (:project_id, :name, :revision, :document, :now, :now)
    ON CONFLICT (project_id, name) DO UPDATE
    SET revision = excluded.revision, document = excluded.document, updated_ms = excluded.updated_ms;

-- :name project_policy_place
INSERT INTO project_policy (project_id, name, revision, document, created_ms, updated_ms)
    VALUES (:project_id, :name, :revision, :document, :created_ms, :updated_ms)
    ON CONFLICT (project_id, name) DO NOTHING;

-- :name project_policy_remove
DELETE FROM project_policy WHERE id = :id;

-- :name project_policy_list
SELECT {project_policy} FROM project_policy
    WHERE project_id = :project_id AND (created_ms, id) > (:after, :after_id)
    ORDER BY created_ms, id LIMIT :limit;

-- collection ----------------------------------------------------------------

-- :columns collection
id, arn, account, region, name, created_ms, model_version, faces, users

-- :name collection_add
INSERT INTO collection (arn, account, region, name, status, created_ms, model_version)
    VALUES (:arn, :account, :region, :name, 'NONE', :created_ms, :model_version);

-- :name collection_named
SELECT {collection} FROM collection WHERE account = :account AND region = :region AND name = :name;

-- :name collection_last
SELECT max(id) FROM collection;

-- :name collection_count
SELECT count(*) FROM collection WHERE account = :account AND region = :region;

-- :name collection_list
SELECT {collection} FROM collection
    WHERE account = :account AND region = :region AND name > :after ORDER BY name LIMIT :limit;

-- stream_processor ----------------------------------------------------------

-- :columns stream_processor
id, arn, account, region, name, status, status_message, entered_ms, created_ms, home, request, session, ends_ms, frames,
seen

-- :name stream_processor_add
INSERT INTO stream_processor (arn, account, region, name, status, created_ms, home, request, session, ends_ms, frames, seen)
    VALUES (:arn, :account, :region, :name, 'NONE', :created_ms, :home, :request, :session, :ends_ms, :frames, :seen);

-- :name stream_processor_named
SELECT {stream_processor} FROM stream_processor WHERE account = :account AND region = :region AND name = :name;

-- :name stream_processor_last
SELECT max(id) FROM stream_processor;

-- :name stream_processor_count
SELECT count(*) FROM stream_processor WHERE account = :account AND region = :region;

-- :name stream_processor_count_at_work
SELECT count(*) FROM stream_processor
    WHERE status IN ('STARTING', 'RUNNING') AND account = :account AND region = :region AND home = :home;

-- :name stream_processor_list
SELECT {stream_processor} FROM stream_processor
    WHERE account = :account AND region = :region AND name > :after ORDER BY name LIMIT :limit;

-- :name stream_processor_begin
UPDATE stream_processor SET session = :session, ends_ms = :ends_ms, seen = '' WHERE arn = :arn;

-- :name stream_processor_change
UPDATE stream_processor SET request = :request WHERE arn = :arn;

-- :name stream_processor_saw
UPDATE stream_processor SET frames = frames + 1, seen = :seen WHERE arn = :arn;

-- :name home_processor_finished_due
SELECT coalesce(ends_ms, entered_ms + :usual) FROM stream_processor WHERE arn = :arn;

-- :name stream_processor_count_in
SELECT count(*) FROM stream_processor WHERE status = :status AND home = 0;

-- :name home_processor_count_in
SELECT count(*) FROM stream_processor WHERE status = :status AND home = 1;

-- :name stream_processor_last_word
SELECT json_extract(request, '$.NotificationChannel.SNSTopicArn'),
    json_object('Subject', 'Rekognition Stream Processing Event', 'Message', json_object(
        'version', '1.0',
        'inputInformation', json_object('kinesisVideo', json_object(
            'streamArn', json_extract(request, '$.Input.KinesisVideoStream.Arn'))),
        'eventNamespace', json_object('type', 'STREAM_PROCESSING_COMPLETE'),
        'streamProcessingResults', json_object('message', iif(status = 'FAILED', status_message, 'Stream Processing Success.')),
        'eventId', session || '-complete',
        'tags', (SELECT json_group_object(key, value) FROM tag t WHERE t.arn = stream_processor.arn),
        'sessionId', session,
        'streamProcessorArn', arn, 'timestamp', :now))
    FROM stream_processor WHERE arn = :arn;

-- :name stream_processor_status
SELECT status, iif(home, 'home_processor', 'stream_processor') FROM stream_processor WHERE arn = :arn;

-- What is left of those that are gone.
-- :name gone_collection_next
SELECT collection_id FROM gone_collection ORDER BY collection_id LIMIT 1;

-- :name gone_collection_settle
DELETE FROM gone_collection WHERE collection_id = :collection_id;

-- indexed_face --------------------------------------------------------------

-- :columns indexed_face
face_id, collection_id, image_id, external_image_id, "left", top, width, height, confidence, identity, image,
place, searchable_ms, coalesce(user_id, 0) AS user_id, (SELECT name FROM user WHERE id = indexed_face.user_id) AS user_name

-- :columns candidate
face_id, identity, image, place, coalesce(user_id, 0) AS user_id

-- :name indexed_face_add
INSERT OR IGNORE INTO indexed_face (collection_id, face_id, image_id, external_image_id, "left", top, width,
        height, confidence, identity, image, place, searchable_ms)
    VALUES (:collection_id, :face_id, :image_id, :external_image_id, :left, :top, :width,
        :height, :confidence, :identity, :image, :place, :searchable_ms);

-- :name indexed_face_find
SELECT {indexed_face} FROM indexed_face WHERE collection_id = :collection_id AND face_id = :face_id;

-- Without a word SQLite would take the primary key, for the order, and walk the whole collection.
-- :name indexed_face_again
SELECT face_id, image_id FROM indexed_face INDEXED BY indexed_face_by_image
    WHERE collection_id = :collection_id AND image = :image AND place = :place
      AND external_image_id IS :external_image_id
    ORDER BY face_id LIMIT 1;

-- :name indexed_face_list
SELECT {indexed_face} FROM indexed_face
    WHERE collection_id = :collection_id AND face_id > :after ORDER BY face_id LIMIT :limit;

-- :name indexed_face_list_named
SELECT {indexed_face} FROM indexed_face
    WHERE collection_id = :collection_id AND +face_id > :after
      AND face_id IN (SELECT value FROM json_each(:face_ids))
    ORDER BY face_id LIMIT :limit;

-- :name indexed_face_remove
DELETE FROM indexed_face WHERE collection_id = :collection_id AND face_id = :face_id;

-- :name indexed_face_remove_some
DELETE FROM indexed_face WHERE collection_id = :collection_id AND face_id IN
    (SELECT face_id FROM indexed_face WHERE collection_id = :collection_id ORDER BY face_id LIMIT :limit);

-- Of the next two likewise.
-- :name indexed_face_of_place
SELECT {candidate} FROM indexed_face INDEXED BY indexed_face_by_image
    WHERE collection_id = :collection_id AND image = :key AND place = :place AND searchable_ms <= :now
      AND (NOT :users OR user_id IS NOT NULL)
    ORDER BY face_id LIMIT :limit;

-- :name indexed_face_of_person
SELECT {candidate} FROM indexed_face INDEXED BY indexed_face_by_identity
    WHERE collection_id = :collection_id AND identity = :key AND searchable_ms <= :now
      AND (NOT :users OR user_id IS NOT NULL)
    ORDER BY face_id LIMIT :limit;

-- :name indexed_face_of_all
SELECT {candidate} FROM indexed_face
    WHERE collection_id = :collection_id AND searchable_ms <= :now ORDER BY face_id LIMIT :limit;

-- :name indexed_face_of_users
SELECT {candidate} FROM indexed_face
    WHERE collection_id = :collection_id AND user_id > 0 AND searchable_ms <= :now
    ORDER BY user_id, face_id LIMIT :limit;

-- :name indexed_face_list_of_user
SELECT {indexed_face} FROM indexed_face
    WHERE collection_id = :collection_id AND user_id = :user_id AND face_id > :after
      AND (:face_ids IS NULL OR face_id IN (SELECT value FROM json_each(:face_ids)))
    ORDER BY face_id LIMIT :limit;

-- :name indexed_face_set_user
UPDATE indexed_face SET user_id = :user_id WHERE collection_id = :collection_id AND face_id = :face_id;

-- user ----------------------------------------------------------------------

-- :columns user
id, arn, collection_id, name, key, status, entered_ms, faces

-- :name user_add
INSERT INTO user (arn, account, region, collection_id, name, key, status, changed_ms)
    VALUES (:arn, :account, :region, :collection_id, :name, :key, 'NONE', :changed_ms);

-- What is left of a collection of the name that is gone.
-- :name user_make_way
DELETE FROM user WHERE arn = :arn AND collection_id <> :collection_id;

-- :name user_named
SELECT {user} FROM user WHERE collection_id = :collection_id AND name = :name;

-- :name user_of_id
SELECT {user} FROM user WHERE id = :id;

-- :name user_of_arn
SELECT {user} FROM user WHERE arn = :arn;

-- :name user_list
SELECT {user} FROM user WHERE collection_id = :collection_id AND key > :after ORDER BY key LIMIT :limit;

-- :name user_begin_change
UPDATE user SET changed_ms = :now WHERE id = :id;

-- :name user_remove_some
DELETE FROM user WHERE id IN
    (SELECT id FROM user WHERE collection_id = :collection_id ORDER BY key LIMIT :limit);

-- :name user_updated_due
SELECT changed_ms + :usual FROM user WHERE arn = :arn AND faces > 0;

-- :name user_emptied_due
SELECT changed_ms + :usual FROM user WHERE arn = :arn AND faces = 0;

-- token ---------------------------------------------------------------------

-- :name token_find
SELECT digest, answer FROM token
    WHERE account = :account AND region = :region AND operation = :operation AND token = :token AND at_ms >= :since;

-- :name token_keep
INSERT OR REPLACE INTO token (account, region, operation, token, digest, answer, at_ms)
    VALUES (:account, :region, :operation, :token, :digest, :answer, :now);

-- :name token_forget
DELETE FROM token WHERE account = :account AND at_ms < :since;

-- tag -----------------------------------------------------------------------

-- :name tag_set
INSERT INTO tag (arn, key, value) VALUES (:arn, :key, :value)
    ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value;

-- :name tag_unset
DELETE FROM tag WHERE arn = :arn AND key = :key;

-- :name tag_count
SELECT count(*) FROM tag WHERE arn = :arn;

-- :name tag_list
SELECT key, value FROM tag WHERE arn = :arn ORDER BY key;

-- every resource ------------------------------------------------------------

-- :each RESOURCE
-- :name {1}_status
SELECT status, '{1}' FROM {1} WHERE arn = :arn;

-- :name {1}_set_status
UPDATE {1} SET status = :status, status_message = :message, entered_ms = :now WHERE arn = :arn;

-- :name {1}_remove
DELETE FROM {1} WHERE arn = :arn;

-- :name {1}_reset
DELETE FROM {1}
    WHERE (:account IS NULL OR account = :account) AND (:region IS NULL OR region = :region);

-- Tags go with what they are on.
-- :name {1}_tags
CREATE TEMP TRIGGER IF NOT EXISTS {1}_tags AFTER DELETE ON main.{1} BEGIN
    DELETE FROM tag WHERE arn = old.arn;
END;
-- :end

-- :each LIFECYCLE
-- :name {1}_count_in
SELECT count(*) FROM {2} WHERE status = :status;
-- :end

-- :each LISTED
-- :name {1}_next_scope
SELECT account, region FROM {1}
    WHERE (account, region) > (:account, :region) AND account <= coalesce(:of_account, 'a')
      AND (:of_account IS NULL OR account = :of_account) AND (:of_region IS NULL OR region = :of_region)
    ORDER BY account, region LIMIT 1;
-- :end
