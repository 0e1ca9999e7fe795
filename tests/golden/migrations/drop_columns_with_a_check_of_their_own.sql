-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a JSON NULL,
  b INT NOT NULL DEFAULT 3 CHECK (b > 2),
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
-- down
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b INT NOT NULL DEFAULT 3 CHECK (`b` > 2) AFTER id;
-- comes back empty: the values of things.a
ALTER TABLE things ADD COLUMN a LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL DEFAULT NULL CHECK (json_valid(`a`)) AFTER id;
