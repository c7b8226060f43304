-- The identity check is of a person: blind indexes of the name and the number
-- that were checked, to be compared with those that the application names.
-- They need the key ring, so this file cannot fill them: an attempt that passed
-- before has none, and holds for as long as its person's form is not saved again
-- (flow_person_proven in procedures.sql).

ALTER TABLE identity_attempt
  ADD name_index      BINARY(32) NULL COMMENT 'blind index of the name of the person who passed',
  ADD id_number_index BINARY(32) NULL COMMENT 'and of the number; both or neither';

ALTER TABLE agent     ADD name_index BINARY(32) NULL COMMENT 'blind index, see person_fold()' AFTER name;
ALTER TABLE legal_rep ADD name_index BINARY(32) NULL COMMENT 'blind index, see person_fold()' AFTER name;

-- A consent is of a person, too: the next one is asked anew. What the earlier one
-- allowed to keep is kept until the consent is withdrawn or its time is over.
ALTER TABLE face_consent
  ADD superseded_at DATETIME(3) NULL COMMENT 'the application names another person since' AFTER withdrawn_at,
  MODIFY live BOOLEAN AS (IF(withdrawn_at IS NULL AND superseded_at IS NULL, 1, NULL)) STORED;
