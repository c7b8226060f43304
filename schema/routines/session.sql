-- session.sql: guards of sessions.

-- The applicant's pages make applicants' sessions and no others.
/*!50700 DROP TRIGGER IF EXISTS session_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER session_before_insert BEFORE INSERT ON session
FOR EACH ROW
IF flow_speaks_for('applicant') <> (NEW.role = 'applicant') THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'session_of_another_part';
END IF
;;
