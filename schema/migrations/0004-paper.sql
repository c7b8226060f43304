-- Printed forms and where applicants come from.

ALTER TABLE scan
  ADD COLUMN sheet TINYINT UNSIGNED NOT NULL DEFAULT 0
    COMMENT 'page number in the printed code; 0: none was read',
  ADD COLUMN sheets TINYINT UNSIGNED NOT NULL DEFAULT 0
    COMMENT 'how many pages the printed document has';

CREATE TABLE entry_source (
  id          INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  project     INT UNSIGNED NOT NULL REFERENCES project (id),
  source      VARCHAR(20) CHARACTER SET ascii NOT NULL,
  visits      INT UNSIGNED NOT NULL DEFAULT 0,
  created_at  DATETIME(3) NOT NULL,
  seen_at     DATETIME(3) NULL,
  UNIQUE KEY (project, source)
) ENGINE=InnoDB COMMENT='places where a poster hangs, and how many came in there; nobody by name';
