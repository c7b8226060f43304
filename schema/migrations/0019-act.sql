-- What people and jobs do that moves no application, in one table: who decided
-- about a refund, an invoice, a difference, a row of the outbox; log-ins; changes of
-- the staff. The rows of refund_act, invoice_act, difference_act and outbox_act are
-- copied by routines/act.sql, behind the procedures that wrote there, so that no row
-- which a program of the release before writes meanwhile is missed. Those tables stay
-- for that release, whose pages read them.

CREATE TABLE act (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at           DATETIME(6) NOT NULL,
  subject_kind VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'the table: refund, invoice, difference, outbox, staff',
  subject      BIGINT UNSIGNED NOT NULL COMMENT 'its id there',
  staff        INT UNSIGNED NULL REFERENCES staff (id),
  job          VARCHAR(32) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'without a person: the account, as the trigger saw it',
  role         VARCHAR(16) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'in which the person acted',
  act          VARCHAR(32) CHARACTER SET ascii NOT NULL,
  reason       VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'as typed',
  state_before VARCHAR(100) NOT NULL DEFAULT '' COMMENT 'of the subject',
  state_after  VARCHAR(100) NOT NULL DEFAULT '',
  idempotency_key VARCHAR(64) CHARACTER SET ascii NULL COMMENT 'NULL: of an act that is another one each time',
  leaf         BINARY(32) NOT NULL COMMENT 'SHA-256(00 || canonical row)',
  UNIQUE KEY (subject_kind, idempotency_key),
  KEY (subject_kind, subject, id),
  KEY (staff, id)
) ENGINE=InnoDB COMMENT='what people and jobs did that moves no application: insert only';
