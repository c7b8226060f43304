-- flow.sql: the state machine: what moves an application, and its history.
--
-- The files of this folder are applied in the order of routines[] in schema/applied.c,
-- again whenever one of them changes. A line of ;; ends a statement. What stands in
-- /*!50700 ... */ is for MySQL, what stands in /*M! ... */ for MariaDB, which can
-- replace a routine in one step.
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

-- Creates an application of the applicant whose session the token is, in the first
-- state of its project's flow. Gives one row: result, application id, public id. A key seen before gives the
-- application it made.
/*!50700 DROP PROCEDURE IF EXISTS flow_start */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_start(
	p_project INT UNSIGNED, p_token VARCHAR(64) CHARACTER SET ascii,
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

	CALL session_prove(p_token, v_applicant);
	IF v_applicant IS NULL OR NOT flow_speaks_for('applicant') THEN
		SELECT 'not_allowed' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	-- One applicant's starts wait for each other.
	SELECT id INTO v_applicant FROM applicant WHERE id = v_applicant FOR UPDATE;
	SELECT flow_version, is_open INTO v_version, v_open FROM project WHERE id = p_project;
	IF v_version IS NULL THEN
		SELECT 'no_application' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	SELECT id, public_id INTO v_id, v_public FROM application
		WHERE applicant = v_applicant AND start_key = p_key;
	IF v_id IS NOT NULL THEN
		SELECT 'repeated' AS result, v_id AS id, v_public AS public_id;
		LEAVE body;
	END IF;
	SELECT t.to_state, s.deadline_hours INTO v_state, v_hours
		FROM flow_transition t JOIN flow_state s
			ON s.flow_version = t.flow_version AND s.state = t.to_state
		WHERE t.flow_version = v_version AND t.from_state = '' AND t.event = 'start'
			AND t.role = 'applicant';
	IF v_state IS NULL THEN
		SELECT 'not_allowed' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	IF NOT v_open THEN
		SELECT 'guard_refused' AS result, 0 AS id, '' AS public_id;
		LEAVE body;
	END IF;
	INSERT INTO application (public_id, project, applicant, flow_version, state,
			state_since, deadline_at, created_at, start_key)
		VALUES (p_public_id, p_project, v_applicant, v_version, v_state,
			v_at, v_at + INTERVAL v_hours HOUR, v_at, p_key);
	SET v_id = LAST_INSERT_ID();
	INSERT INTO event (application, at, event, from_state, to_state, role, actor, detail,
			idempotency_key, leaf)
		VALUES (v_id, v_at, 'start', '', v_state, 'applicant', v_applicant, '{}', p_key, '');
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

-- Takes one step; BEGIN and COMMIT are the caller's. A person is the one whose
-- session the token is, with that role; jobs give none, and act as the account that
-- logged in. Gives one row: result
-- (moved, repeated, not_allowed, guard_refused, no_application), the state
-- afterwards, the event's id. On the usual way, one row without a guard, it
-- runs five statements; each costs about as much as a round trip.
/*!50700 DROP PROCEDURE IF EXISTS flow_advance */
;;
CREATE /*M! OR REPLACE */ PROCEDURE flow_advance(
	p_application BIGINT UNSIGNED, p_role VARCHAR(16) CHARACTER SET ascii,
	p_token VARCHAR(64) CHARACTER SET ascii, p_event VARCHAR(32) CHARACTER SET ascii,
	p_key VARCHAR(64) CHARACTER SET ascii, p_detail VARCHAR(2000) CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_project INT UNSIGNED;
	DECLARE v_applicant, v_actor, v_event BIGINT UNSIGNED;
	DECLARE v_flow SMALLINT UNSIGNED;
	DECLARE v_from, v_to, v_effect, v_guard VARCHAR(32) CHARACTER SET ascii;
	DECLARE v_deadline DATETIME(3);
	DECLARE v_rows, v_fit, v_hours INT UNSIGNED;
	DECLARE v_at DATETIME(6);
	-- The key is there already.
	DECLARE EXIT HANDLER FOR 1062
		SELECT 'repeated' AS result, v_from AS state, id AS event FROM event
			WHERE application = p_application AND idempotency_key = p_key;

	SELECT project, applicant, flow_version, state, deadline_at, IF(p_role = 'applicant',
			(SELECT subject FROM session
				WHERE token_hash = UNHEX(SHA2(UNHEX(p_token), 256)) AND role = 'applicant'
				AND idle_at > UTC_TIMESTAMP(3) AND ends_at > UTC_TIMESTAMP(3)), 0)
		INTO v_project, v_applicant, v_flow, v_from, v_deadline, v_actor
		FROM application WHERE id = p_application FOR UPDATE;
	IF v_flow IS NULL OR (p_role = 'applicant' AND v_actor <> v_applicant) THEN
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
	IF v_rows > 0 AND p_role NOT IN ('applicant', 'push', 'cron') THEN
		CALL staff_prove(p_token, p_role, v_actor);
	END IF;
	IF v_actor IS NULL THEN
		SET v_rows = 0;
	END IF;
	IF v_rows = 1 AND v_guard <> '' THEN
		CALL flow_guard(v_guard, p_application, v_project, v_actor, v_deadline, v_fit);
	ELSEIF v_rows > 1 THEN
		CALL flow_choose(v_flow, v_from, p_event, p_role, p_application, v_project, v_actor,
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
		VALUES (p_application, v_at, p_event, v_from, v_to, p_role, v_actor,
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
