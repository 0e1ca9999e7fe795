-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  content VARCHAR(90) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body VARCHAR(90) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --was things.body=content
-- up
ALTER TABLE things RENAME COLUMN content TO body;
-- down
ALTER TABLE things RENAME COLUMN body TO content;
