-- The tables of the house. Times are UTC. Every table has a primary key, so
-- that it can live on a Galera cluster; nothing relies on AUTO_INCREMENT
-- being dense. Columns that hold sealed values say so.

CREATE TABLE project (
  id             INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code           VARCHAR(32) CHARACTER SET ascii NOT NULL UNIQUE,
  name           VARCHAR(100) NOT NULL,
  flow_version   SMALLINT UNSIGNED NOT NULL,
  identity_check BOOLEAN NOT NULL DEFAULT TRUE,
  payment        BOOLEAN NOT NULL DEFAULT TRUE,
  second_review  BOOLEAN NOT NULL DEFAULT TRUE,
  help_phone     VARCHAR(20) NOT NULL DEFAULT '',
  other_channel  VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'where to go who needs another kind of invoice',
  is_open        BOOLEAN NOT NULL DEFAULT TRUE
) ENGINE=InnoDB COMMENT='a certificate programme with its review policy';

CREATE TABLE package (
  id          INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  project     INT UNSIGNED NOT NULL REFERENCES project (id),
  code        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  title       VARCHAR(100) NOT NULL,
  description VARCHAR(300) NOT NULL DEFAULT '',
  years       TINYINT UNSIGNED NOT NULL,
  price_fen   BIGINT NOT NULL,
  on_sale     BOOLEAN NOT NULL DEFAULT TRUE,
  UNIQUE KEY (project, code)
) ENGINE=InnoDB COMMENT='what is bought';

CREATE TABLE agreement_text (
  id           INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  project      INT UNSIGNED NOT NULL REFERENCES project (id),
  version      VARCHAR(20) NOT NULL,
  title        VARCHAR(100) NOT NULL,
  body         MEDIUMTEXT NOT NULL COMMENT 'paragraphs; a line that begins with # is a heading',
  sha256       BINARY(32) NOT NULL COMMENT 'of body, UTF-8',
  published_at DATETIME NOT NULL,
  UNIQUE KEY (project, version)
) ENGINE=InnoDB COMMENT='the user agreement, every version that ever applied';

CREATE TABLE region (
  code   CHAR(6) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  parent CHAR(6) CHARACTER SET ascii NOT NULL DEFAULT '',
  name   VARCHAR(60) NOT NULL,
  level  TINYINT UNSIGNED NOT NULL COMMENT '1 province, 2 city, 3 county',
  leaf   BOOLEAN NOT NULL COMMENT 'may be chosen',
  valid  BOOLEAN NOT NULL DEFAULT TRUE,
  KEY (parent, code)
) ENGINE=InnoDB COMMENT='GB/T 2260';

CREATE TABLE applicant (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  appid      VARCHAR(32) CHARACTER SET ascii NOT NULL,
  openid     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  UNIQUE KEY (appid, openid)
) ENGINE=InnoDB;

