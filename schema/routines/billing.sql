-- billing.sql: invoices and differences.

-- A blue invoice is for what was paid, a red one takes the whole of an issued
-- blue one back; net and tax are the amount.
/*!50700 DROP TRIGGER IF EXISTS invoice_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER invoice_before_insert BEFORE INSERT ON invoice
FOR EACH ROW
IF NEW.net_fen + NEW.tax_fen <> NEW.amount_fen OR NOT NEW.state = 'due'
		OR (NEW.kind = 'blue' AND NOT EXISTS (SELECT 1 FROM payment
			WHERE id = NEW.payment AND application = NEW.application AND state = 'paid'
			AND paid_fen = NEW.amount_fen))
		OR (NEW.kind = 'red' AND NOT EXISTS (SELECT 1 FROM invoice
			WHERE id = NEW.of_invoice AND kind = 'blue' AND state = 'issued'
			AND payment = NEW.payment AND amount_fen = -NEW.amount_fen
			AND tax_fen = -NEW.tax_fen)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_what_was_paid';
END IF
;;

/*!50700 DROP TRIGGER IF EXISTS invoice_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER invoice_before_update BEFORE UPDATE ON invoice
FOR EACH ROW
IF NEW.payment <> OLD.payment OR NEW.application <> OLD.application OR NEW.kind <> OLD.kind
		OR NOT NEW.of_invoice <=> OLD.of_invoice OR NEW.order_no <> OLD.order_no
		OR NEW.amount_fen <> OLD.amount_fen OR NEW.tax_percent <> OLD.tax_percent
		OR NEW.tax_fen <> OLD.tax_fen OR NEW.net_fen <> OLD.net_fen
		OR NEW.buyer_title <> OLD.buyer_title
		OR NOT NEW.buyer_tax_number <=> OLD.buyer_tax_number
		OR (OLD.state IN ('issued', 'given_up') AND NOT (NEW.state = OLD.state
			AND NEW.number <=> OLD.number AND NEW.issued_at <=> OLD.issued_at))
		OR (NEW.state = 'due' AND OLD.state <> 'due')
		OR (NEW.state = 'issued' AND (NEW.number IS NULL OR NEW.issued_at IS NULL)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'invoice_is_fixed';
END IF
;;

-- The red invoice of a payment is there, or is not going to be: a confirmed
-- refund that waited for it is promised again.
/*!50700 DROP PROCEDURE IF EXISTS refund_after_red */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_after_red(p_invoice BIGINT UNSIGNED)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT IGNORE INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
	SELECT r.application, 'refund_send', CONCAT('refund-', r.id, '-red-', i.id),
		CONCAT('{"refund":', r.id, '}'), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
	FROM invoice i JOIN refund r ON r.payment = i.payment AND r.state = 'confirmed'
	WHERE i.id = p_invoice AND i.kind = 'red' AND i.state IN ('issued', 'given_up')
;;

-- What an accountant does with an invoice that the provider did not issue:
-- enter one that was issued by hand, ask the provider again under a new number,
-- or give it up with a note. Within the caller's transaction, which unless the
-- result is decided or repeated rolls back; gives one row: decided, repeated,
-- number_taken, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS invoice_decide */
;;
CREATE /*M! OR REPLACE */ PROCEDURE invoice_decide(
	p_invoice BIGINT UNSIGNED, p_token VARCHAR(64) CHARACTER SET ascii,
	p_act VARCHAR(16) CHARACTER SET ascii,
	p_number VARCHAR(20) CHARACTER SET ascii, p_issued_at DATETIME,
	p_note VARCHAR(200) CHARACTER SET utf8mb4, p_order_no VARCHAR(20) CHARACTER SET ascii,
	p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_state, v_kind VARCHAR(16) CHARACTER SET ascii;
	DECLARE v_application, v_new BIGINT UNSIGNED;
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
	-- Another live one of this payment is there.
	DECLARE EXIT HANDLER FOR 1062 SELECT 'not_open' AS result;

	CALL staff_prove(p_token, 'accountant', v_staff);
	IF v_staff IS NULL THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT state, kind, application INTO v_state, v_kind, v_application
		FROM invoice WHERE id = p_invoice FOR UPDATE;
	IF EXISTS (SELECT 1 FROM act WHERE subject_kind = 'invoice' AND idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE((p_act = 'enter' AND v_state IN ('due', 'asked', 'failed'))
			OR (p_act = 'again' AND v_state = 'failed')
			OR (p_act = 'give_up' AND v_state IN ('due', 'failed')), FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	IF p_act = 'enter' AND EXISTS (SELECT 1 FROM invoice WHERE number = p_number) THEN
		SELECT 'number_taken' AS result;
		LEAVE body;
	END IF;
	INSERT INTO act (at, subject_kind, subject, staff, role, act, reason, state_before,
			state_after, idempotency_key, leaf)
		VALUES (UTC_TIMESTAMP(6), 'invoice', p_invoice, v_staff, 'accountant', p_act, p_note,
			v_state, IF(p_act = 'enter', 'issued', 'given_up'), p_key, '');
	IF p_act = 'again' THEN
		INSERT INTO invoice (application, payment, kind, of_invoice, order_no, amount_fen,
				tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider,
				created_at)
			SELECT application, payment, kind, of_invoice, p_order_no, amount_fen,
				tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider, v_at
			FROM invoice WHERE id = p_invoice;
		SET v_new = LAST_INSERT_ID();
		UPDATE invoice SET state = 'given_up' WHERE id = p_invoice;
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, 'invoice', CONCAT('invoice-again-', v_new),
				CONCAT('{"invoice":', v_new, '}'), v_at, v_at);
	ELSEIF p_act = 'enter' THEN
		UPDATE invoice SET state = 'issued', number = p_number, issued_at = p_issued_at
			WHERE id = p_invoice;
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, IF(v_kind = 'red', 'invoice_red_mail', 'invoice_mail'),
				CONCAT('invoice-mail-', p_invoice), CONCAT('{"invoice":', p_invoice, '}'),
				v_at, v_at);
		CALL refund_after_red(p_invoice);
	ELSE
		UPDATE invoice SET state = 'given_up' WHERE id = p_invoice;
		CALL refund_after_red(p_invoice);
	END IF;
	SELECT 'decided' AS result;
END
;;

-- An accountant clears a difference with a reason. Gives one row: decided,
-- repeated, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS difference_clear */
;;
CREATE /*M! OR REPLACE */ PROCEDURE difference_clear(
	p_difference BIGINT UNSIGNED, p_token VARCHAR(64) CHARACTER SET ascii,
	p_reason VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_known BIGINT UNSIGNED;
	DECLARE v_key VARCHAR(64) CHARACTER SET ascii;

	CALL staff_prove(p_token, 'accountant', v_staff);
	IF v_staff IS NULL THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	-- One is cleared once: the lock makes others wait, who then see the act.
	SELECT id INTO v_known FROM difference WHERE id = p_difference FOR UPDATE;
	SELECT idempotency_key INTO v_key FROM act
		WHERE subject_kind = 'difference' AND subject = p_difference LIMIT 1;
	IF v_known IS NULL OR v_key IS NOT NULL THEN
		SELECT IF(v_key = p_key, 'repeated', 'not_open') AS result;
		LEAVE body;
	END IF;
	INSERT INTO act (at, subject_kind, subject, staff, role, act, reason, idempotency_key, leaf)
		VALUES (UTC_TIMESTAMP(6), 'difference', p_difference, v_staff, 'accountant', 'clear',
			p_reason, p_key, '');
	SELECT 'decided' AS result;
END
;;
