-- A notice of WeChat Pay is proved where it is booked: the four headers that sign
-- it are kept beside the body. Rows that wait without them are not booked; the
-- service is asked about what they name (result 'ask', see cron/poll-notice.c).

ALTER TABLE wechatpay_notice
  ADD signed_at VARCHAR(12) CHARACTER SET ascii NULL COMMENT 'header Wechatpay-Timestamp, as it came' AFTER body,
  ADD nonce     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER signed_at,
  ADD signature VARCHAR(684) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER nonce,
  ADD serial    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'names the key that signed' AFTER signature,
  MODIFY received_at DATETIME(3) NOT NULL COMMENT 'by the clock that found it fresh',
  COMMENT = 'notices of WeChat Pay, each once; believed after cron/poll has verified them';
UPDATE wechatpay_notice SET result = 'ask' WHERE done_at IS NULL;
