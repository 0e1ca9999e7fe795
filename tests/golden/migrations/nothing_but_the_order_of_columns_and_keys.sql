-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_a (a),
  KEY ix_b (b)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  b INT NOT NULL,
  a INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_b (b),
  KEY ix_a (a)
) ENGINE=InnoDB;
-- same
