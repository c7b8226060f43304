-- form.sql: guards of what an applicant fills in: forms, scans, the agreement.

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
