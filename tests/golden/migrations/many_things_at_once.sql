-- from
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  owner_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(300) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  owner_id BIGINT NOT NULL,
  slug VARCHAR(60) NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  UNIQUE KEY uq_posts_slug (slug),
  CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
CREATE TABLE tags (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(50) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE TABLE post_tags (
  post_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  PRIMARY KEY (post_id, tag_id),
  KEY ix_post_tags_tag_id (tag_id),
  CONSTRAINT fk_pt_p FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT fk_pt_t FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
CREATE TABLE tags (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(50) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE post_tags (
  post_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  PRIMARY KEY (post_id, tag_id),
  KEY ix_post_tags_tag_id (tag_id),
  CONSTRAINT fk_pt_p FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT fk_pt_t FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE posts ADD COLUMN slug VARCHAR(60) NULL DEFAULT NULL AFTER owner_id;
ALTER TABLE users MODIFY COLUMN email VARCHAR(300) NOT NULL;
-- fails when two rows have the same slug
ALTER TABLE posts ADD UNIQUE KEY uq_posts_slug (slug);
-- loses data: the rows of things
DROP TABLE things;
-- down
-- comes back empty: the rows of things
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE posts DROP KEY uq_posts_slug;
-- loses data: values of users.email that do not fit VARCHAR(254)
ALTER TABLE users MODIFY COLUMN email VARCHAR(254) NOT NULL;
ALTER TABLE posts DROP COLUMN slug;
DROP TABLE post_tags;
DROP TABLE tags;
