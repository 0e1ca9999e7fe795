-- from
CREATE TABLE things (
  a INT NOT NULL,
  n BIGINT NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (a),
  KEY ix_n (n)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  a INT NOT NULL,
  PRIMARY KEY (a)
) ENGINE=InnoDB;
-- options: --allow-loss
-- refused
things.n: AUTO_INCREMENT cannot be added or taken away by itself: write that migration by hand
