-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  content VARCHAR(90) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --was things.body=content
-- up
ALTER TABLE things RENAME COLUMN content TO body;
ALTER TABLE things MODIFY COLUMN body MEDIUMTEXT NOT NULL;
-- down
-- loses data: values of things.body that do not fit VARCHAR(90)
ALTER TABLE things MODIFY COLUMN body VARCHAR(90) NOT NULL;
ALTER TABLE things RENAME COLUMN body TO content;
