-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  content VARCHAR(90) NULL,
  body VARCHAR(90) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body VARCHAR(90) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --was things.body=content --allow-loss
-- refused
things.body is declared to have been content, but there are columns of both names: move the rows by hand, or take the `.was` away
