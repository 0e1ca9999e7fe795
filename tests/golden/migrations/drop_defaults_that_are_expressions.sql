-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a VARCHAR(20) NOT NULL DEFAULT (concat('Ab', 'c''D')),
  b INT NOT NULL DEFAULT (1 + 2),
  c VARCHAR(36) NOT NULL DEFAULT uuid(),
  d DATETIME NOT NULL DEFAULT current_timestamp(),
  e INT(5) UNSIGNED ZEROFILL NOT NULL DEFAULT 7,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
INSERT INTO things (id) VALUES (1);
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
-- down
-- comes back empty: the values of things.e
ALTER TABLE things ADD COLUMN e INT(5) UNSIGNED ZEROFILL NOT NULL DEFAULT 00007 AFTER id;
-- comes back empty: the values of things.d
ALTER TABLE things ADD COLUMN d DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP() AFTER id;
-- comes back empty: the values of things.c
ALTER TABLE things ADD COLUMN c VARCHAR(36) NOT NULL DEFAULT uuid() AFTER id;
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b INT NOT NULL DEFAULT (1 + 2) AFTER id;
-- comes back empty: the values of things.a
ALTER TABLE things ADD COLUMN a VARCHAR(20) NOT NULL DEFAULT concat('Ab','c\'D') AFTER id;
