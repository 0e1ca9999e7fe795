-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  CONSTRAINT ck_things_a CHECK (a >= 1),
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- up
ALTER TABLE things DROP CONSTRAINT ck_things_a;
-- down
-- fails when a row does not satisfy `a` >= 1
ALTER TABLE things ADD CONSTRAINT ck_things_a CHECK (`a` >= 1);
