-- Mail: where an applicant is reached, and who asked for the blank forms.

ALTER TABLE applicant
  ADD email VARBINARY(400) NULL COMMENT 'sealed applicant.email:id; the last one given';

CREATE TABLE forms_request (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  applicant   BIGINT UNSIGNED NOT NULL REFERENCES applicant (id),
  request_key VARCHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'idempotency key of the page',
  project     INT UNSIGNED NOT NULL REFERENCES project (id),
  email       VARBINARY(400) NOT NULL COMMENT 'sealed forms_request.email:applicant',
  email_index BINARY(32) NOT NULL,
  created_at  DATETIME(3) NOT NULL,
  UNIQUE KEY (applicant, request_key),
  KEY (applicant, created_at),
  KEY (email_index, created_at)
) ENGINE=InnoDB COMMENT='blank forms asked for by mail; counted, so that nobody is flooded';

CREATE TABLE forms_address (
  email_index BINARY(32) NOT NULL PRIMARY KEY,
  asked_at    DATETIME(3) NOT NULL
) ENGINE=InnoDB COMMENT='one row an address: requests for it wait for each other, on every machine';
