-- A company's name is kept as it is typed. This copy, for search alone, takes wide
-- and narrow forms, large and small letters for the same, by its collation, which
-- both MariaDB and MySQL have.
ALTER TABLE company
  ADD name_folded VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci
      GENERATED ALWAYS AS (name) VIRTUAL,
  ADD KEY (name_folded);
