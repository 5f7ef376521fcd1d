-- A record that may also be of another person: what a human is asked. `person` is whose record it became, `other` whom
-- it also fits; both may have been merged since, so readers follow the redirects and leave out what is one by now.
CREATE TABLE possible_match (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL, person INTEGER NOT NULL, other INTEGER NOT NULL,
  score REAL NOT NULL,          -- log-odds of the decision
  at INTEGER NOT NULL,
  state INTEGER NOT NULL,       -- 0 open, 1 accepted, 2 rejected
  resolved INTEGER, actor INTEGER
);
CREATE INDEX possible_match_open ON possible_match (id) WHERE state=0;
CREATE INDEX possible_match_person ON possible_match (person);
CREATE INDEX possible_match_other ON possible_match (other);

-- Identity values (hashes of the key table) that too many people share to tell anything; once learnt, for good.
CREATE TABLE generic_value (hash INTEGER PRIMARY KEY, dealer_group INTEGER NOT NULL, since INTEGER NOT NULL, holders INTEGER NOT NULL);

-- How often a first (part 1) or last (part 2) name occurs among the people of a dealer group; part 0 counts the people.
CREATE TABLE name_count (
  dealer_group INTEGER NOT NULL, part INTEGER NOT NULL, hash INTEGER NOT NULL, people INTEGER NOT NULL,
  PRIMARY KEY (dealer_group, part, hash)
) WITHOUT ROWID;

-- Merges of the matcher may be taken back by it when what they rested on turns generic; a human's never.
ALTER TABLE merge ADD COLUMN human INTEGER NOT NULL DEFAULT 1;
