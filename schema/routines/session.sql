-- session.sql: applicants' sessions.

-- The applicant whose live session the token is; else NULL.
/*!50700 DROP PROCEDURE IF EXISTS session_prove */
;;
CREATE /*M! OR REPLACE */ PROCEDURE session_prove(
	p_token VARCHAR(64) CHARACTER SET ascii, OUT p_applicant BIGINT UNSIGNED)
READS SQL DATA SQL SECURITY DEFINER
SET p_applicant = (SELECT subject FROM session
	WHERE token_hash = UNHEX(SHA2(UNHEX(p_token), 256)) AND role = 'applicant'
	AND idle_at > UTC_TIMESTAMP(3) AND ends_at > UTC_TIMESTAMP(3))
;;

-- Those of the staff are in a table of their own, see staff.sql.
/*!50700 DROP TRIGGER IF EXISTS session_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER session_before_insert BEFORE INSERT ON session
FOR EACH ROW
IF NEW.role <> 'applicant' THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'session_of_another_part';
END IF
;;
