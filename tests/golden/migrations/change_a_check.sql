-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  CONSTRAINT ck_things_a CHECK (a >= 1 AND a <= 5),
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  CONSTRAINT ck_things_a CHECK (a >= 1 AND a <= 10),
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- up
ALTER TABLE things DROP CONSTRAINT ck_things_a;
-- fails when a row does not satisfy `a` >= 1 and `a` <= 10
ALTER TABLE things ADD CONSTRAINT ck_things_a CHECK (`a` >= 1 and `a` <= 10);
-- down
ALTER TABLE things DROP CONSTRAINT ck_things_a;
-- fails when a row does not satisfy `a` >= 1 and `a` <= 5
ALTER TABLE things ADD CONSTRAINT ck_things_a CHECK (`a` >= 1 and `a` <= 5);
