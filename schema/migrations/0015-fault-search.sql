-- A company's name is kept as it is typed. This copy, for search alone, takes wide
-- and narrow forms, large and small letters for the same, by its collation, which
-- both MariaDB and MySQL have.
ALTER TABLE company
  ADD name_folded VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci
      GENERATED ALWAYS AS (name) VIRTUAL,
  ADD KEY (name_folded);

-- Rows over which a scheduled job ended, for jobs whose own tables do not count.
CREATE TABLE job_fault (
  job       VARCHAR(31) CHARACTER SET ascii NOT NULL COMMENT 'poll.notice, expire …',
  item      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'key of the row in its own table',
  attempts  SMALLINT UNSIGNED NOT NULL,
  first_at  DATETIME(3) NOT NULL,
  last_at   DATETIME(3) NOT NULL,
  due_at    DATETIME(3) NOT NULL COMMENT 'not before',
  parked_at DATETIME(3) NULL COMMENT 'the last attempt was made',
  class     VARCHAR(16) CHARACTER SET ascii NOT NULL,
  reason    VARCHAR(200) CHARACTER SET ascii NOT NULL COMMENT 'without personal data',
  PRIMARY KEY (job, item),
  KEY (parked_at, first_at)
) ENGINE=InnoDB COMMENT='rows that ended a worker, see lib/fault/fault.h';
