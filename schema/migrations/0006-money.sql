-- Money: what a package costs from when on, what was ordered of WeChat Pay, what
-- goes back, and which identity checks were tried. Amounts are whole fen.

-- A price is added, never changed; view package_offer gives the one that holds.
CREATE TABLE package_price (
  id         INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  package    INT UNSIGNED NOT NULL REFERENCES package (id),
  price_fen  BIGINT NOT NULL,
  valid_from DATETIME NOT NULL,
  UNIQUE KEY (package, valid_from)
) ENGINE=InnoDB;
INSERT INTO package_price (package, price_fen, valid_from)
  SELECT id, price_fen, '2026-01-01 00:00:00' FROM package;
ALTER TABLE package DROP COLUMN price_fen;

ALTER TABLE `order`
  ADD price         INT UNSIGNED NULL REFERENCES package_price (id),
  ADD price_fen     BIGINT NULL COMMENT 'as confirmed; never changes',
  ADD confirmed_at  DATETIME(3) NULL;

-- The finance office confirms refunds, enters invoices, clears differences.
ALTER TABLE staff
  MODIFY role ENUM('clerk','producer','admin','auditor','accountant') NOT NULL;
ALTER TABLE session
  MODIFY role ENUM('applicant','clerk','producer','admin','auditor','accountant') NOT NULL;

CREATE TABLE payment (
  id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application    BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  out_trade_no   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  product        ENUM('jsapi','h5','native') NOT NULL,
  appid          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mchid          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen     BIGINT NOT NULL,
  created_at     DATETIME(3) NOT NULL,
  expires_at     DATETIME NOT NULL COMMENT 'time_expire of the order, to the second',
  state          ENUM('open','closed','paid','odd') NOT NULL DEFAULT 'open'
                 COMMENT 'odd: money came, but not what was asked for',
  booked_as      ENUM('fee','excess') NULL COMMENT 'of a paid one: fee moved the application on',
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
  paid_fen       BIGINT NULL,
  currency       VARCHAR(8) CHARACTER SET ascii NULL,
  paid_at        DATETIME NULL COMMENT 'in the words of the service',
  booked_at      DATETIME(3) NULL,
  asks           SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  ask_at         DATETIME(3) NULL COMMENT 'when to ask the service next; NULL: no more',
  KEY (application),
  KEY (ask_at)
) ENGINE=InnoDB COMMENT='orders of WeChat Pay: one number each';

CREATE TABLE refund (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  payment       BIGINT UNSIGNED NOT NULL REFERENCES payment (id),
  application   BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  out_refund_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  cause         ENUM('ended','excess','odd','desk') NOT NULL
                COMMENT 'application over, paid twice, wrong amount, asked for by the desk',
  amount_fen    BIGINT NOT NULL,
  state         ENUM('requested','declined','confirmed','sent','done','abnormal','closed','by_hand')
                NOT NULL DEFAULT 'requested',
  requested_by  INT UNSIGNED NULL COMMENT 'NULL: by rule' REFERENCES staff (id),
  requested_at  DATETIME(3) NOT NULL,
  decided_by    INT UNSIGNED NULL COMMENT 'never who requested it' REFERENCES staff (id),
  decided_at    DATETIME(3) NULL,
  note          VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'of who decided',
  refund_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  done_at       DATETIME(3) NULL,
  asks          SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  ask_at        DATETIME(3) NULL,
  live          BOOLEAN AS (IF(state IN ('declined','closed'), NULL, 1)) STORED,
  UNIQUE KEY once (payment, live),
  KEY (application),
  KEY (state, requested_at),
  KEY (ask_at)
) ENGINE=InnoDB COMMENT='whole payments that go back; at most one live refund a payment';

CREATE TABLE refund_act (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  refund     BIGINT UNSIGNED NOT NULL REFERENCES refund (id),
  at         DATETIME(3) NOT NULL,
  staff      INT UNSIGNED NOT NULL REFERENCES staff (id),
  act        ENUM('confirm','decline','by_hand','again') NOT NULL,
  note       VARCHAR(200) NOT NULL,
  idempotency_key VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
  KEY (refund)
) ENGINE=InnoDB COMMENT='what accountants decided: insert only';

CREATE TABLE wechatpay_notice (
  id          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY
              COMMENT 'as the service numbers it',
  event_type  VARCHAR(32) CHARACTER SET ascii NOT NULL,
  body        VARBINARY(20000) NOT NULL COMMENT 'as it came; its resource is encrypted by the sender',
  received_at DATETIME(3) NOT NULL,
  done_at     DATETIME(3) NULL,
  result      VARCHAR(20) CHARACTER SET ascii NULL COMMENT 'what the ledger said',
  KEY (done_at, received_at)
) ENGINE=InnoDB COMMENT='verified notices of WeChat Pay, each once';

-- The identity check: what a project allows, and each try.
ALTER TABLE project
  ADD identity_methods      SET('cloud','recorded','counter') NOT NULL DEFAULT 'recorded,counter',
  ADD identity_subject      ENUM('agent','legal_rep') NOT NULL DEFAULT 'agent',
  ADD identity_attempts_max TINYINT UNSIGNED NOT NULL DEFAULT 3
                            COMMENT 'failed tries by face; the counter is always open',
  ADD face_keep_days        SMALLINT UNSIGNED NOT NULL DEFAULT 30
                            COMMENT 'face material after the final decision',
  ADD counter_place         VARCHAR(300) NOT NULL DEFAULT '' COMMENT 'where to go, when, with what';

CREATE TABLE identity_attempt (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id   CHAR(26) CHARACTER SET ascii NOT NULL UNIQUE,
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  method      ENUM('cloud','recorded','counter') NOT NULL,
  subject     ENUM('agent','legal_rep') NOT NULL,
  state       ENUM('begun','handed_in','review','passed','failed','repeat','lapsed') NOT NULL
              DEFAULT 'begun',
  begun_at    DATETIME(3) NOT NULL,
  ended_at    DATETIME(3) NULL,
  KEY (application, id)
) ENGINE=InnoDB COMMENT='one try to prove who the agent is';
