-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t VARCHAR(50) NOT NULL COMMENT 'of the \\ operator''s',
  u INT NULL COMMENT 'x',
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  t VARCHAR(60) NOT NULL,
  u INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- up
ALTER TABLE things MODIFY COLUMN t VARCHAR(60) NOT NULL COMMENT 'of the \\ operator''s';
-- down
-- loses data: values of things.t that do not fit VARCHAR(50)
ALTER TABLE things MODIFY COLUMN t VARCHAR(50) NOT NULL COMMENT 'of the \\ operator''s';
