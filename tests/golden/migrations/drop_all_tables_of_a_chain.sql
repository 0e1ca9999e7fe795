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
CREATE TABLE votes (
  post_id BIGINT NOT NULL,
  PRIMARY KEY (post_id),
  CONSTRAINT fk_votes FOREIGN KEY (post_id) REFERENCES posts (id)
) ENGINE=InnoDB;
-- to
-- options: --allow-loss
-- up
-- loses data: the rows of votes
DROP TABLE votes;
-- loses data: the rows of posts
DROP TABLE posts;
-- loses data: the rows of users
DROP TABLE users;
-- down
-- comes back empty: the rows of users
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- comes back empty: the rows of posts
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  owner_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- comes back empty: the rows of votes
CREATE TABLE votes (
  post_id BIGINT NOT NULL,
  PRIMARY KEY (post_id),
  CONSTRAINT fk_votes FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
