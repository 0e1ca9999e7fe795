-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  s VARCHAR(20) COLLATE utf8mb4_bin GENERATED ALWAYS AS (concat(a, 'Ab;\'c')) STORED COMMENT 'of a',
  b INT NOT NULL,
  t INT GENERATED ALWAYS AS (a + b) VIRTUAL,
  c INT NULL,
  PRIMARY KEY (id),
  KEY ix_t (t, c)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  c INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
ALTER TABLE things DROP KEY ix_t;
ALTER TABLE things DROP COLUMN t;
ALTER TABLE things DROP COLUMN s;
-- loses data: the values of things.a
ALTER TABLE things DROP COLUMN a;
-- loses data: the values of things.b
ALTER TABLE things DROP COLUMN b;
-- down
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b INT NOT NULL AFTER id;
-- comes back empty: the values of things.a
ALTER TABLE things ADD COLUMN a INT NOT NULL AFTER id;
ALTER TABLE things ADD COLUMN s VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS (concat(`a`,'Ab;\'c')) STORED COMMENT 'of a' AFTER a;
ALTER TABLE things ADD COLUMN t INT GENERATED ALWAYS AS (`a` + `b`) VIRTUAL AFTER b;
ALTER TABLE things ADD KEY ix_t (t, c);
