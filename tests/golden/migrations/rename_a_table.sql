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
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE articles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  owner_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_articles_owner_id (owner_id),
  CONSTRAINT fk_articles_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- options: --was articles=posts
-- up
RENAME TABLE posts TO articles;
ALTER TABLE articles DROP FOREIGN KEY fk_posts_owner_id_users;
ALTER TABLE articles RENAME INDEX ix_posts_owner_id TO ix_articles_owner_id;
-- fails when a row refers to a row of users that is not there
ALTER TABLE articles ADD CONSTRAINT fk_articles_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE;
-- down
ALTER TABLE articles DROP FOREIGN KEY fk_articles_owner_id_users;
ALTER TABLE articles RENAME INDEX ix_articles_owner_id TO ix_posts_owner_id;
-- fails when a row refers to a row of users that is not there
ALTER TABLE articles ADD CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE;
RENAME TABLE articles TO posts;
