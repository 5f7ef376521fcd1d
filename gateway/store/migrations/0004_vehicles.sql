-- What the records told so far about the car behind an ad, stock unit, plate or VIN (a hash with its kind and dealer group).
-- `ambiguous`: two cars were told of.
CREATE TABLE vehicle_fact (
  hash INTEGER PRIMARY KEY, plate TEXT NOT NULL, vin TEXT NOT NULL, brand TEXT NOT NULL, model TEXT NOT NULL, year INTEGER,
  ambiguous INTEGER NOT NULL
);
