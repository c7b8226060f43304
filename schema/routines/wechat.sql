-- wechat.sql: what programs that must not read WeChat's tables ask of them.

-- WeChat took a message over and reports that it did not arrive: its promise is
-- open again, so that the worker goes another way. Called once a report.
/*!50700 DROP PROCEDURE IF EXISTS wechat_undelivered */
;;
CREATE /*M! OR REPLACE */ PROCEDURE wechat_undelivered(p_msgid VARCHAR(40) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
UPDATE outbox o JOIN wechat_message m ON m.idempotency_key = o.idempotency_key
	SET o.done_at = NULL, o.attempts = 0, o.claimed_by = NULL, o.due_at = UTC_TIMESTAMP(3)
	WHERE m.msgid = p_msgid AND o.done_at IS NOT NULL AND o.given_up_at IS NULL
;;

-- The jsapi ticket as it is kept, for pages, which must not see the token beside it.
/*!50700 DROP PROCEDURE IF EXISTS wechat_ticket */
;;
CREATE /*M! OR REPLACE */ PROCEDURE wechat_ticket(p_appid VARCHAR(32) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
SELECT token FROM service_token
	WHERE name = CONCAT('wechat-ticket:', p_appid) AND good_until > UTC_TIMESTAMP(3)
;;
