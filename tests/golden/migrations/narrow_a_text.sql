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
-- options: --allow-loss
-- up
-- loses data: values of things.t that do not fit VARCHAR(50)
ALTER TABLE things MODIFY COLUMN t VARCHAR(50) NULL DEFAULT NULL;
-- down
ALTER TABLE things MODIFY COLUMN t VARCHAR(200) NULL DEFAULT NULL;
