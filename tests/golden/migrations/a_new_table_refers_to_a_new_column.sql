-- from
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  uid BINARY(16) NULL DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_uid (uid)
) ENGINE=InnoDB;
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_uid BINARY(16) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_uid (user_uid),
  CONSTRAINT fk_profiles_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (uid) ON DELETE CASCADE
) ENGINE=InnoDB;
-- up
CREATE TABLE profiles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_uid BINARY(16) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_profiles_user_uid (user_uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE users ADD COLUMN uid BINARY(16) NULL DEFAULT NULL AFTER id;
-- fails when two rows have the same uid
ALTER TABLE users ADD UNIQUE KEY uq_users_uid (uid);
-- fails when a row refers to a row of users that is not there
ALTER TABLE profiles ADD CONSTRAINT fk_profiles_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (uid) ON DELETE CASCADE;
-- down
ALTER TABLE profiles DROP FOREIGN KEY fk_profiles_user_uid_users;
ALTER TABLE users DROP KEY uq_users_uid;
ALTER TABLE users DROP COLUMN uid;
DROP TABLE profiles;
