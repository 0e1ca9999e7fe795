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
  UNIQUE KEY uq_things_a (a)
) ENGINE=InnoDB;
-- up
-- fails when two rows have the same a
ALTER TABLE things ADD UNIQUE KEY uq_things_a (a);
-- down
ALTER TABLE things DROP KEY uq_things_a;
