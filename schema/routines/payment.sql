-- payment.sql: prices, payments and refunds.

-- The packages with the price that holds now.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW package_offer AS
	SELECT k.id, k.project, k.code, k.title, k.description, k.years, k.on_sale,
		q.id AS price, q.price_fen
	FROM package k JOIN package_price q ON q.package = k.id
	WHERE q.valid_from = (SELECT MAX(l.valid_from) FROM package_price l
		WHERE l.package = k.id AND l.valid_from <= UTC_TIMESTAMP())
;;

-- What was confirmed is the price of the list, and stays. Behind the
-- trigger of the form: a closed form is what its page is told of first.
/*!50700 DROP TRIGGER IF EXISTS order_price_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER order_price_before_update BEFORE UPDATE ON `order`
FOR EACH ROW
BEGIN
	IF OLD.price_fen IS NULL THEN
		IF NEW.price_fen IS NOT NULL AND NOT EXISTS (SELECT 1 FROM package_offer
				WHERE id = NEW.package AND price = NEW.price
				AND price_fen = NEW.price_fen) THEN
			SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_the_price';
		END IF;
	ELSEIF NOT (NEW.price_fen <=> OLD.price_fen AND NEW.price <=> OLD.price
			AND NEW.package <=> OLD.package AND NEW.confirmed_at <=> OLD.confirmed_at) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'price_is_confirmed';
	END IF;
END
;;

-- An order of WeChat Pay is for the confirmed price, while it may be paid; what
-- came in is written once and stays.
/*!50700 DROP TRIGGER IF EXISTS payment_before_insert */
;;
CREATE /*M! OR REPLACE */ TRIGGER payment_before_insert BEFORE INSERT ON payment
FOR EACH ROW
BEGIN
	CALL form_check_writable(NEW.application, 'pay', 'order', NULL);
	IF NEW.amount_fen <= 0 OR NOT NEW.state = 'open' OR NOT EXISTS (SELECT 1 FROM `order`
			WHERE application = NEW.application AND price_fen = NEW.amount_fen) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not_the_price';
	END IF;
END
;;

