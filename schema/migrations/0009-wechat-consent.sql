-- Who agreed to be told by subscription notifications.

ALTER TABLE wechat_template
  ADD lasting BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'of a subscription: accepted for good; else each acceptance permits one message';

CREATE TABLE wechat_consent (
  appid       VARCHAR(32) CHARACTER SET ascii NOT NULL,
  openid      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  allowed     SMALLINT UNSIGNED NOT NULL COMMENT 'messages that may yet be sent; 0 after a refusal',
  answered_at DATETIME(3) NOT NULL,
  PRIMARY KEY (appid, openid, template_id)
) ENGINE=InnoDB COMMENT='what people answered when asked for subscription notifications';
