-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_t (t(10))
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_t (t(20)),
  KEY ix_id (id DESC)
) ENGINE=InnoDB;
-- up
ALTER TABLE things ADD KEY ix_id (id DESC);
ALTER TABLE things DROP KEY ix_t, ADD KEY ix_t (t(20));
-- down
ALTER TABLE things DROP KEY ix_t, ADD KEY ix_t (t(10));
ALTER TABLE things DROP KEY ix_id;
