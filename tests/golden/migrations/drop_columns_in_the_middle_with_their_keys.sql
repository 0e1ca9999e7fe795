-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b INT NOT NULL,
  c VARCHAR(10) NULL,
  d INT NULL,
  PRIMARY KEY (id),
  KEY ix_bc (b, c),
  UNIQUE KEY uq_c (c)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  d INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
ALTER TABLE things DROP KEY ix_bc;
ALTER TABLE things DROP KEY uq_c;
-- loses data: the values of things.b
ALTER TABLE things DROP COLUMN b;
-- loses data: the values of things.c
ALTER TABLE things DROP COLUMN c;
-- down
-- comes back empty: the values of things.c
ALTER TABLE things ADD COLUMN c VARCHAR(10) NULL DEFAULT NULL AFTER a;
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b INT NOT NULL AFTER a;
-- fails when two rows have the same c
ALTER TABLE things ADD UNIQUE KEY uq_c (c);
ALTER TABLE things ADD KEY ix_bc (b, c);
