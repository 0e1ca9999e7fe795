-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix (a)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix (b, a)
) ENGINE=InnoDB;
-- up
ALTER TABLE things DROP KEY ix, ADD KEY ix (b, a);
-- down
ALTER TABLE things DROP KEY ix, ADD KEY ix (a);
