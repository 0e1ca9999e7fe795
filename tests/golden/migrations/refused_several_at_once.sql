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
  b INT NOT NULL,
  t VARCHAR(9) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB;
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  t DATE NULL,
  z INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- refused
things.t: nothing converts VARCHAR(9) to DATE: add a column of the new type, fill it in a migration, and drop the old one
things.z: a new column that may not be null needs a default, for the rows that are there: declare it NULLABLE, fill it in a migration of its own, and make it required in a third
drop column things.b: that loses the values of things.b; if it has another name now, declare `.was` there; if it is meant, say --allow-loss
drop table posts: that loses the rows of posts; if it has another name now, declare `.was` there; if it is meant, say --allow-loss
