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

-- Whether a guard of flow_transition holds. An unknown name never does.
/*!50700 DROP FUNCTION IF EXISTS flow_guard */
;;
CREATE /*M! OR REPLACE */ FUNCTION flow_guard(
	p_guard VARCHAR(32) CHARACTER SET ascii, p_application BIGINT UNSIGNED,
	p_project INT UNSIGNED, p_actor BIGINT UNSIGNED, p_deadline DATETIME(3))
RETURNS BOOLEAN READS SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_overdue BOOLEAN DEFAULT COALESCE(p_deadline <= UTC_TIMESTAMP(3), FALSE);

	RETURN CASE p_guard
	WHEN '' THEN TRUE
	WHEN 'agreement_accepted' THEN EXISTS (SELECT 1 FROM agreement
		WHERE application = p_application AND consent_identity AND consent_third_party)
	WHEN 'company_complete' THEN EXISTS (SELECT 1 FROM company
		WHERE application = p_application AND complete)
	WHEN 'legal_rep_complete' THEN EXISTS (SELECT 1 FROM legal_rep
		WHERE application = p_application AND complete)
	WHEN 'agent_complete' THEN EXISTS (SELECT 1 FROM agent
		WHERE application = p_application AND complete)
	WHEN 'order_complete' THEN EXISTS (SELECT 1 FROM `order`
		WHERE application = p_application AND complete)
	WHEN 'ready_for_identity' THEN flow_all_complete(p_application)
		AND EXISTS (SELECT 1 FROM project WHERE id = p_project AND identity_check)
	WHEN 'ready_for_payment' THEN flow_all_complete(p_application)
		AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND NOT identity_check AND payment)
	WHEN 'ready_for_review' THEN flow_all_complete(p_application)
		AND EXISTS (SELECT 1 FROM project
			WHERE id = p_project AND NOT identity_check AND NOT payment)
	WHEN 'payment_on' THEN EXISTS (SELECT 1 FROM project WHERE id = p_project AND payment)
	WHEN 'payment_off' THEN EXISTS (SELECT 1 FROM project
		WHERE id = p_project AND NOT payment)
	WHEN 'second_review_on' THEN EXISTS (SELECT 1 FROM project
		WHERE id = p_project AND second_review)
	WHEN 'second_review_off' THEN EXISTS (SELECT 1 FROM project
		WHERE id = p_project AND NOT second_review)
	WHEN 'has_reasons' THEN EXISTS (SELECT 1 FROM reason
		WHERE application = p_application AND closed_at IS NULL AND mended_at IS NULL)
	WHEN 'reasons_mended' THEN flow_all_complete(p_application)
		AND NOT EXISTS (SELECT 1 FROM reason
			WHERE application = p_application AND closed_at IS NULL
			AND mended_at IS NULL)
	WHEN 'different_clerk' THEN p_actor <> COALESCE((SELECT actor FROM event
		WHERE application = p_application AND event = 'approve'
		ORDER BY id DESC LIMIT 1), p_actor)
	WHEN 'paid' THEN flow_is_paid(p_application)
	WHEN 'unpaid' THEN NOT flow_is_paid(p_application)
	WHEN 'overdue' THEN v_overdue
	WHEN 'overdue_paid' THEN v_overdue AND flow_is_paid(p_application)
	WHEN 'overdue_unpaid' THEN v_overdue AND NOT flow_is_paid(p_application)
	ELSE FALSE
	END;
END
;;

/*!50700 DROP FUNCTION IF EXISTS flow_all_complete */
;;
CREATE /*M! OR REPLACE */ FUNCTION flow_all_complete(p_application BIGINT UNSIGNED)
RETURNS BOOLEAN READS SQL DATA SQL SECURITY DEFINER
RETURN EXISTS (SELECT 1 FROM agreement g
	JOIN company c ON c.application = g.application AND c.complete
	JOIN legal_rep l ON l.application = g.application AND l.complete
	JOIN agent a ON a.application = g.application AND a.complete
	JOIN `order` o ON o.application = g.application AND o.complete
	WHERE g.application = p_application)
;;

/*!50700 DROP FUNCTION IF EXISTS flow_is_paid */
;;
CREATE /*M! OR REPLACE */ FUNCTION flow_is_paid(p_application BIGINT UNSIGNED)
RETURNS BOOLEAN READS SQL DATA SQL SECURITY DEFINER
RETURN EXISTS (SELECT 1 FROM event WHERE application = p_application AND event = 'paid')
;;

-- The leaf of an event in the history's hash tree (RFC 9162, 2.1.1): SHA-256 of
-- a zero byte and the row's values, one a line, the detail last.
/*!50700 DROP FUNCTION IF EXISTS event_leaf */
;;
CREATE /*M! OR REPLACE */ FUNCTION event_leaf(
	p_application BIGINT UNSIGNED, p_at DATETIME(6),
	p_event VARCHAR(32) CHARACTER SET ascii,
	p_from VARCHAR(32) CHARACTER SET ascii, p_to VARCHAR(32) CHARACTER SET ascii,
	p_role VARCHAR(16) CHARACTER SET ascii, p_actor BIGINT UNSIGNED,
	p_key VARCHAR(64) CHARACTER SET ascii, p_detail VARCHAR(2000) CHARACTER SET utf8mb4)
