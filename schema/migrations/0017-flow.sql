-- What a kind of application consists of: its forms in their order, the page of
-- each state, the words of each event. The rows are those of flow.sql.

CREATE TABLE flow (
  flow_version SMALLINT UNSIGNED NOT NULL PRIMARY KEY COMMENT 'the number under which the other tables know it',
  code         VARCHAR(32) CHARACTER SET ascii NOT NULL,
  version      SMALLINT UNSIGNED NOT NULL,
  UNIQUE KEY (code, version)
) ENGINE=InnoDB COMMENT='the kinds of application, and the versions of each';

CREATE TABLE flow_form (
  flow_version SMALLINT UNSIGNED NOT NULL,
  ord          SMALLINT UNSIGNED NOT NULL,
  form         VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'forms/FORM.xml',
  state        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'in which it is the turn of the form',
  event        VARCHAR(32) CHARACTER SET ascii NOT NULL COMMENT 'that hands it in',
  PRIMARY KEY (flow_version, ord),
  UNIQUE KEY (flow_version, form)
) ENGINE=InnoDB COMMENT='the forms of an application in their order';

CREATE TABLE flow_event (
  event           VARCHAR(32) CHARACTER SET ascii NOT NULL,
  form            VARCHAR(32) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'of submit: the form of its detail',
  applicant       VARCHAR(60) NOT NULL COMMENT 'words on apply/status; empty: not shown',
  staff           VARCHAR(60) NOT NULL COMMENT 'words in the history of a case',
  applicant_stays BOOLEAN NOT NULL COMMENT 'shown to applicants though the state stays',
  staff_stays     BOOLEAN NOT NULL COMMENT 'an act of an applicant that is shown to staff though the state stays',
  PRIMARY KEY (event, form)
) ENGINE=InnoDB COMMENT='events in words';

CREATE TABLE flow_open (
  flow_version SMALLINT UNSIGNED NOT NULL,
  state        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  role         VARCHAR(16) CHARACTER SET ascii NOT NULL,
  events       VARCHAR(1000) CHARACTER SET ascii NOT NULL COMMENT 'by a blank each',
  PRIMARY KEY (flow_version, state, role)
) ENGINE=InnoDB COMMENT='flow_transition by state and role, for the pages';

ALTER TABLE flow_state
  ADD page      VARCHAR(40) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'where the applicant goes on; empty: nothing to do',
  ADD page_done VARCHAR(40) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'instead, once the form of the state is complete',
  ADD link      VARCHAR(30) NOT NULL DEFAULT '' COMMENT 'what stands on a link to there',
  ADD is_draft  BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'begun, and not handed in so far';
