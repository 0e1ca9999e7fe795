-- from
CREATE TABLE things (
  a INT NOT NULL,
  b INT NOT NULL,
  PRIMARY KEY (a)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  a INT NOT NULL,
  b INT NOT NULL,
  PRIMARY KEY (a, b)
) ENGINE=InnoDB;
-- refused
things.PRIMARY KEY: (a) cannot become (a, b) by itself: write that migration by hand
