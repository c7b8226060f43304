-- review.sql: guards of what a reviewer writes.

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
