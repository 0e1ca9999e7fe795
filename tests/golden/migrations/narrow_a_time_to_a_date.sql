-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t DATETIME(6) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t DATE NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
-- loses data: values of things.t that do not fit DATE
ALTER TABLE things MODIFY COLUMN t DATE NULL DEFAULT NULL;
-- down
ALTER TABLE things MODIFY COLUMN t DATETIME(6) NULL DEFAULT NULL;
