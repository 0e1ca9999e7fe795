-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  a INT NOT NULL,
  slug VARCHAR(50) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_things_slug (slug)
) ENGINE=InnoDB;
-- up
ALTER TABLE things ADD COLUMN slug VARCHAR(50) NULL DEFAULT NULL AFTER a;
-- fails when two rows have the same slug
ALTER TABLE things ADD UNIQUE KEY uq_things_slug (slug);
-- down
ALTER TABLE things DROP KEY uq_things_slug;
ALTER TABLE things DROP COLUMN slug;
