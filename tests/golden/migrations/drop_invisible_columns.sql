-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL DEFAULT 1 INVISIBLE,
  b INT NULL INVISIBLE COMMENT 'seen by who asks',
  s INT GENERATED ALWAYS AS (a + 1) STORED INVISIBLE,
  t INT GENERATED ALWAYS AS (a + 2) VIRTUAL INVISIBLE,
  changed_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) INVISIBLE,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
INSERT INTO things VALUES ();
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
ALTER TABLE things DROP COLUMN t;
ALTER TABLE things DROP COLUMN s;
-- loses data: the values of things.a
ALTER TABLE things DROP COLUMN a;
-- loses data: the values of things.b
ALTER TABLE things DROP COLUMN b;
-- loses data: the values of things.changed_at
ALTER TABLE things DROP COLUMN changed_at;
-- down
-- comes back empty: the values of things.changed_at
ALTER TABLE things ADD COLUMN changed_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) INVISIBLE AFTER id;
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b INT NULL DEFAULT NULL INVISIBLE COMMENT 'seen by who asks' AFTER id;
-- comes back empty: the values of things.a
ALTER TABLE things ADD COLUMN a INT NOT NULL DEFAULT 1 INVISIBLE AFTER id;
ALTER TABLE things ADD COLUMN s INT GENERATED ALWAYS AS (`a` + 1) STORED INVISIBLE AFTER b;
ALTER TABLE things ADD COLUMN t INT GENERATED ALWAYS AS (`a` + 2) VIRTUAL INVISIBLE AFTER s;
