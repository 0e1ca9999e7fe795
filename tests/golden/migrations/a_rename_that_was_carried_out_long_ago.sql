-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --was things.body=content
-- same
