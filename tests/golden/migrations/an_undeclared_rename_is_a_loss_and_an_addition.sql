-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  content VARCHAR(90) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body VARCHAR(90) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- up
ALTER TABLE things ADD COLUMN body VARCHAR(90) NULL DEFAULT NULL AFTER id;
-- loses data: the values of things.content
ALTER TABLE things DROP COLUMN content;
-- down
-- comes back empty: the values of things.content
ALTER TABLE things ADD COLUMN content VARCHAR(90) NULL DEFAULT NULL AFTER id;
ALTER TABLE things DROP COLUMN body;
