-- session.sql: guards of applicants' sessions.

-- Those of the staff are in a table of their own, see staff.sql.
/*!50700 DROP TRIGGER IF EXISTS session_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER session_before_insert BEFORE INSERT ON session
FOR EACH ROW
IF NEW.role <> 'applicant' THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'session_of_another_part';
END IF
;;
