-- Records by dealer, model (none: of any) and period of 20 days, as a hash: how rare it is to be in touch there and then.
CREATE TABLE traffic (hash INTEGER PRIMARY KEY, records INTEGER NOT NULL);
