-- from
SET foreign_key_checks = 0;
CREATE TABLE a (
  id BIGINT NOT NULL AUTO_INCREMENT,
  b_id BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_a_b_id (b_id),
  CONSTRAINT fk_a FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE SET NULL
) ENGINE=InnoDB;
CREATE TABLE b (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a_id BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_b_a_id (a_id),
  CONSTRAINT fk_b FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- to
-- options: --allow-loss
-- up
ALTER TABLE a DROP FOREIGN KEY fk_a;
-- loses data: the rows of b
DROP TABLE b;
-- loses data: the rows of a
DROP TABLE a;
-- down
-- comes back empty: the rows of a
CREATE TABLE a (
  id BIGINT NOT NULL AUTO_INCREMENT,
  b_id BIGINT NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_a_b_id (b_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- comes back empty: the rows of b
CREATE TABLE b (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a_id BIGINT NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_b_a_id (a_id),
  CONSTRAINT fk_b FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE a ADD CONSTRAINT fk_a FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE SET NULL;
