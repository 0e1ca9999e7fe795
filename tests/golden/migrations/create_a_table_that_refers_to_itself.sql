-- from
-- to
CREATE TABLE comments (
  id BIGINT NOT NULL AUTO_INCREMENT,
  parent_id BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_comments_parent_id (parent_id),
  CONSTRAINT fk_comments_parent_id_comments FOREIGN KEY (parent_id) REFERENCES comments (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
CREATE TABLE comments (
  id BIGINT NOT NULL AUTO_INCREMENT,
  parent_id BIGINT NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_comments_parent_id (parent_id),
  CONSTRAINT fk_comments_parent_id_comments FOREIGN KEY (parent_id) REFERENCES comments (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- down
DROP TABLE comments;
