-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_things_a (a)
) ENGINE=InnoDB;
-- up
ALTER TABLE things ADD KEY ix_things_a (a);
-- down
ALTER TABLE things DROP KEY ix_things_a;
