-- What a human told apart, as records against records: see store/sqlite/partings.hpp.
CREATE TABLE parted (
  record INTEGER NOT NULL, parting INTEGER NOT NULL, side INTEGER NOT NULL, PRIMARY KEY (record, parting)
) WITHOUT ROWID;
CREATE INDEX parted_side ON parted (parting, side);

INSERT INTO parted (parting, side, record)
  WITH told AS (SELECT row_number() OVER (ORDER BY person, record) AS parting, person, record FROM cannot_link)
  SELECT parting, 0, record FROM told
  UNION ALL SELECT told.parting, 1, record.id FROM told JOIN record ON record.person = told.person
  WHERE record.id <> told.record;
DROP TABLE cannot_link;
