-- The identity check: the separate consent for faces, the challenge of a
-- recording, what was recorded, and what a service or engine found.

ALTER TABLE identity_attempt ADD KEY open (state, id);

CREATE TABLE face_consent_text (
  version      VARCHAR(20) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  body         TEXT NOT NULL COMMENT 'paragraphs',
  sha256       BINARY(32) NOT NULL COMMENT 'of body, UTF-8',
  published_at DATETIME NOT NULL
) ENGINE=InnoDB COMMENT='what is consented to, every version that ever applied';

SET @body = '您正在单独同意我们处理您的人脸信息（敏感个人信息）。
目的和方式：只用来确认办理业务的是您本人。刷脸核验由腾讯云人脸核身服务完成，比对结果和一张截图交回我们；录制视频由我们保存，由工作人员与您的身份证照片核对。
保存：加密单独存放，只有办理这笔业务的工作人员可以查看，每次查看都有记录；审核有了最后结果以后按规定的期限删除，不用于任何其他用途。
您的权利：不同意也能办理，可以到窗口当面核验，效力相同；同意以后可以随时在本页撤回，撤回后我们删除已经采集的人脸信息，改为到窗口办理。';
INSERT INTO face_consent_text (version, body, sha256, published_at)
  VALUES ('2026-1', @body, UNHEX(SHA2(@body, 256)), '2026-01-01 00:00:00');

CREATE TABLE face_consent (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  application  BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  version      VARCHAR(20) CHARACTER SET ascii NOT NULL REFERENCES face_consent_text (version),
  sha256       BINARY(32) NOT NULL COMMENT 'of the text that was shown',
  given_at     DATETIME(3) NOT NULL,
  withdrawn_at DATETIME(3) NULL COMMENT 'from then on no face material is kept',
  live         BOOLEAN AS (IF(withdrawn_at IS NULL, 1, NULL)) STORED,
  UNIQUE KEY once (application, live),
  KEY (withdrawn_at)
) ENGINE=InnoDB COMMENT='separate consent for face data; a withdrawn one stays as a record';

CREATE TABLE identity_challenge (
  attempt      BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES identity_attempt (id),
  nonce        BINARY(16) NOT NULL UNIQUE COMMENT 'names it to the page; good for one upload',
  session_hash BINARY(32) NOT NULL COMMENT 'only the session that drew it may use it',
  actions      VARCHAR(64) CHARACTER SET ascii NOT NULL
               COMMENT 'in the order drawn, commas between: nod,blink,turn_left',
  digits       CHAR(4) CHARACTER SET ascii NOT NULL COMMENT 'read aloud at the end',
  revealed     TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'steps shown so far, the digits too',
  expires_at   DATETIME(3) NULL COMMENT '120 s after the first step was shown',
  used_at      DATETIME(3) NULL COMMENT 'its recording came in'
) ENGINE=InnoDB COMMENT='what one recording must show';

CREATE TABLE identity_step (
  attempt     BIGINT UNSIGNED NOT NULL REFERENCES identity_attempt (id),
  ord         TINYINT UNSIGNED NOT NULL COMMENT 'from 0',
  action      VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'or digits, which is the last',
  revealed_at DATETIME(3) NOT NULL COMMENT 'by the clock of the server',
  at_ms       INT UNSIGNED NULL COMMENT 'from the beginning of the recording, as estimated',
  PRIMARY KEY (attempt, ord)
) ENGINE=InnoDB COMMENT='when each step was shown';

CREATE TABLE face_material (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  attempt    BIGINT UNSIGNED NOT NULL REFERENCES identity_attempt (id),
  kind       ENUM('raw','clip','frame','best_frame') NOT NULL
             COMMENT 'as uploaded, until normalised; for the clerk: a film, pictures, the picture of the service',
  ord        SMALLINT UNSIGNED NOT NULL COMMENT 'frames in the order of time, from 0',
  part       SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'pieces of at most 4 MB, from 0',
  action     VARCHAR(16) CHARACTER SET ascii NULL COMMENT 'of a frame; NULL: before the first',
  at_ms      INT UNSIGNED NULL COMMENT 'of a frame, from the beginning of the recording',
  media_type VARCHAR(32) CHARACTER SET ascii NOT NULL,
  size       INT UNSIGNED NOT NULL COMMENT 'bytes of this part before sealing',
  sealed     LONGBLOB NOT NULL COMMENT 'sealed face_material.KIND:ATTEMPT.ORD.PART, face key',
  created_at DATETIME(3) NOT NULL,
  UNIQUE KEY place (attempt, kind, ord, part)
) ENGINE=InnoDB COMMENT='faces; read it with identity_material()';

CREATE TABLE identity_evidence (
  attempt       BIGINT UNSIGNED NOT NULL PRIMARY KEY REFERENCES identity_attempt (id),
  provider      VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'row of identity_providers',
  outcome       ENUM('pending','passed','failed','review','repeat') NOT NULL DEFAULT 'pending'
                COMMENT 'repeat: the recording is no good, which is no failed try',
  verdict       VARCHAR(32) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'why, in one word',
  codes         VARCHAR(500) NOT NULL DEFAULT '{}' COMMENT 'JSON without personal data',
  similarity    SMALLINT UNSIGNED NULL COMMENT 'hundredths of a percent',
  compared_with VARCHAR(64) NOT NULL DEFAULT '',
  token         VARBINARY(200) NULL COMMENT 'sealed identity_evidence.token:ATTEMPT',
  url           VARBINARY(1200) NULL COMMENT 'of the page of the service, sealed identity_evidence.url:ATTEMPT',
  text          MEDIUMBLOB NULL COMMENT 'what the service said of the person, sealed identity_evidence.text:ATTEMPT',
  created_at    DATETIME(3) NOT NULL,
  done_at       DATETIME(3) NULL,
  asks          SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  ask_at        DATETIME(3) NULL COMMENT 'when cron/identity looks next; NULL: nothing more to do',
  give_up_at    DATETIME(3) NULL COMMENT 'what is pending then has lapsed',
  KEY (ask_at)
) ENGINE=InnoDB COMMENT='what came of an attempt without a clerk';
