-- act.sql: what people and jobs do that moves no application.

-- A job is the account that logged in, whatever the writer says; an act of a person
-- has none. Every act gets its leaf, as an event does: the SHA-256 of a zero byte and
-- the row's values, one a line, the reason last.
/*!50700 DROP TRIGGER IF EXISTS act_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER act_before_insert BEFORE INSERT ON act
FOR EACH ROW
BEGIN
	SET NEW.job = IF(NEW.staff IS NULL, SUBSTRING_INDEX(USER(), '@', 1), '');
	SET NEW.leaf = UNHEX(SHA2(CONCAT(x'00', CONCAT_WS('\n',
		DATE_FORMAT(NEW.at, '%Y-%m-%d %H:%i:%s.%f'), NEW.subject_kind, NEW.subject,
		COALESCE(NEW.staff, 0), NEW.job, NEW.role, NEW.act, NEW.state_before,
		NEW.state_after, COALESCE(NEW.idempotency_key, ''), NEW.reason)), 256));
END
;;

-- It is added to, never altered.
/*!50700 DROP TRIGGER IF EXISTS act_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER act_before_update BEFORE UPDATE ON act
FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'history_is_append_only'
;;
/*!50700 DROP TRIGGER IF EXISTS act_before_delete */
;;
CREATE /*M! OR REPLACE */ TRIGGER act_before_delete BEFORE DELETE ON act
FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'history_is_append_only'
;;

-- What was decided before there was this table; by now nothing writes those four.
-- A row that was copied is met again by its key, and left alone.
INSERT IGNORE INTO act (at, subject_kind, subject, staff, role, act, reason, idempotency_key, leaf)
	SELECT at, kind, subject, staff, role, act, reason, idempotency_key, ''
	FROM (SELECT at, 'refund' AS kind, refund AS subject, staff, 'accountant' AS role, act,
			note AS reason, idempotency_key FROM refund_act
		UNION ALL SELECT at, 'invoice', invoice, staff, 'accountant', act, note,
			idempotency_key FROM invoice_act
		UNION ALL SELECT at, 'difference', difference, staff, 'accountant', 'clear', reason,
			idempotency_key FROM difference_act
		UNION ALL SELECT at, 'outbox', outbox, staff, 'admin', act, reason,
			idempotency_key FROM outbox_act) AS earlier
	ORDER BY at, kind, subject
;;
