-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id),
  KEY old (a)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_things_a (a)
) ENGINE=InnoDB;
-- up
ALTER TABLE things RENAME INDEX old TO ix_things_a;
-- down
ALTER TABLE things RENAME INDEX ix_things_a TO old;
