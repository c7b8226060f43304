-- The state machine's procedures and the triggers that guard what they keep.
-- Applied again whenever this file changes. A line of ;; ends a statement.
-- What stands in /*!50700 ... */ is for MySQL, what stands in /*M! ... */ for
-- MariaDB, which can replace a routine in one step.
--
-- All routines run with the rights of the owner (SQL SECURITY DEFINER), so an
-- account needs EXECUTE on them and nothing on the tables they write. Who is
-- calling is told by USER(), which is the account that logged in.

-- Whether the account that logged in may speak for a role.
/*!50700 DROP FUNCTION IF EXISTS flow_speaks_for */
;;
CREATE /*M! OR REPLACE */ FUNCTION flow_speaks_for(p_role VARCHAR(16) CHARACTER SET ascii)
RETURNS BOOLEAN READS SQL DATA SQL SECURITY DEFINER
RETURN EXISTS (SELECT 1 FROM part_role
	WHERE account = SUBSTRING_INDEX(USER(), '@', 1) AND role = p_role)
;;

-- The packages with the price that holds now.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW package_offer AS
	SELECT k.id, k.project, k.code, k.title, k.description, k.years, k.on_sale,
		q.id AS price, q.price_fen
	FROM package k JOIN package_price q ON q.package = k.id
	WHERE q.valid_from = (SELECT MAX(l.valid_from) FROM package_price l
		WHERE l.package = k.id AND l.valid_from <= UTC_TIMESTAMP())
;;

-- Whether all that an applicant fills in is there: the agreement, and each form of
-- the application's flow.
/*!50700 DROP PROCEDURE IF EXISTS flow_all_complete */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_all_complete(
	p_application BIGINT UNSIGNED, OUT p_holds BOOLEAN)
READS SQL DATA SQL SECURITY DEFINER
SET p_holds = EXISTS (SELECT 1 FROM agreement WHERE application = p_application)
	AND NOT EXISTS (SELECT 1 FROM application a
		JOIN flow_form f ON f.flow_version = a.flow_version
		LEFT JOIN application_form x ON x.application = a.id AND x.form = f.form
		WHERE a.id = p_application AND NOT COALESCE(x.complete, FALSE))
;;

-- Whether what was refused is mended.
/*!50700 DROP PROCEDURE IF EXISTS flow_mended */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_mended(
	p_application BIGINT UNSIGNED, OUT p_holds BOOLEAN)
READS SQL DATA SQL SECURITY DEFINER
BEGIN
	CALL flow_all_complete(p_application, p_holds);
	SET p_holds = p_holds AND NOT EXISTS (SELECT 1 FROM reason
		WHERE application = p_application AND closed_at IS NULL AND mended_at IS NULL);
END
;;

-- Whether the person whom the application names now is one who passed the identity
-- check, or the project asks for none: nothing of the person was written since the
-- pass (all that can be said of a pass that kept no indexes), or name and number
-- have the same blind indexes. Whether the indexes that a form's writer gave are
-- those of what it wrote, the clerk's side finds out (identity_proven()).
/*!50700 DROP PROCEDURE IF EXISTS flow_person_proven */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_person_proven(
	p_application BIGINT UNSIGNED, p_project INT UNSIGNED, OUT p_holds BOOLEAN)
READS SQL DATA SQL SECURITY DEFINER
SET p_holds = EXISTS (SELECT 1 FROM project WHERE id = p_project AND NOT identity_check)
	OR EXISTS (SELECT 1 FROM identity_attempt i
		LEFT JOIN agent g ON g.application = i.application AND i.subject = 'agent'
		LEFT JOIN legal_rep l ON l.application = i.application AND i.subject = 'legal_rep'
		WHERE i.application = p_application AND i.state = 'passed'
		AND (COALESCE(g.updated_at, l.updated_at) <= i.ended_at
			OR (COALESCE(g.name_index, l.name_index) = i.name_index
				AND COALESCE(g.id_number_index, l.id_number_index) = i.id_number_index)))
;;

-- Whether a guard of flow_transition holds; an unknown name never does. This is
-- a procedure and not a function, because a statement that calls a function
-- opens every table that the function might read.
/*!50700 DROP PROCEDURE IF EXISTS flow_guard */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_guard(
	p_guard VARCHAR(32) CHARACTER SET ascii, p_application BIGINT UNSIGNED,
	p_project INT UNSIGNED, p_actor BIGINT UNSIGNED, p_deadline DATETIME(3),
	OUT p_holds BOOLEAN)
