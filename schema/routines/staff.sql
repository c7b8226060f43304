-- staff.sql: the people who work here: log-in, sessions, and who acts. A session is
-- made by staff_log_in() alone, and no account can write staff_session, login_failure
-- or staff itself. What changes something takes the session's token, of which only the
-- person's browser and the present request know; the tables have its hash.

-- The person whose live session the token is, if they still have that role and the
-- account that logged in speaks for it; else NULL.
/*!50700 DROP PROCEDURE IF EXISTS staff_prove */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_prove(
	p_token VARCHAR(64) CHARACTER SET ascii, p_role VARCHAR(16) CHARACTER SET ascii,
	OUT p_staff INT UNSIGNED)
READS SQL DATA SQL SECURITY DEFINER
SET p_staff = (SELECT t.id FROM staff_session s
	JOIN staff t ON t.id = s.staff AND t.role = s.role AND t.is_active
	JOIN part_role r ON r.account = SUBSTRING_INDEX(USER(), '@', 1) AND r.role = p_role
	WHERE s.token_hash = UNHEX(SHA2(UNHEX(p_token), 256)) AND s.role = p_role
	AND s.idle_at > UTC_TIMESTAMP(3) AND s.ends_at > UTC_TIMESTAMP(3))
;;

-- What a log-in needs before the password is derived: how the stored one was derived
-- ('' for an unknown log-in), and whether there were too many failures. One row: salt,
-- until (China's time, NULL: not locked), left_s.
/*!50700 DROP PROCEDURE IF EXISTS staff_login_begin */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_login_begin(p_login VARCHAR(64) CHARACTER SET utf8mb4)
READS SQL DATA SQL SECURITY DEFINER
SELECT COALESCE((SELECT SUBSTRING_INDEX(password, '$', 5) FROM staff
			WHERE login = CONVERT(p_login USING ascii)), '') AS salt,
		DATE_FORMAT(MAX(locked_until) + INTERVAL 8 HOUR, '%H:%i:%s') AS until,
		TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), MAX(locked_until)) + 1 AS left_s
	FROM login_failure WHERE login_hash = UNHEX(SHA2(p_login, 256))
	AND locked_until > UTC_TIMESTAMP(3)
;;

-- Compares the derived key of a password with the stored one and makes the session of
-- p_token; p_old, if it is a session, ends. An attempt is counted before it is looked
-- at, by what was typed, whether there is such a person or not: from the fifth failure
-- in a row on, the log-in waits 1, 2, 4 … 60 minutes; a day without an attempt forgets.
-- Not within a transaction, which would take the count back. One row: result (done,
-- wrong, locked, disabled), staff, role, failures.
/*!50700 DROP PROCEDURE IF EXISTS staff_log_in */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_log_in(
	p_login VARCHAR(64) CHARACTER SET utf8mb4, p_derived VARCHAR(200) CHARACTER SET ascii,
	p_token VARCHAR(64) CHARACTER SET ascii, p_old VARCHAR(64) CHARACTER SET ascii,
	p_idle_min INT UNSIGNED, p_hours INT UNSIGNED)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_login BINARY(32) DEFAULT UNHEX(SHA2(p_login, 256));
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_role VARCHAR(16) CHARACTER SET ascii;
	DECLARE v_active, v_same BOOLEAN;

	INSERT IGNORE INTO login_failure (login_hash, failures, locked_until, tried_at)
		VALUES (v_login, 0, NULL, v_at);
	-- The order of the assignments matters: the last one sees the first.
	UPDATE login_failure SET failures = IF(tried_at < v_at - INTERVAL 1 DAY, 1, failures + 1),
			tried_at = v_at, locked_until = IF(failures < 5, NULL,
				v_at + INTERVAL LEAST(60, POW(2, LEAST(failures, 20) - 5)) MINUTE)
		WHERE login_hash = v_login AND (locked_until IS NULL OR locked_until <= v_at);
	IF ROW_COUNT() = 0 THEN
		SELECT 'locked' AS result, 0 AS staff, '' AS role, 0 AS failures;
		LEAVE body;
	END IF;
	SELECT id, role, is_active, SHA2(password, 256) = SHA2(p_derived, 256)
		INTO v_staff, v_role, v_active, v_same
		FROM staff WHERE login = CONVERT(p_login USING ascii);
	IF v_staff IS NULL OR NOT COALESCE(v_same, FALSE) THEN
		IF v_staff IS NOT NULL THEN
			INSERT INTO act (at, subject_kind, subject, act, leaf)
				VALUES (UTC_TIMESTAMP(6), 'staff', v_staff, 'log_in_failed', '');
		END IF;
		SELECT IF(locked_until > v_at, 'locked', 'wrong') AS result, 0 AS staff, '' AS role,
			failures FROM login_failure WHERE login_hash = v_login;
		LEAVE body;
	END IF;
	UPDATE login_failure SET failures = 0, locked_until = NULL WHERE login_hash = v_login;
	INSERT INTO act (at, subject_kind, subject, staff, role, act, leaf)
		VALUES (UTC_TIMESTAMP(6), 'staff', v_staff, v_staff, v_role,
			IF(v_active, 'log_in', 'log_in_disabled'), '');
	IF NOT v_active THEN
		SELECT 'disabled' AS result, v_staff AS staff, v_role AS role, 0 AS failures;
		LEAVE body;
	END IF;
	DELETE FROM staff_session
		WHERE ends_at <= v_at OR token_hash = UNHEX(SHA2(UNHEX(p_old), 256));
	INSERT INTO staff_session (token_hash, staff, role, created_at, seen_at, idle_at, ends_at)
		VALUES (UNHEX(SHA2(UNHEX(p_token), 256)), v_staff, v_role, v_at, v_at,
			v_at + INTERVAL LEAST(p_idle_min, 480) MINUTE,
			v_at + INTERVAL LEAST(p_hours, 24) HOUR);
	SELECT 'done' AS result, v_staff AS staff, v_role AS role, 0 AS failures;
