-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b VARCHAR(9) NOT NULL,
  c DATETIME(6) NOT NULL,
  d DATE NOT NULL,
  e TIMESTAMP NOT NULL,
  f TIME NOT NULL,
  g ENUM('x', 'y') NOT NULL,
  h BINARY(16) NOT NULL,
  i DECIMAL(5,2) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
INSERT INTO things VALUES (1, 1, 'x', '2001-02-03', '2001-02-03', '2001-02-03', '01:02:03', 'y', REPEAT('h', 16), 1),
  (2, 2, 'x', '2001-02-03', '2001-02-03', '2001-02-03', '01:02:03', 'y', REPEAT('h', 16), 1);
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
-- loses data: the values of things.a
ALTER TABLE things DROP COLUMN a;
-- loses data: the values of things.b
ALTER TABLE things DROP COLUMN b;
-- loses data: the values of things.c
ALTER TABLE things DROP COLUMN c;
-- loses data: the values of things.d
ALTER TABLE things DROP COLUMN d;
-- loses data: the values of things.e
ALTER TABLE things DROP COLUMN e;
-- loses data: the values of things.f
ALTER TABLE things DROP COLUMN f;
-- loses data: the values of things.g
ALTER TABLE things DROP COLUMN g;
-- loses data: the values of things.h
ALTER TABLE things DROP COLUMN h;
-- loses data: the values of things.i
ALTER TABLE things DROP COLUMN i;
-- down
-- comes back empty: the values of things.i
ALTER TABLE things ADD COLUMN i DECIMAL(5,2) NOT NULL AFTER id;
-- comes back empty: the values of things.h
ALTER TABLE things ADD COLUMN h BINARY(16) NOT NULL AFTER id;
-- comes back empty: the values of things.g
ALTER TABLE things ADD COLUMN g enum('x','y') NOT NULL AFTER id;
-- comes back empty: the values of things.f
ALTER TABLE things ADD COLUMN f TIME NOT NULL AFTER id;
-- comes back empty: the values of things.e
ALTER TABLE things ADD COLUMN e TIMESTAMP NOT NULL DEFAULT '2000-01-01' AFTER id;
ALTER TABLE things ALTER COLUMN e DROP DEFAULT;
-- comes back empty: the values of things.d
ALTER TABLE things ADD COLUMN d DATE NOT NULL DEFAULT '2000-01-01' AFTER id;
ALTER TABLE things ALTER COLUMN d DROP DEFAULT;
-- comes back empty: the values of things.c
ALTER TABLE things ADD COLUMN c DATETIME(6) NOT NULL DEFAULT '2000-01-01' AFTER id;
ALTER TABLE things ALTER COLUMN c DROP DEFAULT;
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b VARCHAR(9) NOT NULL AFTER id;
-- comes back empty: the values of things.a
ALTER TABLE things ADD COLUMN a INT NOT NULL AFTER id;
