-- from
CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  owner_id INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  owner_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
ALTER TABLE posts DROP FOREIGN KEY fk_posts;
ALTER TABLE posts MODIFY COLUMN owner_id BIGINT NOT NULL;
ALTER TABLE users MODIFY COLUMN id BIGINT NOT NULL AUTO_INCREMENT;
-- fails when a row refers to a row of users that is not there
ALTER TABLE posts ADD CONSTRAINT fk_posts FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE;
-- down
ALTER TABLE posts DROP FOREIGN KEY fk_posts;
-- loses data: values of users.id that do not fit INT
ALTER TABLE users MODIFY COLUMN id INT NOT NULL AUTO_INCREMENT;
-- loses data: values of posts.owner_id that do not fit INT
ALTER TABLE posts MODIFY COLUMN owner_id INT NOT NULL;
-- fails when a row refers to a row of users that is not there
ALTER TABLE posts ADD CONSTRAINT fk_posts FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE;
