-- outbox.sql: promises to the outside world.

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
	p_outbox BIGINT UNSIGNED, p_token VARCHAR(64) CHARACTER SET ascii,
	p_act VARCHAR(16) CHARACTER SET ascii,
	p_reason VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_open, v_parked BOOLEAN;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

	CALL staff_prove(p_token, 'admin', v_staff);
	IF v_staff IS NULL THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT done_at IS NULL AND given_up_at IS NULL
			AND (claimed_by IS NULL OR due_at <= v_at), parked_at IS NOT NULL
		INTO v_open, v_parked
		FROM outbox WHERE id = p_outbox FOR UPDATE;
	IF EXISTS (SELECT 1 FROM act WHERE subject_kind = 'outbox' AND idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE(v_open, FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	INSERT INTO act (at, subject_kind, subject, staff, role, act, reason, state_before,
			state_after, idempotency_key, leaf)
		VALUES (UTC_TIMESTAMP(6), 'outbox', p_outbox, v_staff, 'admin', p_act, p_reason,
			IF(v_parked, 'parked', 'due'), IF(p_act = 'retry', 'due', 'given_up'), p_key, '');
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
