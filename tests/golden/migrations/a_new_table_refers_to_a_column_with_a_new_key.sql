-- from
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code BINARY(16) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code BINARY(16) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_code (code)
) ENGINE=InnoDB;
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_uid BINARY(16) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_uid (user_uid),
  CONSTRAINT fk_profiles_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (code) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_uid BINARY(16) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_uid (user_uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
-- fails when two rows have the same code
ALTER TABLE users ADD UNIQUE KEY uq_users_code (code);
-- fails when a row refers to a row of users that is not there
ALTER TABLE profiles ADD CONSTRAINT fk_profiles_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (code) ON DELETE CASCADE;
-- down
ALTER TABLE profiles DROP FOREIGN KEY fk_profiles_user_uid_users;
ALTER TABLE users DROP KEY uq_users_code;
DROP TABLE profiles;
