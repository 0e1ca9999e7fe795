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
-- refused
drop column things.content: that loses the values of things.content; if it has another name now, declare `.was` there; if it is meant, say --allow-loss
