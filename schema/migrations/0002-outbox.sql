-- The outbox is worked on: rows without an application, leases, what a service
-- said, what an admin decided.

ALTER TABLE outbox
  DROP COLUMN claimed_until,
  DROP COLUMN error,
  MODIFY application BIGINT UNSIGNED NULL COMMENT 'NULL: concerns none',
  MODIFY event BIGINT UNSIGNED NULL COMMENT 'NULL: made by outbox_add()',
  MODIFY due_at DATETIME(3) NOT NULL COMMENT 'next attempt; while claimed, the end of the lease',
  MODIFY claimed_by VARCHAR(64) CHARACTER SET ascii NULL COMMENT 'the worker that has it, or died with it',
  ADD payload VARCHAR(2000) NOT NULL DEFAULT '{}' COMMENT 'JSON without personal data' AFTER idempotency_key,
  ADD error_class VARCHAR(16) CHARACTER SET ascii NULL COMMENT 'of the last attempt, see service/result.h',
  ADD error VARCHAR(200) CHARACTER SET ascii NULL COMMENT 'the service''s words, without personal data',
  ADD given_up_at DATETIME(3) NULL COMMENT 'an admin decided: never';

CREATE TABLE outbox_act (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  outbox     BIGINT UNSIGNED NOT NULL REFERENCES outbox (id),
  at         DATETIME(3) NOT NULL,
  staff      INT UNSIGNED NOT NULL REFERENCES staff (id),
  act        ENUM('retry','give_up') NOT NULL,
  reason     VARCHAR(200) NOT NULL,
  idempotency_key VARCHAR(64) CHARACTER SET ascii NOT NULL UNIQUE,
  KEY (outbox)
) ENGINE=InnoDB COMMENT='what admins decided about rows of the outbox: insert only';

CREATE TABLE outbox_part (
  account VARCHAR(32) CHARACTER SET ascii NOT NULL,
  kind    VARCHAR(32) CHARACTER SET ascii NOT NULL,
  PRIMARY KEY (account, kind)
) ENGINE=InnoDB COMMENT='which kinds a database account may promise by outbox_add()';