READS SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_overdue BOOLEAN DEFAULT COALESCE(p_deadline <= UTC_TIMESTAMP(3), FALSE);
	DECLARE v_proven BOOLEAN;

	CASE p_guard
	WHEN '' THEN
		SET p_holds = TRUE;
	WHEN 'agreement_accepted' THEN
		SET p_holds = EXISTS (SELECT 1 FROM agreement WHERE application = p_application
			AND consent_identity AND consent_third_party);
	WHEN 'form_complete' THEN
		-- of the form whose turn it is
		SET p_holds = EXISTS (SELECT 1 FROM application a
			JOIN flow_form f ON f.flow_version = a.flow_version AND f.state = a.state
			JOIN application_form x ON x.application = a.id AND x.form = f.form
			WHERE a.id = p_application AND x.complete);
	WHEN 'company_complete' THEN
		SET p_holds = EXISTS (SELECT 1 FROM application_form
			WHERE application = p_application AND form = 'company' AND complete);
	WHEN 'legal_rep_complete' THEN
		SET p_holds = EXISTS (SELECT 1 FROM application_form
			WHERE application = p_application AND form = 'legal-rep' AND complete);
	WHEN 'agent_complete' THEN
		SET p_holds = EXISTS (SELECT 1 FROM application_form
			WHERE application = p_application AND form = 'agent' AND complete);
	WHEN 'order_complete' THEN
		SET p_holds = EXISTS (SELECT 1 FROM application_form
			WHERE application = p_application AND form = 'order' AND complete);
	WHEN 'ready_for_identity' THEN
		CALL flow_all_complete(p_application, p_holds);
		SET p_holds = p_holds AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND identity_check);
	WHEN 'ready_for_payment' THEN
		CALL flow_all_complete(p_application, p_holds);
		SET p_holds = p_holds AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND NOT identity_check AND payment);
	WHEN 'ready_for_review' THEN
		CALL flow_all_complete(p_application, p_holds);
		SET p_holds = p_holds AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND NOT identity_check AND NOT payment);
	WHEN 'to_be_paid' THEN
		SET p_holds = EXISTS (SELECT 1 FROM project WHERE id = p_project AND payment)
			AND NOT EXISTS (SELECT 1 FROM event
				WHERE application = p_application AND event = 'paid');
	WHEN 'nothing_to_pay' THEN
		SET p_holds = EXISTS (SELECT 1 FROM project WHERE id = p_project AND NOT payment)
			OR EXISTS (SELECT 1 FROM event
				WHERE application = p_application AND event = 'paid');
	WHEN 'proven_review_on' THEN
		CALL flow_person_proven(p_application, p_project, p_holds);
		SET p_holds = p_holds AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND second_review);
	WHEN 'proven_review_off' THEN
		CALL flow_person_proven(p_application, p_project, p_holds);
		SET p_holds = p_holds AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND NOT second_review);
	WHEN 'has_reasons' THEN
		SET p_holds = EXISTS (SELECT 1 FROM reason WHERE application = p_application
			AND closed_at IS NULL AND mended_at IS NULL);
	WHEN 'mended_proven' THEN
		CALL flow_mended(p_application, p_holds);
		CALL flow_person_proven(p_application, p_project, v_proven);
		SET p_holds = p_holds AND v_proven;
	WHEN 'mended_unproven' THEN
		CALL flow_mended(p_application, p_holds);
		CALL flow_person_proven(p_application, p_project, v_proven);
		SET p_holds = p_holds AND NOT v_proven;
	WHEN 'proven_other_clerk' THEN
		CALL flow_person_proven(p_application, p_project, p_holds);
		SET p_holds = p_holds AND p_actor <> COALESCE((SELECT actor FROM event
			WHERE application = p_application AND event = 'approve'
			ORDER BY id DESC LIMIT 1), p_actor);
	WHEN 'overdue' THEN
		SET p_holds = v_overdue;
	WHEN 'paid' THEN
		SET p_holds = EXISTS (SELECT 1 FROM event
			WHERE application = p_application AND event = 'paid');
	WHEN 'unpaid' THEN
		SET p_holds = NOT EXISTS (SELECT 1 FROM event
			WHERE application = p_application AND event = 'paid');
	WHEN 'overdue_paid' THEN
		SET p_holds = v_overdue AND EXISTS (SELECT 1 FROM event
			WHERE application = p_application AND event = 'paid');
	WHEN 'overdue_unpaid' THEN
		SET p_holds = v_overdue AND NOT EXISTS (SELECT 1 FROM event
			WHERE application = p_application AND event = 'paid');
	WHEN 'identity_try_left' THEN
		SET p_holds = (SELECT COUNT(*) FROM identity_attempt
			WHERE application = p_application AND method <> 'counter'
			AND state IN ('failed', 'lapsed')
			-- those before a pass were another person's
			AND id > COALESCE((SELECT MAX(id) FROM identity_attempt
				WHERE application = p_application AND state = 'passed'), 0))
			< (SELECT identity_attempts_max FROM project WHERE id = p_project);
	WHEN 'money_back' THEN
		SET p_holds = NOT EXISTS (SELECT 1 FROM payment p
			WHERE p.application = p_application AND p.state = 'paid'
			AND NOT EXISTS (SELECT 1 FROM refund r
				WHERE r.payment = p.id AND r.state IN ('done', 'by_hand')));
	ELSE
		SET p_holds = FALSE;
	END CASE;
END
;;

