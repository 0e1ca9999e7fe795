-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t VARCHAR(200) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t VARCHAR(50) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- refused
change column things.t: that loses values of things.t that do not fit VARCHAR(50); if it is meant, say --allow-loss
