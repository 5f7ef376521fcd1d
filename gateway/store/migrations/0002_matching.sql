-- Identity values (hashes of the key table) that too many people share to tell anything; once learnt, for good.
CREATE TABLE generic_value (hash INTEGER PRIMARY KEY, dealer_group INTEGER NOT NULL, since INTEGER NOT NULL, holders INTEGER NOT NULL);

-- How often a first (part 1) or last (part 2) name occurs among the people of a dealer group; part 0 counts the people.
CREATE TABLE name_count (
  dealer_group INTEGER NOT NULL, part INTEGER NOT NULL, hash INTEGER NOT NULL, people INTEGER NOT NULL,
  PRIMARY KEY (dealer_group, part, hash)
) WITHOUT ROWID;

-- Merges of the matcher may be taken back by it when what they rested on turns generic; a human's never.
ALTER TABLE merge ADD COLUMN human INTEGER NOT NULL DEFAULT 1;
