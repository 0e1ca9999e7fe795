-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  b TEXT NOT NULL,
  c INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  c INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
-- loses data: the values of things.b
ALTER TABLE things DROP COLUMN b;
-- down
-- comes back empty: the values of things.b
ALTER TABLE things ADD COLUMN b TEXT NOT NULL AFTER a;
