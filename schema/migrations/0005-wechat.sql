-- The official account: what came in, what was said, its token and its codes.

CREATE TABLE wechat_inbox (
  message_key BINARY(32) NOT NULL PRIMARY KEY COMMENT 'SHA-256 of what makes the message one: MsgId, or who, when and which event',
  kind        VARCHAR(40) CHARACTER SET ascii NOT NULL COMMENT 'MsgType, or event.Event',
  body        VARBINARY(20000) NOT NULL COMMENT 'sealed wechat_inbox.body:KEY in hex',
  received_at DATETIME(3) NOT NULL,
  answered_at DATETIME(3) NULL,
  KEY (received_at)
) ENGINE=InnoDB COMMENT='each push once; swept after 30 days by those that follow';

CREATE TABLE wechat_token (
  appid          VARCHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  generation     INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'goes up with each new token',
  token          VARBINARY(700) NULL COMMENT 'sealed wechat_token.token:APPID',
  fresh_until    DATETIME(3) NULL COMMENT 'then somebody fetches the next one',
  good_until     DATETIME(3) NULL COMMENT 'until then the others use this one',
  fetched_by     CHAR(26) CHARACTER SET ascii NULL,
  fetching_until DATETIME(3) NULL COMMENT 'the claim of fetched_by'
) ENGINE=InnoDB COMMENT='stable_token, one fetcher at a time';

CREATE TABLE wechat_template (
  channel     ENUM('template','subscription') NOT NULL,
  kind        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'of the notice',
  template_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (channel, kind)
) ENGINE=InnoDB COMMENT='which template of the account says which notice';

CREATE TABLE wechat_template_field (
  channel ENUM('template','subscription') NOT NULL,
  kind    VARCHAR(32) CHARACTER SET ascii NOT NULL,
  field   VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'key of the template: thing2',
  value   VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'name of a value of the notice: company',
  PRIMARY KEY (channel, kind, field)
) ENGINE=InnoDB;

CREATE TABLE wechat_message (
  idempotency_key VARCHAR(100) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  channel ENUM('template','subscription') NOT NULL,
  kind    VARCHAR(32) CHARACTER SET ascii NOT NULL,
  msgid   VARCHAR(40) CHARACTER SET ascii NOT NULL,
  sent_at DATETIME(3) NOT NULL,
  KEY (msgid)
) ENGINE=InnoDB COMMENT='what WeChat took over; whether it arrived stands in wechat_report';

CREATE TABLE wechat_report (
  msgid       VARCHAR(40) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  status      VARCHAR(40) CHARACTER SET ascii NOT NULL COMMENT 'in the words of WeChat',
  delivered   BOOLEAN NOT NULL,
  reported_at DATETIME(3) NOT NULL
) ENGINE=InnoDB COMMENT='may come before the row of wechat_message is written';

CREATE TABLE wechat_qrcode (
  scene   CHAR(26) CHARACTER SET ascii NOT NULL PRIMARY KEY COMMENT 'random: whoever scans may read it',
  project INT UNSIGNED NOT NULL REFERENCES project (id),
  source  VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'where the code hangs',
  ticket  VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  url     VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what the code says',
  scans   INT UNSIGNED NOT NULL DEFAULT 0,
  made_at DATETIME(3) NOT NULL,
  UNIQUE KEY (project, source)
) ENGINE=InnoDB COMMENT='permanent parametric QR codes';