CREATE TABLE staff (
  id            INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  login         VARCHAR(32) CHARACTER SET ascii NOT NULL UNIQUE,
  name          VARCHAR(50) NOT NULL,
  role          ENUM('clerk','producer','admin','auditor') NOT NULL,
  password      VARCHAR(200) CHARACTER SET ascii NOT NULL COMMENT 'scrypt$N$r$p$salt$hash',
  is_active     BOOLEAN NOT NULL DEFAULT TRUE,
  created_at    DATETIME(3) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE login_failure (
  login_hash   BINARY(32) NOT NULL PRIMARY KEY COMMENT 'SHA-256 of the login as typed, lower case',
  failures     SMALLINT UNSIGNED NOT NULL,
  locked_until DATETIME(3) NULL,
  tried_at     DATETIME(3) NOT NULL,
  KEY (tried_at)
) ENGINE=InnoDB COMMENT='by login, not by person: a lock must not tell whether the login exists';

CREATE TABLE session (
  token_hash BINARY(32) NOT NULL PRIMARY KEY,
  role       ENUM('applicant','clerk','producer','admin','auditor') NOT NULL,
  subject    BIGINT UNSIGNED NOT NULL COMMENT 'applicant or staff id',
  created_at DATETIME(3) NOT NULL,
  seen_at    DATETIME(3) NOT NULL,
  idle_at    DATETIME(3) NOT NULL COMMENT 'ends when not used until then',
  ends_at    DATETIME(3) NOT NULL COMMENT 'ends then in any case',
  KEY (role, subject),
  KEY (ends_at)
) ENGINE=InnoDB;

CREATE TABLE login_state (
  state_hash   BINARY(32) NOT NULL PRIMARY KEY,
  browser_hash BINARY(32) NOT NULL COMMENT 'of the cookie of the browser that began',
  project      INT UNSIGNED NOT NULL,
  created_at   DATETIME(3) NOT NULL,
  expires_at   DATETIME(3) NOT NULL,
  used_at      DATETIME(3) NULL,
  KEY (expires_at)
) ENGINE=InnoDB COMMENT='OAuth2 state: once, ten minutes';

CREATE TABLE address (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  applicant  BIGINT UNSIGNED NOT NULL REFERENCES applicant (id),
  recipient  VARBINARY(400) NOT NULL COMMENT 'sealed address.recipient:applicant',
  mobile     VARBINARY(100) NOT NULL COMMENT 'sealed address.mobile:applicant',
  region     CHAR(6) CHARACTER SET ascii NOT NULL,
  street     VARBINARY(1000) NOT NULL COMMENT 'sealed address.street:applicant',
  fingerprint BINARY(32) NOT NULL COMMENT 'blind index of the whole entry: no entry twice',
  created_at DATETIME(3) NOT NULL,
  retired_at DATETIME(3) NULL,
  UNIQUE KEY (applicant, fingerprint)
) ENGINE=InnoDB COMMENT='address book; entries are never altered';

CREATE TABLE application (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id    CHAR(26) CHARACTER SET ascii NOT NULL UNIQUE,
  project      INT UNSIGNED NOT NULL REFERENCES project (id),
  applicant    BIGINT UNSIGNED NOT NULL REFERENCES applicant (id),
  flow_version SMALLINT UNSIGNED NOT NULL,
  state        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  state_since  DATETIME(3) NOT NULL,
  deadline_at  DATETIME(3) NULL,
  version      INT UNSIGNED NOT NULL DEFAULT 1,
  last_event   BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'that changed the row; no state changes without',
  created_at   DATETIME(3) NOT NULL,
  start_key    VARCHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'idempotency key of flow_start',
  UNIQUE KEY start (applicant, start_key),
  KEY queue (project, state, state_since, id),
  KEY waiting (state, state_since, id),
  KEY mine (applicant, id),
  KEY deadline (deadline_at)
) ENGINE=InnoDB;

CREATE TABLE agreement (
  application    BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES application (id),
  agreement_text INT UNSIGNED NOT NULL REFERENCES agreement_text (id),
  sha256         BINARY(32) NOT NULL,
  accepted_at    DATETIME(3) NOT NULL,
  consent_identity BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'ID number and ID card scans',
  consent_third_party BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'check with outside registers',
  consent_face   BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'face material'
) ENGINE=InnoDB COMMENT='which text was accepted, with which separate consents';

CREATE TABLE company (
  application BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES application (id),
  name        VARCHAR(100) NULL,
  region      CHAR(6) CHARACTER SET ascii NULL,
  uscc        CHAR(18) CHARACTER SET ascii NULL,
  complete    BOOLEAN NOT NULL DEFAULT FALSE,
  version     INT UNSIGNED NOT NULL DEFAULT 1,
  updated_at  DATETIME(3) NOT NULL,
  KEY (uscc),
  KEY (name)
) ENGINE=InnoDB;

CREATE TABLE legal_rep (
  application     BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES application (id),
  name            VARCHAR(50) NULL,
  id_number       VARBINARY(100) NULL COMMENT 'sealed',
  id_number_index BINARY(32) NULL,
  mobile          VARBINARY(100) NULL COMMENT 'sealed',
  mobile_index    BINARY(32) NULL,
  complete        BOOLEAN NOT NULL DEFAULT FALSE,
  version         INT UNSIGNED NOT NULL DEFAULT 1,
  updated_at      DATETIME(3) NOT NULL,
  KEY (id_number_index)
) ENGINE=InnoDB;

CREATE TABLE agent (
  application     BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES application (id),
  name            VARCHAR(50) NULL,
  id_number       VARBINARY(100) NULL COMMENT 'sealed',
  id_number_index BINARY(32) NULL,
  mobile          VARBINARY(100) NULL COMMENT 'sealed',
  mobile_index    BINARY(32) NULL,
  landline        VARBINARY(100) NULL COMMENT 'sealed',
  address         BIGINT UNSIGNED NULL REFERENCES address (id),
  complete        BOOLEAN NOT NULL DEFAULT FALSE,
  version         INT UNSIGNED NOT NULL DEFAULT 1,
  updated_at      DATETIME(3) NOT NULL,
  KEY (id_number_index)
) ENGINE=InnoDB;

CREATE TABLE `order` (
  application        BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES application (id),
  package            INT UNSIGNED NULL REFERENCES package (id),
  courier            VARCHAR(16) CHARACTER SET ascii NULL,
  address            BIGINT UNSIGNED NULL REFERENCES address (id),
  invoice_title      VARCHAR(100) NULL,
  invoice_tax_number VARCHAR(20) CHARACTER SET ascii NULL,
  invoice_email      VARCHAR(254) CHARACTER SET ascii NULL,
  identity_method    VARCHAR(16) CHARACTER SET ascii NULL,
  complete           BOOLEAN NOT NULL DEFAULT FALSE,
  version            INT UNSIGNED NOT NULL DEFAULT 1,
  updated_at         DATETIME(3) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE scan (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  public_id   CHAR(26) CHARACTER SET ascii NOT NULL UNIQUE,
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  applicant   BIGINT UNSIGNED NOT NULL,
  form        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  field       VARCHAR(32) CHARACTER SET ascii NOT NULL,
  page        SMALLINT UNSIGNED NOT NULL,
  width_px    SMALLINT UNSIGNED NOT NULL,
  height_px   SMALLINT UNSIGNED NOT NULL,
  phash       BIGINT UNSIGNED NOT NULL,
  marks       INT UNSIGNED NOT NULL COMMENT 'set of enum scan_mark',
  sha256      BINARY(32) NOT NULL COMMENT 'of the normalised picture',
  upload_key  VARCHAR(64) CHARACTER SET ascii NOT NULL,
  created_at  DATETIME(3) NOT NULL,
  removed_at  DATETIME(3) NULL,
  live        BOOLEAN AS (IF(removed_at IS NULL, 1, NULL)) STORED,
  UNIQUE KEY place (application, form, field, page, live),
  UNIQUE KEY upload (application, upload_key),
  KEY quota (applicant, created_at)
) ENGINE=InnoDB COMMENT='one uploaded page; replaced ones stay with removed_at';

CREATE TABLE scan_image (
  scan   BIGINT UNSIGNED NOT NULL REFERENCES scan (id),
  size   ENUM('full','thumb') NOT NULL,
  sealed LONGBLOB NOT NULL COMMENT 'sealed scan_image.SIZE:scan',
  PRIMARY KEY (scan, size)
) ENGINE=InnoDB;

CREATE TABLE event (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  at          DATETIME(6) NOT NULL,
  event       VARCHAR(32) CHARACTER SET ascii NOT NULL,
  from_state  VARCHAR(32) CHARACTER SET ascii NOT NULL,
  to_state    VARCHAR(32) CHARACTER SET ascii NOT NULL,
  role        VARCHAR(16) CHARACTER SET ascii NOT NULL,
  actor       BIGINT UNSIGNED NOT NULL DEFAULT 0,
  detail      VARCHAR(2000) NOT NULL DEFAULT '{}' COMMENT 'JSON without personal data',
  idempotency_key VARCHAR(64) CHARACTER SET ascii NOT NULL,
  leaf        BINARY(32) NOT NULL COMMENT 'SHA-256(00 || canonical row)',
  UNIQUE KEY (application, idempotency_key),
  KEY (application, id)
) ENGINE=InnoDB COMMENT='history: insert only';

CREATE TABLE reason (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  form        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  field       VARCHAR(32) CHARACTER SET ascii NOT NULL,
  scan        BIGINT UNSIGNED NULL REFERENCES scan (id),
  code        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'row of reason_text',
  note        VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'the applicant reads it',
  staff       INT UNSIGNED NOT NULL REFERENCES staff (id),
  created_at  DATETIME(3) NOT NULL,
  mended_at   DATETIME(3) NULL,
  closed_at   DATETIME(3) NULL COMMENT 'resubmitted: belongs to an earlier round',
  KEY (application, closed_at)
) ENGINE=InnoDB COMMENT='why a reviewer refused, pinned to a field or scan';

CREATE TABLE reason_text (
  code  VARCHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  type  VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'scan, field or any',
  text  VARCHAR(200) NOT NULL COMMENT 'what is wrong and what to do, to the applicant',
  ord   SMALLINT UNSIGNED NOT NULL,
  is_offered BOOLEAN NOT NULL DEFAULT TRUE
) ENGINE=InnoDB COMMENT='the reasons a reviewer chooses from';

CREATE TABLE outbox (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  event       BIGINT UNSIGNED NOT NULL REFERENCES event (id),
  kind        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'the effect of the transition',
  idempotency_key VARCHAR(100) CHARACTER SET ascii NOT NULL UNIQUE,
  created_at  DATETIME(3) NOT NULL,
  due_at      DATETIME(3) NOT NULL,
  attempts    SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  claimed_by  VARCHAR(64) CHARACTER SET ascii NULL,
  claimed_until DATETIME(3) NULL,
  done_at     DATETIME(3) NULL,
  parked_at   DATETIME(3) NULL,
  error       VARCHAR(200) NULL,
  KEY due (done_at, parked_at, due_at)
) ENGINE=InnoDB COMMENT='promised to the outside world, not yet done';

CREATE TABLE flow_state (
  flow_version   SMALLINT UNSIGNED NOT NULL,
  state          VARCHAR(32) CHARACTER SET ascii NOT NULL,
  ord            SMALLINT UNSIGNED NOT NULL COMMENT 'along the main road',
  waits_for      VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'role that must act; empty in ends',
  label          VARCHAR(60) NOT NULL,
  next           VARCHAR(400) NOT NULL COMMENT 'what happens next, to the applicant',
  deadline_hours INT UNSIGNED NULL,
  PRIMARY KEY (flow_version, state)
) ENGINE=InnoDB;

CREATE TABLE flow_transition (
  flow_version SMALLINT UNSIGNED NOT NULL,
  from_state   VARCHAR(32) CHARACTER SET ascii NOT NULL,
  event        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  role         VARCHAR(16) CHARACTER SET ascii NOT NULL,
  guard        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'name in flow_guard(); empty: always',
  to_state     VARCHAR(32) CHARACTER SET ascii NOT NULL,
  effect       VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'kind of the outbox row; empty: none',
  PRIMARY KEY (flow_version, from_state, event, role, guard)
) ENGINE=InnoDB;

CREATE TABLE part_role (
  account VARCHAR(32) CHARACTER SET ascii NOT NULL,
  role    VARCHAR(16) CHARACTER SET ascii NOT NULL,
  PRIMARY KEY (account, role)
) ENGINE=InnoDB COMMENT='which roles a database account may speak for';
