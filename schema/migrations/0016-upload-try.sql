-- Uploads of an applicant, counted before anything looks into them: a picture
-- that is refused costs as much as one that is taken.

CREATE TABLE upload_try (
  applicant BIGINT UNSIGNED NOT NULL,
  kind      ENUM('scan','film') NOT NULL,
  tries     INT UNSIGNED NOT NULL COMMENT 'since began_at, whatever came of them',
  began_at  DATETIME(3) NOT NULL COMMENT 'the first try of the day that is counted',
  PRIMARY KEY (applicant, kind),
  KEY (began_at),
  FOREIGN KEY (applicant) REFERENCES applicant (id) ON DELETE CASCADE
) ENGINE=InnoDB COMMENT='limits in base/ceilings.h; a row older than a day counts for nothing';