RETURNS BINARY(32) DETERMINISTIC NO SQL SQL SECURITY DEFINER
RETURN UNHEX(SHA2(CONCAT(x'00', CONCAT_WS('\n', p_application,
	DATE_FORMAT(p_at, '%Y-%m-%d %H:%i:%s.%f'), p_event, p_from, p_to, p_role,
	p_actor, p_key, p_detail)), 256))
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
		VALUES (v_id, v_at, 'start', '', v_state, 'applicant', p_applicant, '{}', p_key,
			event_leaf(v_id, v_at, 'start', '', v_state, 'applicant', p_applicant,
				p_key, '{}'));
	SELECT 'moved' AS result, v_id AS id, p_public_id AS public_id;
END
;;

-- Takes one step; BEGIN and COMMIT are the caller's. Gives one row: result
-- (moved, repeated, not_allowed, guard_refused, no_application), the state
-- afterwards, the event's id.
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
	DECLARE v_from, v_to, v_effect VARCHAR(32) CHARACTER SET ascii;
	DECLARE v_deadline DATETIME(3);
	DECLARE v_hours INT UNSIGNED;
	DECLARE v_rows, v_fit INT UNSIGNED;
	DECLARE v_at DATETIME(6);

	SELECT project, applicant, flow_version, state, deadline_at
		INTO v_project, v_applicant, v_flow, v_from, v_deadline
		FROM application WHERE id = p_application FOR UPDATE;
	IF v_flow IS NULL OR (p_role = 'applicant' AND p_actor <> v_applicant) THEN
		SELECT 'no_application' AS result, '' AS state, 0 AS event;
		LEAVE body;
	END IF;
	IF NOT flow_speaks_for(p_role) OR (p_role IN ('clerk', 'producer', 'admin')
			AND NOT EXISTS (SELECT 1 FROM staff
				WHERE id = p_actor AND role = p_role AND is_active)) THEN
		SELECT 'not_allowed' AS result, v_from AS state, 0 AS event;
		LEAVE body;
	END IF;
	SELECT id INTO v_event FROM event
		WHERE application = p_application AND idempotency_key = p_key;
	IF v_event IS NOT NULL THEN
		SELECT 'repeated' AS result, v_from AS state, v_event AS event;
		LEAVE body;
	END IF;

	-- All rows of this state, event and role; of those whose guard holds, one.
	SELECT COUNT(*), COALESCE(SUM(holds), 0), MAX(IF(holds, to_state, NULL)),
			MAX(IF(holds, effect, NULL))
		INTO v_rows, v_fit, v_to, v_effect
		FROM (SELECT to_state, effect,
				flow_guard(guard, p_application, v_project, p_actor, v_deadline)
					AS holds
			FROM flow_transition
			WHERE flow_version = v_flow AND from_state = v_from
				AND event = p_event AND role = p_role) AS step;
	IF v_rows = 0 THEN
		SELECT 'not_allowed' AS result, v_from AS state, 0 AS event;
		LEAVE body;
	ELSEIF v_fit = 0 THEN
		SELECT 'guard_refused' AS result, v_from AS state, 0 AS event;
		LEAVE body;
	ELSEIF v_fit > 1 THEN
		SIGNAL SQLSTATE '42000' SET MESSAGE_TEXT = 'flow_transition: two guards hold';
	END IF;

	SET v_at = UTC_TIMESTAMP(6);
	INSERT INTO event (application, at, event, from_state, to_state, role, actor, detail,
			idempotency_key, leaf)
		VALUES (p_application, v_at, p_event, v_from, v_to, p_role, p_actor,
			COALESCE(p_detail, '{}'), p_key,
			event_leaf(p_application, v_at, p_event, v_from, v_to, p_role, p_actor,
				p_key, COALESCE(p_detail, '{}')));
	SET v_event = LAST_INSERT_ID();
	IF v_to <> v_from OR p_role = 'cron' THEN
		SELECT deadline_hours INTO v_hours FROM flow_state
			WHERE flow_version = v_flow AND state = v_to;
		SET v_deadline = v_at + INTERVAL v_hours HOUR;
	END IF;
	UPDATE application SET version = version + 1, last_event = v_event,
			state_since = IF(v_to <> v_from, v_at, state_since), state = v_to,
			deadline_at = v_deadline
		WHERE id = p_application;
	IF v_from = 'awaiting_correction' AND v_to <> v_from THEN
		UPDATE reason SET closed_at = v_at
			WHERE application = p_application AND closed_at IS NULL;
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
/*!50700 DROP TRIGGER IF EXISTS company_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER company_before_insert BEFORE INSERT ON company
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', 'company', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS company_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER company_before_update BEFORE UPDATE ON company
FOR EACH ROW CALL form_check_writable(OLD.application, 'save', 'company', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS legal_rep_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER legal_rep_before_insert BEFORE INSERT ON legal_rep
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', 'legal-rep', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS legal_rep_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER legal_rep_before_update BEFORE UPDATE ON legal_rep
FOR EACH ROW CALL form_check_writable(OLD.application, 'save', 'legal-rep', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS agent_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER agent_before_insert BEFORE INSERT ON agent
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', 'agent', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS agent_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER agent_before_update BEFORE UPDATE ON agent
FOR EACH ROW CALL form_check_writable(OLD.application, 'save', 'agent', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS order_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER order_before_insert BEFORE INSERT ON `order`
FOR EACH ROW CALL form_check_writable(NEW.application, 'save', 'order', NULL)
;;
/*!50700 DROP TRIGGER IF EXISTS order_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER order_before_update BEFORE UPDATE ON `order`
FOR EACH ROW CALL form_check_writable(OLD.application, 'save', 'order', NULL)
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
