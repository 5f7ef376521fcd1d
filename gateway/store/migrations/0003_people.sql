-- A record that may belong to somebody known: a question for people. `person` is where the record is for the time being.
CREATE TABLE possible_match (
  id INTEGER PRIMARY KEY, record INTEGER NOT NULL, person INTEGER NOT NULL, dealer INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  state INTEGER NOT NULL,       -- 0 open, 1 accepted, 2 rejected, 3 closed by itself
  settled INTEGER, actor INTEGER, reason TEXT
);
CREATE UNIQUE INDEX possible_match_open ON possible_match (record) WHERE state = 0;
CREATE INDEX possible_match_person ON possible_match (person) WHERE state = 0;
CREATE TABLE match_candidate (
  match INTEGER NOT NULL, rank INTEGER NOT NULL, person INTEGER NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY (match, rank)
) WITHOUT ROWID;
CREATE INDEX match_candidate_person ON match_candidate (person);

-- A human said that the record belongs where it is.
CREATE TABLE must_link (record INTEGER PRIMARY KEY);

-- What a human fixed about a person. Belongs to the id that was edited and is never moved: a merged person has the pins of
-- all its ids, so that an unmerge has nothing to restore.
CREATE TABLE pin (
  person INTEGER NOT NULL, field TEXT NOT NULL, at INTEGER NOT NULL, actor INTEGER NOT NULL, reason TEXT NOT NULL,
  dealers TEXT NOT NULL,        -- of the editor's token, a line each; empty: all
  value TEXT NOT NULL,          -- canonical JSON
  features BLOB NOT NULL,
  PRIMARY KEY (person, field)
) WITHOUT ROWID;

-- Leads that a dealer group's policy calls duplicates of another record.
CREATE TABLE duplicate (record INTEGER PRIMARY KEY, of INTEGER NOT NULL, refused INTEGER NOT NULL, reason TEXT NOT NULL);

-- Keyed digests of what was erased, against its late redelivery.
CREATE TABLE tombstone (digest BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