-- Every event gets its leaf in the history's hash tree (RFC 9162, 2.1.1): the
-- SHA-256 of a zero byte and the row's values, one a line, the detail last.
/*!50700 DROP TRIGGER IF EXISTS event_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER event_before_insert BEFORE INSERT ON event
FOR EACH ROW
SET NEW.leaf = UNHEX(SHA2(CONCAT(x'00', CONCAT_WS('\n', NEW.application,
	DATE_FORMAT(NEW.at, '%Y-%m-%d %H:%i:%s.%f'), NEW.event, NEW.from_state, NEW.to_state,
	NEW.role, NEW.actor, NEW.idempotency_key, NEW.detail)), 256))
;;

-- Creates an application in the first state of its project's flow. Gives one
-- row: result, application id, public id. A key seen before gives the
-- application it made.
/*!50700 DROP PROCEDURE IF EXISTS flow_start */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_start(
	p_project INT UNSIGNED, p_applicant BIGINT UNSIGNED,
	p_key VARCHAR(64) CHARACTER SET ascii, p_public_id CHAR(26) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_id, v_applicant BIGINT UNSIGNED;
	DECLARE v_public CHAR(26) CHARACTER SET ascii;
	DECLARE v_version SMALLINT UNSIGNED;
	DECLARE v_open BOOLEAN;
	DECLARE v_state VARCHAR(32) CHARACTER SET ascii;
	DECLARE v_hours INT UNSIGNED;
	DECLARE v_at DATETIME(6) DEFAULT UTC_TIMESTAMP(6);

	-- One applicant's starts wait for each other.
	SELECT id INTO v_applicant FROM applicant WHERE id = p_applicant FOR UPDATE;
	SELECT flow_version, is_open INTO v_version, v_open FROM project WHERE id = p_project;
	IF v_applicant IS NULL OR v_version IS NULL THEN
		SELECT 'no_application' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	SELECT id, public_id INTO v_id, v_public FROM application
		WHERE applicant = p_applicant AND start_key = p_key;
	IF v_id IS NOT NULL THEN
		SELECT 'repeated' AS result, v_id AS id, v_public AS public_id;
		LEAVE body;
	END IF;
	SELECT t.to_state, s.deadline_hours INTO v_state, v_hours
		FROM flow_transition t JOIN flow_state s
			ON s.flow_version = t.flow_version AND s.state = t.to_state
		WHERE t.flow_version = v_version AND t.from_state = '' AND t.event = 'start'
			AND t.role = 'applicant';
	IF v_state IS NULL OR NOT flow_speaks_for('applicant') THEN
		SELECT 'not_allowed' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	IF NOT v_open THEN
		SELECT 'guard_refused' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	INSERT INTO application (public_id, project, applicant, flow_version, state,
			state_since, deadline_at, created_at, start_key)
		VALUES (p_public_id, p_project, p_applicant, v_version, v_state,
			v_at, v_at + INTERVAL v_hours HOUR, v_at, p_key);
	SET v_id = LAST_INSERT_ID();
	INSERT INTO event (application, at, event, from_state, to_state, role, actor, detail,
			idempotency_key, leaf)
		VALUES (v_id, v_at, 'start', '', v_state, 'applicant', p_applicant, '{}', p_key, '');
	SELECT 'moved' AS result, v_id AS id, p_public_id AS public_id;
END
;;

-- Finds the one row, of several for a state, event and role, whose guard holds:
-- p_fit counts them, p_to, p_effect and p_hours are of the last.
/*!50700 DROP PROCEDURE IF EXISTS flow_choose */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_choose(
	p_flow SMALLINT UNSIGNED, p_from VARCHAR(32) CHARACTER SET ascii,
	p_event VARCHAR(32) CHARACTER SET ascii, p_role VARCHAR(16) CHARACTER SET ascii,
	p_application BIGINT UNSIGNED, p_project INT UNSIGNED, p_actor BIGINT UNSIGNED,
	p_deadline DATETIME(3), OUT p_fit INT UNSIGNED,
	OUT p_to VARCHAR(32) CHARACTER SET ascii, OUT p_effect VARCHAR(32) CHARACTER SET ascii,
	OUT p_hours INT UNSIGNED)
READS SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_guard VARCHAR(32) CHARACTER SET ascii;
	DECLARE v_holds BOOLEAN;

	SET p_fit = 0, v_guard = (SELECT MIN(guard) FROM flow_transition
		WHERE flow_version = p_flow AND from_state = p_from AND event = p_event
		AND role = p_role);
	WHILE v_guard IS NOT NULL DO
		CALL flow_guard(v_guard, p_application, p_project, p_actor, p_deadline, v_holds);
		IF v_holds THEN
			SET p_fit = p_fit + 1;
			SELECT t.to_state, t.effect, s.deadline_hours INTO p_to, p_effect, p_hours
				FROM flow_transition t JOIN flow_state s
					ON s.flow_version = t.flow_version AND s.state = t.to_state
				WHERE t.flow_version = p_flow AND t.from_state = p_from
				AND t.event = p_event AND t.role = p_role AND t.guard = v_guard;
		END IF;
		SET v_guard = (SELECT MIN(guard) FROM flow_transition
			WHERE flow_version = p_flow AND from_state = p_from AND event = p_event
			AND role = p_role AND guard > v_guard);
	END WHILE;
END
;;

-- Takes one step; BEGIN and COMMIT are the caller's. Gives one row: result
-- (moved, repeated, not_allowed, guard_refused, no_application), the state
-- afterwards, the event's id. On the usual way, one row without a guard, it
-- runs five statements; each costs about as much as a round trip.
/*!50700 DROP PROCEDURE IF EXISTS flow_advance */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_advance(
	p_application BIGINT UNSIGNED, p_role VARCHAR(16) CHARACTER SET ascii,
	p_actor BIGINT UNSIGNED, p_event VARCHAR(32) CHARACTER SET ascii,
	p_key VARCHAR(64) CHARACTER SET ascii, p_detail VARCHAR(2000) CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_project INT UNSIGNED;
	DECLARE v_applicant, v_event BIGINT UNSIGNED;
	DECLARE v_flow SMALLINT UNSIGNED;
	DECLARE v_from, v_to, v_effect, v_guard VARCHAR(32) CHARACTER SET ascii;
	DECLARE v_deadline DATETIME(3);
	DECLARE v_rows, v_fit, v_hours INT UNSIGNED;
	DECLARE v_at DATETIME(6);
	-- The key is there already.
	DECLARE EXIT HANDLER FOR 1062
		SELECT 'repeated' AS result, v_from AS state, id AS event FROM event
			WHERE application = p_application AND idempotency_key = p_key;

	SELECT project, applicant, flow_version, state, deadline_at
		INTO v_project, v_applicant, v_flow, v_from, v_deadline
		FROM application WHERE id = p_application FOR UPDATE;
	IF v_flow IS NULL OR (p_role = 'applicant' AND p_actor <> v_applicant) THEN
		SELECT 'no_application' AS result, '' AS state, 0 AS event;
		LEAVE body;
	END IF;

	-- The rows of this state, event and role, none if the account that logged
	-- in does not speak for the role; usually it is one row.
	SELECT COUNT(*), MIN(t.guard), MIN(t.to_state), MIN(t.effect), MIN(s.deadline_hours),
			UTC_TIMESTAMP(6)
		INTO v_rows, v_guard, v_to, v_effect, v_hours, v_at
		FROM part_role r
		JOIN flow_transition t ON t.flow_version = v_flow AND t.from_state = v_from
			AND t.event = p_event AND t.role = p_role
		JOIN flow_state s ON s.flow_version = v_flow AND s.state = t.to_state
		WHERE r.account = SUBSTRING_INDEX(USER(), '@', 1) AND r.role = p_role;
	IF v_rows > 0 AND p_role IN ('clerk', 'producer', 'admin') AND NOT EXISTS (SELECT 1
			FROM staff WHERE id = p_actor AND role = p_role AND is_active) THEN
		SET v_rows = 0;
	END IF;
	IF v_rows = 1 AND v_guard <> '' THEN
		CALL flow_guard(v_guard, p_application, v_project, p_actor, v_deadline, v_fit);
	ELSEIF v_rows > 1 THEN
		CALL flow_choose(v_flow, v_from, p_event, p_role, p_application, v_project, p_actor,
			v_deadline, v_fit, v_to, v_effect, v_hours);
	END IF;
	IF v_rows = 0 OR v_fit = 0 THEN
		SELECT IF(e.id, 'repeated', IF(v_rows, 'guard_refused', 'not_allowed')) AS result,
				v_from AS state, COALESCE(e.id, 0) AS event
			FROM (SELECT 1) AS one LEFT JOIN event e
				ON e.application = p_application AND e.idempotency_key = p_key;
		LEAVE body;
	ELSEIF v_fit > 1 THEN
		SIGNAL SQLSTATE '42000' SET MESSAGE_TEXT = 'flow_transition: two guards hold';
	END IF;

	INSERT INTO event (application, at, event, from_state, to_state, role, actor, detail,
			idempotency_key, leaf)
		VALUES (p_application, v_at, p_event, v_from, v_to, p_role, p_actor,
			COALESCE(p_detail, '{}'), p_key, '');
	SET v_event = LAST_INSERT_ID();
	UPDATE application SET version = version + 1, last_event = v_event,
			deadline_at = IF(v_to <> v_from OR p_role = 'cron',
				v_at + INTERVAL v_hours HOUR, deadline_at),
			state_since = IF(v_to <> v_from, v_at, state_since), state = v_to
		WHERE id = p_application;
	IF v_from = 'awaiting_correction' AND v_to <> v_from THEN
		UPDATE reason SET closed_at = v_at
			WHERE application = p_application AND closed_at IS NULL;
		IF v_to = 'awaiting_identity' THEN
			-- Another person, who has neither consented to faces nor begun to try.
			UPDATE face_consent SET superseded_at = v_at
				WHERE application = p_application AND live;
			UPDATE identity_attempt SET state = 'lapsed', ended_at = v_at
				WHERE application = p_application
				AND state IN ('begun', 'handed_in', 'review');
		END IF;
	END IF;
	IF v_effect <> '' THEN
		INSERT INTO outbox (application, event, kind, idempotency_key, created_at, due_at)
			VALUES (p_application, v_event, v_effect, CONCAT('e', v_event, '-', v_effect),
				v_at, v_at);
	END IF;
	SELECT 'moved' AS result, v_to AS state, v_event AS event;
END
;;

-- Promises something to the outside world that is no effect of a transition,
-- within the caller's transaction. Gives one row: added or repeated.
/*!50700 DROP PROCEDURE IF EXISTS outbox_add */
;;
CREATE /*M! OR REPLACE */ PROCEDURE outbox_add(
	p_kind VARCHAR(32) CHARACTER SET ascii, p_application BIGINT UNSIGNED,
	p_key VARCHAR(100) CHARACTER SET ascii, p_payload VARCHAR(2000) CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
	-- The key is there already.
	DECLARE EXIT HANDLER FOR 1062 SELECT 'repeated' AS result;

	IF NOT EXISTS (SELECT 1 FROM outbox_part
			WHERE account = SUBSTRING_INDEX(USER(), '@', 1) AND kind = p_kind) THEN
		SIGNAL SQLSTATE '42000' SET MESSAGE_TEXT = 'outbox_add: not a kind of this account';
	END IF;
	INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
		VALUES (p_application, p_kind, p_key, COALESCE(p_payload, '{}'), v_at, v_at);
	SELECT 'added' AS result;
END
;;

-- What an admin decides about a row that is not done: retry or give_up; a row
-- that a worker has in its hands is left to it. Gives one row: decided,
-- repeated, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS outbox_decide */
;;
CREATE /*M! OR REPLACE */ PROCEDURE outbox_decide(
	p_outbox BIGINT UNSIGNED, p_staff INT UNSIGNED, p_act VARCHAR(16) CHARACTER SET ascii,
	p_reason VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_open BOOLEAN;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

	IF NOT flow_speaks_for('admin') OR NOT EXISTS (SELECT 1 FROM staff
			WHERE id = p_staff AND role = 'admin' AND is_active) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT done_at IS NULL AND given_up_at IS NULL
			AND (claimed_by IS NULL OR due_at <= v_at) INTO v_open
		FROM outbox WHERE id = p_outbox FOR UPDATE;
	IF EXISTS (SELECT 1 FROM outbox_act WHERE idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE(v_open, FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	INSERT INTO outbox_act (outbox, at, staff, act, reason, idempotency_key)
		VALUES (p_outbox, v_at, p_staff, p_act, p_reason, p_key);
	IF p_act = 'retry' THEN
		UPDATE outbox SET parked_at = NULL, attempts = 0, due_at = v_at WHERE id = p_outbox;
	ELSE
		UPDATE outbox SET parked_at = COALESCE(parked_at, v_at), given_up_at = v_at,
				claimed_by = NULL
			WHERE id = p_outbox;
	END IF;
	SELECT 'decided' AS result;
END
;;

-- WeChat took a message over and reports that it did not arrive: its promise is
-- open again, so that the worker goes another way. Called once a report.
/*!50700 DROP PROCEDURE IF EXISTS wechat_undelivered */
;;
CREATE /*M! OR REPLACE */ PROCEDURE wechat_undelivered(p_msgid VARCHAR(40) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
UPDATE outbox o JOIN wechat_message m ON m.idempotency_key = o.idempotency_key
	SET o.done_at = NULL, o.attempts = 0, o.claimed_by = NULL, o.due_at = UTC_TIMESTAMP(3)
	WHERE m.msgid = p_msgid AND o.done_at IS NOT NULL AND o.given_up_at IS NULL
;;

-- The jsapi ticket as it is kept, for pages, which must not see the token beside it.
/*!50700 DROP PROCEDURE IF EXISTS wechat_ticket */
;;
CREATE /*M! OR REPLACE */ PROCEDURE wechat_ticket(p_appid VARCHAR(32) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
SELECT token FROM service_token
	WHERE name = CONCAT('wechat-ticket:', p_appid) AND good_until > UTC_TIMESTAMP(3)
;;

-- The state of an application changes with an event that says so, and with
-- nothing else; what it is and whose it is never changes.
/*!50700 DROP TRIGGER IF EXISTS application_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER application_before_update BEFORE UPDATE ON application
FOR EACH ROW
BEGIN
	IF NEW.state <> OLD.state AND NOT (NEW.last_event > OLD.last_event AND EXISTS (
			SELECT 1 FROM event WHERE id = NEW.last_event AND application = NEW.id
			AND from_state = OLD.state AND to_state = NEW.state)) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'state_needs_event';
	END IF;
	IF NEW.id <> OLD.id OR NEW.public_id <> OLD.public_id OR NEW.project <> OLD.project
			OR NEW.applicant <> OLD.applicant
			OR NEW.flow_version <> OLD.flow_version THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'application_is_fixed';
	END IF;
END
;;

-- History is added to, never altered.
/*!50700 DROP TRIGGER IF EXISTS event_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER event_before_update BEFORE UPDATE ON event
FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'history_is_append_only'
;;
/*!50700 DROP TRIGGER IF EXISTS event_before_delete */
;;
CREATE /*M! OR REPLACE */ TRIGGER event_before_delete BEFORE DELETE ON event
FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'history_is_append_only'
;;

-- Refuses a write to what an applicant fills in, unless the application is in a
-- state in which this may be written: in which p_event is open to applicants.
-- In awaiting_correction a form is open when a reason names it, a scan when a
-- reason names its field. Locks the application, so that the answer still holds
-- when the write is done.
/*!50700 DROP PROCEDURE IF EXISTS form_check_writable */
;;
CREATE /*M! OR REPLACE */ PROCEDURE form_check_writable(
	p_application BIGINT UNSIGNED, p_event VARCHAR(32) CHARACTER SET ascii,
	p_form VARCHAR(32) CHARACTER SET ascii, p_field VARCHAR(32) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_flow SMALLINT UNSIGNED;
	DECLARE v_state VARCHAR(32) CHARACTER SET ascii;

	SELECT flow_version, state INTO v_flow, v_state FROM application
		WHERE id = p_application FOR UPDATE;
	IF v_state IS NULL OR NOT EXISTS (SELECT 1 FROM flow_transition
			WHERE flow_version = v_flow AND from_state = v_state AND event = p_event
			AND role = 'applicant')
		OR (v_state = 'awaiting_correction' AND NOT EXISTS (SELECT 1 FROM reason
			WHERE application = p_application AND closed_at IS NULL
			AND form = p_form AND (p_field IS NULL OR field = p_field))) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'form_is_closed';
	END IF;
END
;;
/*!50700 DROP TRIGGER IF EXISTS agreement_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER agreement_before_insert BEFORE INSERT ON agreement
FOR EACH ROW CALL form_check_writable(NEW.application, 'accept_agreement', 'agreement', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS agreement_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER agreement_before_update BEFORE UPDATE ON agreement
FOR EACH ROW CALL form_check_writable(OLD.application, 'accept_agreement', 'agreement', NULL)
;;
-- The triggers of a form's table: a statement with marks in braces is one for each
-- form in forms/, see forms.c.
--
-- A row says when it was written last: never earlier than it said, and now when it
-- names another person, whatever the writer claims. An identity check holds for
-- what has not been written since.
/*!50700 DROP TRIGGER IF EXISTS {table}_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER {table}_before_insert BEFORE INSERT ON `{table}`
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', '{form}', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS {table}_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER {table}_before_update BEFORE UPDATE ON `{table}`
FOR EACH ROW
BEGIN
	CALL form_check_writable(OLD.application, 'save', '{form}', NULL);
	SET NEW.updated_at = GREATEST(OLD.updated_at,
		IF({same_person}, NEW.updated_at, UTC_TIMESTAMP(3)));
END
;;
-- Which forms are complete is asked of application_form, whatever the form.
/*!50700 DROP TRIGGER IF EXISTS {table}_after_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER {table}_after_insert AFTER INSERT ON `{table}`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
	VALUES (NEW.application, '{form}', NEW.complete, NEW.version)
	ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version
;;
/*!50700 DROP TRIGGER IF EXISTS {table}_after_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER {table}_after_update AFTER UPDATE ON `{table}`
FOR EACH ROW
IF NEW.complete <> OLD.complete OR NEW.version <> OLD.version THEN
	INSERT INTO application_form (application, form, complete, version)
		VALUES (NEW.application, '{form}', NEW.complete, NEW.version)
		ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
END IF
;;

-- What was confirmed is the price of the list, and stays. Behind the
-- trigger of the form: a closed form is what its page is told of first.
/*!50700 DROP TRIGGER IF EXISTS order_price_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER order_price_before_update BEFORE UPDATE ON `order`
FOR EACH ROW
BEGIN
	IF OLD.price_fen IS NULL THEN
		IF NEW.price_fen IS NOT NULL AND NOT EXISTS (SELECT 1 FROM package_offer
				WHERE id = NEW.package AND price = NEW.price
				AND price_fen = NEW.price_fen) THEN
			SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_the_price';
		END IF;
	ELSEIF NOT (NEW.price_fen <=> OLD.price_fen AND NEW.price <=> OLD.price
			AND NEW.package <=> OLD.package AND NEW.confirmed_at <=> OLD.confirmed_at) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'price_is_confirmed';
	END IF;
END
;;
-- An order of WeChat Pay is for the confirmed price, while it may be paid; what
-- came in is written once and stays.
/*!50700 DROP TRIGGER IF EXISTS payment_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER payment_before_insert BEFORE INSERT ON payment
FOR EACH ROW
BEGIN
	CALL form_check_writable(NEW.application, 'pay', 'order', NULL);
	IF NEW.amount_fen <= 0 OR NOT NEW.state = 'open' OR NOT EXISTS (SELECT 1 FROM `order`
			WHERE application = NEW.application AND price_fen = NEW.amount_fen) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_the_price';
	END IF;
END
;;
/*!50700 DROP TRIGGER IF EXISTS payment_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER payment_before_update BEFORE UPDATE ON payment
FOR EACH ROW
IF NEW.application <> OLD.application OR NEW.out_trade_no <> OLD.out_trade_no
		OR NEW.appid <> OLD.appid OR NEW.mchid <> OLD.mchid OR NEW.product <> OLD.product
		OR NEW.amount_fen <> OLD.amount_fen OR NEW.expires_at <> OLD.expires_at
		OR (OLD.state IN ('paid', 'odd') AND NOT (NEW.state = OLD.state
			AND NEW.transaction_id <=> OLD.transaction_id AND NEW.paid_fen <=> OLD.paid_fen
			AND NEW.currency <=> OLD.currency AND NEW.booked_as <=> OLD.booked_as))
		OR (OLD.state = 'closed' AND NEW.state = 'open')
		OR (NEW.state IN ('paid', 'odd') AND NEW.paid_fen IS NULL)
		OR (NEW.state = 'paid' AND (NEW.booked_as IS NULL OR NEW.paid_fen <> NEW.amount_fen)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'money_is_fixed';
END IF
;;

-- Asks that the whole of a payment goes back: by rule (staff NULL, or who ended
-- the application), or by an accountant. Within the caller's transaction; gives
-- one row: requested, repeated (a live one is there), not_paid or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS refund_request */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_request(
	p_payment BIGINT UNSIGNED, p_cause VARCHAR(8) CHARACTER SET ascii,
	p_staff INT UNSIGNED, p_number VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_application BIGINT UNSIGNED;
	DECLARE v_fen BIGINT;
	DECLARE v_state VARCHAR(8) CHARACTER SET ascii;
	DECLARE EXIT HANDLER FOR 1062 SELECT 'repeated' AS result;

	IF NOT flow_speaks_for('cron') AND (p_cause <> 'desk' OR NOT EXISTS (SELECT 1 FROM staff
			WHERE id = p_staff AND role = 'accountant' AND is_active)) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT application, paid_fen, state INTO v_application, v_fen, v_state
		FROM payment WHERE id = p_payment FOR UPDATE;
	IF NOT COALESCE(v_state IN ('paid', 'odd'), FALSE) THEN
		SELECT 'not_paid' AS result;
		LEAVE body;
	END IF;
	INSERT INTO refund (payment, application, out_refund_no, cause, amount_fen, requested_by,
			requested_at)
		VALUES (p_payment, v_application, p_number, p_cause, v_fen, p_staff, UTC_TIMESTAMP(3));
	SELECT 'requested' AS result;
END
;;

-- What an accountant decides about a refund: confirm or decline one that is
-- requested, never one's own; of one that could not go back by itself: again
-- (asks the service anew under the same number), or by_hand (the money went
-- another way). A confirmed one is promised to the outside world. Gives one row:
-- decided, repeated, own_request, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS refund_decide */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_decide(
	p_refund BIGINT UNSIGNED, p_staff INT UNSIGNED, p_act VARCHAR(16) CHARACTER SET ascii,
	p_note VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_state VARCHAR(16) CHARACTER SET ascii;
	DECLARE v_by INT UNSIGNED;
	DECLARE v_application BIGINT UNSIGNED;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

	IF NOT EXISTS (SELECT 1 FROM staff WHERE id = p_staff AND role = 'accountant'
			AND is_active) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT state, requested_by, application INTO v_state, v_by, v_application
		FROM refund WHERE id = p_refund FOR UPDATE;
	IF EXISTS (SELECT 1 FROM refund_act WHERE idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE((p_act IN ('confirm', 'decline') AND v_state = 'requested')
			OR (p_act IN ('again', 'by_hand') AND v_state = 'abnormal'), FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	IF v_by <=> p_staff THEN
		SELECT 'own_request' AS result;
		LEAVE body;
	END IF;
	INSERT INTO refund_act (refund, at, staff, act, note, idempotency_key)
		VALUES (p_refund, v_at, p_staff, p_act, p_note, p_key);
	UPDATE refund SET state = CASE p_act WHEN 'decline' THEN 'declined'
			WHEN 'by_hand' THEN 'by_hand' ELSE 'confirmed' END,
			decided_by = p_staff, decided_at = v_at, note = p_note, ask_at = NULL,
			done_at = IF(p_act = 'by_hand', v_at, NULL)
		WHERE id = p_refund;
	IF p_act IN ('confirm', 'again') THEN
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, 'refund_send', CONCAT('refund-', p_refund, '-', p_key),
				CONCAT('{"refund":', p_refund, '}'), v_at, v_at);
	ELSEIF p_act = 'decline' THEN
		-- the invoice that was held back meanwhile
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			SELECT p.application, 'invoice', CONCAT('invoice-', p.id, '-kept-', p_refund),
				CONCAT('{"payment":', p.id, '}'), v_at, v_at
			FROM refund r JOIN payment p ON p.id = r.payment
			WHERE r.id = p_refund AND p.booked_as = 'fee';
	END IF;
	SELECT 'decided' AS result;
END
;;
-- When a refund is first handed over is the day of its row in the bill; what it
-- is about never changes, and what is settled stays.
/*!50700 DROP TRIGGER IF EXISTS refund_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER refund_before_update BEFORE UPDATE ON refund
FOR EACH ROW
BEGIN
	IF NEW.payment <> OLD.payment OR NEW.application <> OLD.application
			OR NEW.out_refund_no <> OLD.out_refund_no OR NEW.cause <> OLD.cause
			OR NEW.amount_fen <> OLD.amount_fen
			OR NOT NEW.requested_by <=> OLD.requested_by
			OR (OLD.state IN ('declined', 'done', 'closed', 'by_hand')
				AND NEW.state <> OLD.state) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refund_is_fixed';
	END IF;
	IF OLD.state = 'confirmed' AND NEW.state IN ('sent', 'done', 'abnormal', 'closed') THEN
		SET NEW.sent_at = COALESCE(OLD.sent_at, UTC_TIMESTAMP(3));
	ELSE
		SET NEW.sent_at = OLD.sent_at;
	END IF;
END
;;

-- A blue invoice is for what was paid, a red one takes the whole of an issued
-- blue one back; net and tax are the amount.
/*!50700 DROP TRIGGER IF EXISTS invoice_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER invoice_before_insert BEFORE INSERT ON invoice
FOR EACH ROW
IF NEW.net_fen + NEW.tax_fen <> NEW.amount_fen OR NOT NEW.state = 'due'
		OR (NEW.kind = 'blue' AND NOT EXISTS (SELECT 1 FROM payment
			WHERE id = NEW.payment AND application = NEW.application AND state = 'paid'
			AND paid_fen = NEW.amount_fen))
		OR (NEW.kind = 'red' AND NOT EXISTS (SELECT 1 FROM invoice
			WHERE id = NEW.of_invoice AND kind = 'blue' AND state = 'issued'
			AND payment = NEW.payment AND amount_fen = -NEW.amount_fen
			AND tax_fen = -NEW.tax_fen)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_what_was_paid';
END IF
;;
/*!50700 DROP TRIGGER IF EXISTS invoice_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER invoice_before_update BEFORE UPDATE ON invoice
FOR EACH ROW
IF NEW.payment <> OLD.payment OR NEW.application <> OLD.application OR NEW.kind <> OLD.kind
		OR NOT NEW.of_invoice <=> OLD.of_invoice OR NEW.order_no <> OLD.order_no
		OR NEW.amount_fen <> OLD.amount_fen OR NEW.tax_percent <> OLD.tax_percent
		OR NEW.tax_fen <> OLD.tax_fen OR NEW.net_fen <> OLD.net_fen
		OR NEW.buyer_title <> OLD.buyer_title
		OR NOT NEW.buyer_tax_number <=> OLD.buyer_tax_number
		OR (OLD.state IN ('issued', 'given_up') AND NOT (NEW.state = OLD.state
			AND NEW.number <=> OLD.number AND NEW.issued_at <=> OLD.issued_at))
		OR (NEW.state = 'due' AND OLD.state <> 'due')
		OR (NEW.state = 'issued' AND (NEW.number IS NULL OR NEW.issued_at IS NULL)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'invoice_is_fixed';
END IF
;;

-- The red invoice of a payment is there, or is not going to be: a confirmed
-- refund that waited for it is promised again.
/*!50700 DROP PROCEDURE IF EXISTS refund_after_red */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_after_red(p_invoice BIGINT UNSIGNED)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT IGNORE INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
	SELECT r.application, 'refund_send', CONCAT('refund-', r.id, '-red-', i.id),
		CONCAT('{"refund":', r.id, '}'), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
	FROM invoice i JOIN refund r ON r.payment = i.payment AND r.state = 'confirmed'
	WHERE i.id = p_invoice AND i.kind = 'red' AND i.state IN ('issued', 'given_up')
;;

-- What an accountant does with an invoice that the provider did not issue:
-- enter one that was issued by hand, ask the provider again under a new number,
-- or give it up with a note. Within the caller's transaction, which unless the
-- result is decided or repeated rolls back; gives one row: decided, repeated,
-- number_taken, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS invoice_decide */
;;
CREATE /*M! OR REPLACE */ PROCEDURE invoice_decide(
	p_invoice BIGINT UNSIGNED, p_staff INT UNSIGNED, p_act VARCHAR(16) CHARACTER SET ascii,
	p_number VARCHAR(20) CHARACTER SET ascii, p_issued_at DATETIME,
	p_note VARCHAR(200) CHARACTER SET utf8mb4, p_order_no VARCHAR(20) CHARACTER SET ascii,
	p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_state, v_kind VARCHAR(16) CHARACTER SET ascii;
	DECLARE v_application, v_new BIGINT UNSIGNED;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
	-- Another live one of this payment is there.
	DECLARE EXIT HANDLER FOR 1062 SELECT 'not_open' AS result;

	IF NOT EXISTS (SELECT 1 FROM staff WHERE id = p_staff AND role = 'accountant'
			AND is_active) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT state, kind, application INTO v_state, v_kind, v_application
		FROM invoice WHERE id = p_invoice FOR UPDATE;
	IF EXISTS (SELECT 1 FROM invoice_act WHERE idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE((p_act = 'enter' AND v_state IN ('due', 'asked', 'failed'))
			OR (p_act = 'again' AND v_state = 'failed')
			OR (p_act = 'give_up' AND v_state IN ('due', 'failed')), FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	IF p_act = 'enter' AND EXISTS (SELECT 1 FROM invoice WHERE number = p_number) THEN
		SELECT 'number_taken' AS result;
		LEAVE body;
	END IF;
	INSERT INTO invoice_act (invoice, at, staff, act, note, idempotency_key)
		VALUES (p_invoice, v_at, p_staff, p_act, p_note, p_key);
	IF p_act = 'again' THEN
		INSERT INTO invoice (application, payment, kind, of_invoice, order_no, amount_fen,
				tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider,
				created_at)
			SELECT application, payment, kind, of_invoice, p_order_no, amount_fen,
				tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider, v_at
			FROM invoice WHERE id = p_invoice;
		SET v_new = LAST_INSERT_ID();
		UPDATE invoice SET state = 'given_up' WHERE id = p_invoice;
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, 'invoice', CONCAT('invoice-again-', v_new),
				CONCAT('{"invoice":', v_new, '}'), v_at, v_at);
	ELSEIF p_act = 'enter' THEN
		UPDATE invoice SET state = 'issued', number = p_number, issued_at = p_issued_at
			WHERE id = p_invoice;
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, IF(v_kind = 'red', 'invoice_red_mail', 'invoice_mail'),
				CONCAT('invoice-mail-', p_invoice), CONCAT('{"invoice":', p_invoice, '}'),
				v_at, v_at);
		CALL refund_after_red(p_invoice);
	ELSE
		UPDATE invoice SET state = 'given_up' WHERE id = p_invoice;
		CALL refund_after_red(p_invoice);
	END IF;
	SELECT 'decided' AS result;
END
;;

-- An accountant clears a difference with a reason. Gives one row: decided,
-- repeated, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS difference_clear */
;;
CREATE /*M! OR REPLACE */ PROCEDURE difference_clear(
	p_difference BIGINT UNSIGNED, p_staff INT UNSIGNED,
	p_reason VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_known BOOLEAN;
	-- Cleared already: by this very form, or by somebody else.
	DECLARE EXIT HANDLER FOR 1062
		SELECT IF(EXISTS (SELECT 1 FROM difference_act WHERE difference = p_difference
			AND idempotency_key = p_key), 'repeated', 'not_open') AS result;

	IF NOT EXISTS (SELECT 1 FROM staff WHERE id = p_staff AND role = 'accountant'
			AND is_active) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SET v_known = EXISTS (SELECT 1 FROM difference WHERE id = p_difference);
	IF NOT v_known THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	INSERT INTO difference_act (difference, at, staff, reason, idempotency_key)
		VALUES (p_difference, UTC_TIMESTAMP(3), p_staff, p_reason, p_key);
	SELECT 'decided' AS result;
END
;;
/*!50700 DROP TRIGGER IF EXISTS scan_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER scan_before_insert BEFORE INSERT ON scan
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', NEW.form, NEW.field)
;;
/*!50700 DROP TRIGGER IF EXISTS scan_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER scan_before_update BEFORE UPDATE ON scan
FOR EACH ROW CALL form_check_writable(OLD.application, 'save', OLD.form, OLD.field)
;;

-- A reason is given by a reviewer who is about to refuse.
/*!50700 DROP TRIGGER IF EXISTS reason_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER reason_before_insert BEFORE INSERT ON reason
FOR EACH ROW
IF NOT EXISTS (SELECT 1 FROM application a JOIN flow_transition t
		ON t.flow_version = a.flow_version AND t.from_state = a.state
		WHERE a.id = NEW.application AND t.event = 'refuse' AND t.role = 'clerk') THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_in_review';
END IF
;;

-- The applicant's pages make applicants' sessions and no others.
/*!50700 DROP TRIGGER IF EXISTS session_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER session_before_insert BEFORE INSERT ON session
FOR EACH ROW
IF flow_speaks_for('applicant') <> (NEW.role = 'applicant') THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'session_of_another_part';
END IF
;;

-- What the applicant's account can write is no evidence: it begins attempts, about
-- the person whom the project asks for, and hands them in or drops them; whether
-- one passed is for the jobs and clerks to say, with the person whom it is of.
/*!50700 DROP TRIGGER IF EXISTS identity_attempt_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER identity_attempt_before_insert
BEFORE INSERT ON identity_attempt
FOR EACH ROW
IF flow_speaks_for('applicant') AND NOT (NEW.state = 'begun' AND EXISTS (SELECT 1
		FROM application a JOIN project p ON p.id = a.project
		WHERE a.id = NEW.application AND a.state = 'awaiting_identity'
		AND p.identity_subject = NEW.subject)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'attempt_of_another_part';
END IF
;;
/*!50700 DROP TRIGGER IF EXISTS identity_attempt_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER identity_attempt_before_update
BEFORE UPDATE ON identity_attempt
FOR EACH ROW
BEGIN
	-- One that is at the service or the clerk is taken back with the consent.
	IF NEW.state <> OLD.state AND flow_speaks_for('applicant')
			AND NOT (OLD.state = 'begun' AND NEW.state IN ('handed_in', 'repeat', 'lapsed'))
			AND NOT (OLD.state IN ('handed_in', 'review') AND NEW.state = 'lapsed'
				AND NOT EXISTS (SELECT 1 FROM face_consent
					WHERE application = OLD.application AND live)) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'attempt_of_another_part';
	END IF;
	IF (NEW.state = 'passed' AND OLD.state <> 'passed'
			AND (NEW.name_index IS NULL OR NEW.id_number_index IS NULL))
			OR (OLD.state = 'passed' AND NOT (NEW.state = 'passed'
				AND NEW.name_index <=> OLD.name_index
				AND NEW.id_number_index <=> OLD.id_number_index)) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'attempt_of_nobody';
	END IF;
END
;;

-- Faces are taken only while a consent of their own holds.
/*!50700 DROP TRIGGER IF EXISTS face_material_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER face_material_before_insert BEFORE INSERT ON face_material
FOR EACH ROW
IF NOT EXISTS (SELECT 1 FROM identity_attempt i
		JOIN face_consent c ON c.application = i.application AND c.live
		WHERE i.id = NEW.attempt) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no_face_consent';
END IF
;;

-- A consent that is taken back takes along, at once, all that it allowed to keep.
/*!50700 DROP TRIGGER IF EXISTS face_consent_after_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER face_consent_after_update AFTER UPDATE ON face_consent
FOR EACH ROW
IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL THEN
	DELETE m FROM face_material m JOIN identity_attempt i ON i.id = m.attempt
		WHERE i.application = NEW.application;
	UPDATE identity_evidence v JOIN identity_attempt i ON i.id = v.attempt SET v.text = NULL
		WHERE i.application = NEW.application;
	UPDATE identity_attempt SET faces_gone_at = NEW.withdrawn_at
		WHERE application = NEW.application AND method <> 'counter'
		AND faces_gone_at IS NULL;
END IF
;;
