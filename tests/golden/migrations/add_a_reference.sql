-- from
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  owner_id BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
ALTER TABLE posts ADD COLUMN owner_id BIGINT NULL DEFAULT NULL AFTER id;
ALTER TABLE posts ADD KEY ix_posts_owner_id (owner_id);
-- fails when a row refers to a row of users that is not there
ALTER TABLE posts ADD CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE;
-- down
ALTER TABLE posts DROP FOREIGN KEY fk_posts_owner_id_users;
ALTER TABLE posts DROP KEY ix_posts_owner_id;
ALTER TABLE posts DROP COLUMN owner_id;
