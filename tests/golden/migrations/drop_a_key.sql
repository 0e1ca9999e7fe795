-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b TEXT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_things_a (a),
  FULLTEXT KEY ft (b)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b TEXT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- up
ALTER TABLE things DROP KEY ft;
ALTER TABLE things DROP KEY ix_things_a;
-- down
ALTER TABLE things ADD KEY ix_things_a (a);
ALTER TABLE things ADD FULLTEXT KEY ft (b);
