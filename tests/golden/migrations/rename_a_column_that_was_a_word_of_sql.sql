-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  `order` INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_things_place (`order`)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  place INT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_things_place (place)
) ENGINE=InnoDB;
-- options: --was things.place=order
-- up
ALTER TABLE things RENAME COLUMN `order` TO place;
-- down
ALTER TABLE things RENAME COLUMN place TO `order`;