END
;;

-- Ends the session of a token, whatever its role: there is one page for it.
/*!50700 DROP PROCEDURE IF EXISTS staff_log_out */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_log_out(p_token VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_hash BINARY(32) DEFAULT UNHEX(SHA2(UNHEX(p_token), 256));

	INSERT INTO act (at, subject_kind, subject, staff, role, act, leaf)
		SELECT UTC_TIMESTAMP(6), 'staff', staff, staff, role, 'log_out', ''
		FROM staff_session WHERE token_hash = v_hash AND idle_at > UTC_TIMESTAMP(3)
		AND ends_at > UTC_TIMESTAMP(3);
	DELETE FROM staff_session WHERE token_hash = v_hash;
END
;;

-- Moves the idle end of a live session of the account's own realm.
/*!50700 DROP PROCEDURE IF EXISTS staff_touch */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_touch(
	p_token VARCHAR(64) CHARACTER SET ascii, p_idle_min INT UNSIGNED)
MODIFIES SQL DATA SQL SECURITY DEFINER
UPDATE staff_session SET seen_at = UTC_TIMESTAMP(3),
		idle_at = UTC_TIMESTAMP(3) + INTERVAL LEAST(p_idle_min, 480) MINUTE
	WHERE token_hash = UNHEX(SHA2(UNHEX(p_token), 256)) AND idle_at > UTC_TIMESTAMP(3)
	AND ends_at > UTC_TIMESTAMP(3) AND flow_speaks_for(role)
;;

-- A new person. One row: result (done, taken), staff.
/*!50700 DROP PROCEDURE IF EXISTS staff_add */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_add(
	p_login VARCHAR(32) CHARACTER SET ascii, p_name VARCHAR(50) CHARACTER SET utf8mb4,
	p_role VARCHAR(16) CHARACTER SET ascii, p_password VARCHAR(200) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
	DECLARE v_staff INT UNSIGNED;
	DECLARE EXIT HANDLER FOR 1062 SELECT 'taken' AS result, 0 AS staff;

	INSERT INTO staff (login, name, role, password, created_at)
		VALUES (p_login, p_name, p_role, p_password, UTC_TIMESTAMP());
	SET v_staff = LAST_INSERT_ID();
	INSERT INTO act (at, subject_kind, subject, act, state_after, leaf)
		VALUES (UTC_TIMESTAMP(6), 'staff', v_staff, 'add', p_role, '');
	SELECT 'done' AS result, v_staff AS staff;
END
;;

-- A new password (NULL: none), or another standing (NULL: none). Both forget failed
-- log-ins, but for a person who leaves; a new password and leaving end all sessions.
-- One row: result (done, unknown), staff.
/*!50700 DROP PROCEDURE IF EXISTS staff_change */
;;
CREATE /*M! OR REPLACE */ PROCEDURE staff_change(
	p_login VARCHAR(32) CHARACTER SET ascii, p_password VARCHAR(200) CHARACTER SET ascii,
	p_active BOOLEAN)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_active BOOLEAN;

	SELECT id, is_active INTO v_staff, v_active FROM staff WHERE login = p_login FOR UPDATE;
	IF v_staff IS NULL THEN
		SELECT 'unknown' AS result, 0 AS staff;
		LEAVE body;
	END IF;
	UPDATE staff SET password = COALESCE(p_password, password),
			is_active = COALESCE(p_active, is_active)
		WHERE id = v_staff;
	IF p_password IS NOT NULL OR NOT COALESCE(p_active, TRUE) THEN
		DELETE FROM staff_session WHERE staff = v_staff;
	END IF;
	IF COALESCE(p_active, TRUE) THEN
		DELETE FROM login_failure WHERE login_hash = UNHEX(SHA2(p_login, 256));
	END IF;
	INSERT INTO act (at, subject_kind, subject, act, state_before, state_after, leaf)
		VALUES (UTC_TIMESTAMP(6), 'staff', v_staff,
			CASE WHEN p_password IS NOT NULL THEN 'password'
				WHEN p_active THEN 'enable' ELSE 'disable' END,
			IF(v_active, 'active', 'disabled'),
			IF(COALESCE(p_active, v_active), 'active', 'disabled'), '');
	SELECT 'done' AS result, v_staff AS staff;
END
;;