/*!50700 DROP TRIGGER IF EXISTS payment_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER payment_before_update BEFORE UPDATE ON payment
FOR EACH ROW
IF NEW.application <> OLD.application OR NEW.out_trade_no <> OLD.out_trade_no
		OR NEW.appid <> OLD.appid OR NEW.mchid <> OLD.mchid OR NEW.product <> OLD.product
		OR NEW.amount_fen <> OLD.amount_fen OR NEW.expires_at <> OLD.expires_at
		OR (OLD.state IN ('paid', 'odd') AND NOT (NEW.state = OLD.state
			AND NEW.transaction_id <=> OLD.transaction_id AND NEW.paid_fen <=> OLD.paid_fen
			AND NEW.currency <=> OLD.currency AND NEW.booked_as <=> OLD.booked_as))
		OR (OLD.state = 'closed' AND NEW.state = 'open')
		OR (NEW.state IN ('paid', 'odd') AND NEW.paid_fen IS NULL)
		OR (NEW.state = 'paid' AND (NEW.booked_as IS NULL OR NEW.paid_fen <> NEW.amount_fen)) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'money_is_fixed';
END IF
;;

-- Asks that the whole of a payment goes back: by rule, which is for the jobs (and asked
-- by the clerk who ended the application, if one did), or by the accountant whose
-- session the token is. Within the caller's transaction; gives
-- one row: requested, repeated (a live one is there), not_paid or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS refund_request */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_request(
	p_payment BIGINT UNSIGNED, p_cause VARCHAR(8) CHARACTER SET ascii,
	p_token VARCHAR(64) CHARACTER SET ascii, p_number VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_application BIGINT UNSIGNED;
	DECLARE v_staff INT UNSIGNED;
	DECLARE v_fen BIGINT;
	DECLARE v_state VARCHAR(8) CHARACTER SET ascii;
	DECLARE EXIT HANDLER FOR 1062 SELECT 'repeated' AS result;

	IF p_cause = 'desk' THEN
		CALL staff_prove(p_token, 'accountant', v_staff);
	END IF;
	IF (p_cause = 'desk' AND v_staff IS NULL)
			OR (p_cause <> 'desk' AND NOT flow_speaks_for('cron')) THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT application, paid_fen, state INTO v_application, v_fen, v_state
		FROM payment WHERE id = p_payment FOR UPDATE;
	IF NOT COALESCE(v_state IN ('paid', 'odd'), FALSE) THEN
		SELECT 'not_paid' AS result;
		LEAVE body;
	END IF;
	IF p_cause = 'ended' THEN
		SET v_staff = (SELECT IF(event = 'reject' AND role = 'clerk', actor, NULL) FROM event
			WHERE application = v_application AND to_state <> from_state
			ORDER BY id DESC LIMIT 1);
	END IF;
	INSERT INTO refund (payment, application, out_refund_no, cause, amount_fen, requested_by,
			requested_at)
		VALUES (p_payment, v_application, p_number, p_cause, v_fen, v_staff, UTC_TIMESTAMP(3));
	INSERT INTO act (at, subject_kind, subject, staff, role, act, state_after, idempotency_key,
			leaf)
		VALUES (UTC_TIMESTAMP(6), 'refund', LAST_INSERT_ID(),
			IF(p_cause = 'desk', v_staff, NULL), IF(p_cause = 'desk', 'accountant', ''),
			'request', 'requested', p_number, '');
	SELECT 'requested' AS result;
END
;;

-- What an accountant decides about a refund: confirm or decline one that is
-- requested, never one's own; of one that could not go back by itself: again
-- (asks the service anew under the same number), or by_hand (the money went
-- another way). A confirmed one is promised to the outside world. Gives one row:
-- decided, repeated, own_request, not_open or not_allowed.
/*!50700 DROP PROCEDURE IF EXISTS refund_decide */
;;
CREATE /*M! OR REPLACE */ PROCEDURE refund_decide(
	p_refund BIGINT UNSIGNED, p_token VARCHAR(64) CHARACTER SET ascii,
	p_act VARCHAR(16) CHARACTER SET ascii,
	p_note VARCHAR(200) CHARACTER SET utf8mb4, p_key VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
body: BEGIN
	DECLARE v_state, v_to VARCHAR(16) CHARACTER SET ascii;
	DECLARE v_staff, v_by INT UNSIGNED;
	DECLARE v_application BIGINT UNSIGNED;
	DECLARE v_at DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

	CALL staff_prove(p_token, 'accountant', v_staff);
	IF v_staff IS NULL THEN
		SELECT 'not_allowed' AS result;
		LEAVE body;
	END IF;
	SELECT state, requested_by, application INTO v_state, v_by, v_application
		FROM refund WHERE id = p_refund FOR UPDATE;
	IF EXISTS (SELECT 1 FROM act WHERE subject_kind = 'refund' AND idempotency_key = p_key) THEN
		SELECT 'repeated' AS result;
		LEAVE body;
	END IF;
	IF NOT COALESCE((p_act IN ('confirm', 'decline') AND v_state = 'requested')
			OR (p_act IN ('again', 'by_hand') AND v_state = 'abnormal'), FALSE) THEN
		SELECT 'not_open' AS result;
		LEAVE body;
	END IF;
	IF v_by <=> v_staff THEN
		SELECT 'own_request' AS result;
		LEAVE body;
	END IF;
	SET v_to = CASE p_act WHEN 'decline' THEN 'declined'
		WHEN 'by_hand' THEN 'by_hand' ELSE 'confirmed' END;
	INSERT INTO act (at, subject_kind, subject, staff, role, act, reason, state_before,
			state_after, idempotency_key, leaf)
		VALUES (UTC_TIMESTAMP(6), 'refund', p_refund, v_staff, 'accountant', p_act, p_note,
			v_state, v_to, p_key, '');
	UPDATE refund SET state = v_to, decided_by = v_staff, decided_at = v_at, note = p_note, ask_at = NULL,
			done_at = IF(p_act = 'by_hand', v_at, NULL)
		WHERE id = p_refund;
	IF p_act IN ('confirm', 'again') THEN
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			VALUES (v_application, 'refund_send', CONCAT('refund-', p_refund, '-', p_key),
				CONCAT('{"refund":', p_refund, '}'), v_at, v_at);
	ELSEIF p_act = 'decline' THEN
		-- the invoice that was held back meanwhile
		INSERT INTO outbox (application, kind, idempotency_key, payload, created_at, due_at)
			SELECT p.application, 'invoice', CONCAT('invoice-', p.id, '-kept-', p_refund),
				CONCAT('{"payment":', p.id, '}'), v_at, v_at
			FROM refund r JOIN payment p ON p.id = r.payment
			WHERE r.id = p_refund AND p.booked_as = 'fee';
	END IF;
	SELECT 'decided' AS result;
END
;;

-- When a refund is first handed over is the day of its row in the bill; what it
-- is about never changes, and what is settled stays.
/*!50700 DROP TRIGGER IF EXISTS refund_before_update */
;;
CREATE /*M! OR REPLACE */ TRIGGER refund_before_update BEFORE UPDATE ON refund
FOR EACH ROW
BEGIN
	IF NEW.payment <> OLD.payment OR NEW.application <> OLD.application
			OR NEW.out_refund_no <> OLD.out_refund_no OR NEW.cause <> OLD.cause
			OR NEW.amount_fen <> OLD.amount_fen
			OR NOT NEW.requested_by <=> OLD.requested_by
			OR (OLD.state IN ('declined', 'done', 'closed', 'by_hand')
				AND NEW.state <> OLD.state) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refund_is_fixed';
	END IF;
	IF OLD.state = 'confirmed' AND NEW.state IN ('sent', 'done', 'abnormal', 'closed') THEN
		SET NEW.sent_at = COALESCE(OLD.sent_at, UTC_TIMESTAMP(3));
	ELSE
		SET NEW.sent_at = OLD.sent_at;
	END IF;
END
;;
