-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  b INT NOT NULL,
  s INT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  b INT NOT NULL,
  s INT GENERATED ALWAYS AS (b + 1) STORED,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- options: --allow-loss
-- refused
things.s: a column cannot become generated, or cease to be, in one step: drop it in one migration and add it in the next
