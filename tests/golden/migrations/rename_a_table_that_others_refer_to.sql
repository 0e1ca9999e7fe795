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
CREATE TABLE people (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_people_email (email)
) ENGINE=InnoDB;
CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  owner_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  CONSTRAINT fk_posts_owner_id_people FOREIGN KEY (owner_id) REFERENCES people (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- options: --was people=users
-- up
RENAME TABLE users TO people;
ALTER TABLE posts DROP FOREIGN KEY fk_posts_owner_id_users;
ALTER TABLE people RENAME INDEX uq_users_email TO uq_people_email;
-- fails when a row refers to a row of people that is not there
ALTER TABLE posts ADD CONSTRAINT fk_posts_owner_id_people FOREIGN KEY (owner_id) REFERENCES people (id) ON DELETE CASCADE;
-- down
ALTER TABLE posts DROP FOREIGN KEY fk_posts_owner_id_people;
ALTER TABLE people RENAME INDEX uq_people_email TO uq_users_email;
-- fails when a row refers to a row of people that is not there
ALTER TABLE posts ADD CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES people (id) ON DELETE CASCADE;
RENAME TABLE people TO users;
