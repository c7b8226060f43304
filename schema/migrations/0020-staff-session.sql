-- Sessions of the staff have a table of their own, into which only procedures write
-- (routines/staff.sql): the account of the applicants' pages neither sees nor ends
-- them, and no account makes one without the password's derived key. Those of now end,
-- since any account could have made them; everybody logs in once more.

CREATE TABLE staff_session (
  token_hash BINARY(32) NOT NULL PRIMARY KEY COMMENT 'SHA-256 of the token in the cookie',
  staff      INT UNSIGNED NOT NULL REFERENCES staff (id),
  role       ENUM('clerk','producer','admin','auditor','accountant') NOT NULL COMMENT 'as it was at the log-in',
  created_at DATETIME(3) NOT NULL,
  seen_at    DATETIME(3) NOT NULL,
  idle_at    DATETIME(3) NOT NULL COMMENT 'ends when not used until then',
  ends_at    DATETIME(3) NOT NULL COMMENT 'ends then in any case',
  KEY (staff),
  KEY (ends_at)
) ENGINE=InnoDB;

DELETE FROM session WHERE role <> 'applicant';
