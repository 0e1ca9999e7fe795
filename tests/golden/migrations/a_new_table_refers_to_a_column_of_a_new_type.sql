-- from
CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_id (user_id),
  CONSTRAINT fk_profiles_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_id (user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE users MODIFY COLUMN id BIGINT NOT NULL AUTO_INCREMENT;
-- fails when a row refers to a row of users that is not there
ALTER TABLE profiles ADD CONSTRAINT fk_profiles_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
-- down
ALTER TABLE profiles DROP FOREIGN KEY fk_profiles_user_id_users;
-- loses data: values of users.id that do not fit INT
ALTER TABLE users MODIFY COLUMN id INT NOT NULL AUTO_INCREMENT;
DROP TABLE profiles;
