-- Integrations, dealers, dealer groups, actors, model and mapping versions: a small number instead of a text in every row.
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- What lists and filters look at. The content is beside it, so that a scan reads little.
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  integration INTEGER NOT NULL,
  dealer INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  envelope BLOB NOT NULL,       -- of the present revision
  mapping INTEGER NOT NULL,
  received INTEGER NOT NULL,    -- of the first revision
  occurred INTEGER,
  updated INTEGER NOT NULL,     -- reception of the present revision
  revision INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  person INTEGER,               -- empty for a trial
  negotiation INTEGER           -- the record that opened it
);
CREATE INDEX record_person ON record (person) WHERE person IS NOT NULL;
CREATE INDEX record_dealer ON record (dealer);

CREATE TABLE content (id INTEGER PRIMARY KEY, features BLOB NOT NULL, body TEXT NOT NULL);
CREATE TABLE revision (
  record INTEGER NOT NULL, revision INTEGER NOT NULL,
  envelope BLOB NOT NULL, received INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (record, revision)
) WITHOUT ROWID;

-- 64-bit hashes of external ids and of identity values; what they stand for is checked where they lead.
CREATE TABLE external (hash INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (hash, record)) WITHOUT ROWID;
CREATE TABLE key (hash INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (hash, person)) WITHOUT ROWID;

CREATE TABLE person (id INTEGER PRIMARY KEY, dealer_group INTEGER NOT NULL, redirect INTEGER, profile BLOB NOT NULL);
CREATE INDEX person_redirect ON person (redirect) WHERE redirect IS NOT NULL;

CREATE TABLE negotiation (
  person INTEGER NOT NULL, id INTEGER NOT NULL,
  dealer INTEGER NOT NULL, closed INTEGER NOT NULL, opened INTEGER NOT NULL, last INTEGER NOT NULL,
  plate TEXT, vin TEXT, ad TEXT, stock TEXT, brand TEXT, model TEXT, year INTEGER,
  PRIMARY KEY (person, id)
) WITHOUT ROWID;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,        -- 0 assign, 1 merge, 2 split, 3 cannot_link
  record INTEGER, person INTEGER NOT NULL, other INTEGER,
  at INTEGER NOT NULL, actor INTEGER NOT NULL, reason TEXT NOT NULL, model INTEGER NOT NULL, evidence TEXT NOT NULL
);
CREATE INDEX decision_record ON decision (record) WHERE record IS NOT NULL;
CREATE INDEX decision_person ON decision (person) WHERE kind <> 0;
CREATE INDEX decision_other ON decision (other) WHERE other IS NOT NULL;

-- A merge and the records it moved; `upto` is the last record that existed then.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY, keep INTEGER NOT NULL, lose INTEGER NOT NULL, upto INTEGER NOT NULL, undone INTEGER NOT NULL
);
CREATE INDEX merge_lose ON merge (lose);
CREATE INDEX merge_keep ON merge (keep);
CREATE TABLE merge_move (merge INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (merge, record)) WITHOUT ROWID;
CREATE TABLE cannot_link (person INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (person, record)) WITHOUT ROWID;

CREATE TABLE applied (envelope BLOB PRIMARY KEY, records BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY, type INTEGER NOT NULL, at INTEGER NOT NULL, subject INTEGER NOT NULL, dealer INTEGER NOT NULL,
  data TEXT NOT NULL
);
CREATE TABLE counter (id INTEGER PRIMARY KEY, records INTEGER NOT NULL, people INTEGER NOT NULL, negotiations INTEGER NOT NULL);
INSERT INTO counter VALUES (1, 0, 0, 0);

CREATE TABLE token (
  id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL, dealers TEXT NOT NULL,
  created INTEGER NOT NULL, expires INTEGER, revoked INTEGER
) WITHOUT ROWID;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
  reason TEXT NOT NULL
);
