-- identity.sql: guards of the identity check: attempts and faces.

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
