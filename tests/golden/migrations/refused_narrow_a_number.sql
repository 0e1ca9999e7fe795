-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  n BIGINT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  n INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- refused
change column things.n: that loses values of things.n that do not fit INT; if it is meant, say --allow-loss
