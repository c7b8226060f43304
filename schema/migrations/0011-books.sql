-- The finance office's books: e-invoices, the service's bills, and what the
-- bills and our ledger do not agree on. Amounts are whole fen.

-- When a refund was first handed to the service: the day of its row in the bill.
ALTER TABLE refund ADD sent_at DATETIME(3) NULL COMMENT 'first handed over; never changes' AFTER note;

CREATE TABLE invoice (
  id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application      BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  payment          BIGINT UNSIGNED NOT NULL REFERENCES payment (id),
  kind             ENUM('blue','red') NOT NULL,
  of_invoice       BIGINT UNSIGNED NULL COMMENT 'of a red one: the blue one' REFERENCES invoice (id),
  order_no         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE
                   COMMENT 'ours, known to the provider',
  state            ENUM('due','asked','issued','failed','given_up') NOT NULL DEFAULT 'due'
                   COMMENT 'asked: the provider may have it; failed: it refused',
  amount_fen       BIGINT NOT NULL COMMENT 'with tax; red is negative',
  tax_percent      TINYINT UNSIGNED NOT NULL,
  tax_fen          BIGINT NOT NULL,
  net_fen          BIGINT NOT NULL,
  buyer_title      VARCHAR(100) NOT NULL COMMENT 'as the order was confirmed',
  buyer_tax_number VARCHAR(20) CHARACTER SET ascii NULL,
  provider         VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'manual: the accountant',
  created_at       DATETIME(3) NOT NULL,
  serial           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  number           CHAR(20) CHARACTER SET ascii NULL UNIQUE,
  issued_at        DATETIME NULL,
  failure          VARCHAR(200) NULL COMMENT 'in the provider''s words; may quote the buyer',
  live             VARCHAR(4) CHARACTER SET ascii
                   AS (IF(state IN ('failed','given_up'), NULL, IF(kind = 'red', 'red', 'blue'))) STORED,
  UNIQUE KEY once (payment, live),
  KEY (application),
  KEY (state, created_at)
) ENGINE=InnoDB COMMENT='at most one live blue and one live red invoice a payment';

CREATE TABLE invoice_pdf (
  invoice BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES invoice (id),
  sealed  LONGBLOB NOT NULL COMMENT 'sealed invoice_pdf:invoice',
  kept_at DATETIME(3) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE invoice_act (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  invoice    BIGINT UNSIGNED NOT NULL REFERENCES invoice (id),
  at         DATETIME(3) NOT NULL,
  staff      INT UNSIGNED NOT NULL REFERENCES staff (id),
  act        ENUM('enter','again','give_up') NOT NULL,
  note       VARCHAR(200) NOT NULL,
  idempotency_key VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
  KEY (invoice)
) ENGINE=InnoDB COMMENT='what accountants did with invoices: insert only';

CREATE TABLE bill_day (
  day          DATE NOT NULL PRIMARY KEY COMMENT 'China''s',
  state        ENUM('due','empty','read') NOT NULL DEFAULT 'due',
  ask_at       DATETIME(3) NOT NULL COMMENT 'when to fetch it; while fetching, the end of the lease',
  asks         SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  failure      VARCHAR(100) CHARACTER SET ascii NULL COMMENT 'why the last fetch came to nothing',
  sha256       BINARY(32) NULL,
  row_count    INT UNSIGNED NULL,
  paid_fen     BIGINT NULL,
  refund_fen   BIGINT NULL,
  fee_millifen BIGINT NULL,
  fetched_at   DATETIME(3) NULL,
  KEY (state, ask_at)
) ENGINE=InnoDB COMMENT='the trade bills of WeChat Pay, one a day';

CREATE TABLE bill_row (
  day            DATE NOT NULL REFERENCES bill_day (day),
  line           INT UNSIGNED NOT NULL,
  kind           ENUM('payment','refund','revoked') NOT NULL,
  at             DATETIME NOT NULL COMMENT 'UTC',
  out_trade_no   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  out_refund_no  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  refund_id      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  currency       VARCHAR(8) CHARACTER SET ascii NOT NULL,
  fen            BIGINT NOT NULL COMMENT 'of the order, or asked back',
  fee_millifen   BIGINT NOT NULL,
  PRIMARY KEY (day, line),
  KEY (out_trade_no),
  KEY (out_refund_no)
) ENGINE=InnoDB;

CREATE TABLE difference (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  day        DATE NOT NULL REFERENCES bill_day (day),
  kind       ENUM('missing_here','missing_there','amount','currency','transaction','revoked',
             'refund_missing_here','refund_missing_there','refund_amount') NOT NULL,
  number     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
             COMMENT 'out_trade_no or out_refund_no',
  ours_fen   BIGINT NULL COMMENT 'NULL: we have none',
  theirs_fen BIGINT NULL,
  found_at   DATETIME(3) NOT NULL,
  UNIQUE KEY once (day, kind, number)
) ENGINE=InnoDB COMMENT='where a bill and our ledger do not agree';

CREATE TABLE difference_act (
  difference BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES difference (id),
  at         DATETIME(3) NOT NULL,
  staff      INT UNSIGNED NOT NULL REFERENCES staff (id),
  reason     VARCHAR(200) NOT NULL,
  idempotency_key VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE
) ENGINE=InnoDB COMMENT='who cleared a difference, and why: insert only';
