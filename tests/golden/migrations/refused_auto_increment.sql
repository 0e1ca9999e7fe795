-- from
CREATE TABLE things (
  id BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- refused
things.id: AUTO_INCREMENT cannot be added or taken away by itself: write that migration by hand
