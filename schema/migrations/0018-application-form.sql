-- Which forms of an application are complete, in one table for all kinds of form.
-- A form's own row says it, and triggers of the form's table write it here; they
-- come first, so that no form that is saved meanwhile is missed. Those of later
-- forms are made by procedures.sql, which makes these again.

CREATE TABLE application_form (
  application BIGINT UNSIGNED NOT NULL REFERENCES application (id),
  form        VARCHAR(32) CHARACTER SET ascii NOT NULL,
  complete    BOOLEAN NOT NULL,
  version     INT UNSIGNED NOT NULL COMMENT 'of the row of the form',
  PRIMARY KEY (application, form)
) ENGINE=InnoDB COMMENT='the forms of an application that were saved; written by triggers';

CREATE TRIGGER company_after_insert AFTER INSERT ON `company`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'company', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
CREATE TRIGGER company_after_update AFTER UPDATE ON `company`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'company', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
INSERT IGNORE INTO application_form (application, form, complete, version)
  SELECT application, 'company', complete, version FROM `company`;

CREATE TRIGGER legal_rep_after_insert AFTER INSERT ON `legal_rep`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'legal-rep', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
CREATE TRIGGER legal_rep_after_update AFTER UPDATE ON `legal_rep`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'legal-rep', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
INSERT IGNORE INTO application_form (application, form, complete, version)
  SELECT application, 'legal-rep', complete, version FROM `legal_rep`;

CREATE TRIGGER agent_after_insert AFTER INSERT ON `agent`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'agent', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
CREATE TRIGGER agent_after_update AFTER UPDATE ON `agent`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'agent', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
INSERT IGNORE INTO application_form (application, form, complete, version)
  SELECT application, 'agent', complete, version FROM `agent`;

CREATE TRIGGER order_after_insert AFTER INSERT ON `order`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'order', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
CREATE TRIGGER order_after_update AFTER UPDATE ON `order`
FOR EACH ROW INSERT INTO application_form (application, form, complete, version)
  VALUES (NEW.application, 'order', NEW.complete, NEW.version)
  ON DUPLICATE KEY UPDATE complete = NEW.complete, version = NEW.version;
INSERT IGNORE INTO application_form (application, form, complete, version)
  SELECT application, 'order', complete, version FROM `order`;

