-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t VARCHAR(50) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- refused
things.t: nothing converts VARCHAR(50) to BIGINT: add a column of the new type, fill it in a migration, and drop the old one
