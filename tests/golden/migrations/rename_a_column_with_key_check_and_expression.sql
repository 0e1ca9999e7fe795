-- from
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  r INT NOT NULL,
  s INT GENERATED ALWAYS AS (r * 2) STORED,
  CONSTRAINT ck_things_r CHECK (r >= 1),
  PRIMARY KEY (id),
  KEY ix_things_r (r),
  KEY ix_both (s, r)
) ENGINE=InnoDB;
-- to
CREATE TABLE things (
  id BIGINT NOT NULL AUTO_INCREMENT,
  rating INT NOT NULL,
  s INT GENERATED ALWAYS AS (rating * 2) STORED,
  CONSTRAINT ck_things_rating CHECK (rating >= 1),
  PRIMARY KEY (id),
  KEY ix_things_rating (rating),
  KEY ix_both (s, rating)
) ENGINE=InnoDB;
-- options: --was things.rating=r
-- up
ALTER TABLE things RENAME COLUMN r TO rating;
ALTER TABLE things DROP CONSTRAINT ck_things_r;
ALTER TABLE things RENAME INDEX ix_things_r TO ix_things_rating;
-- fails when a row does not satisfy `rating` >= 1
ALTER TABLE things ADD CONSTRAINT ck_things_rating CHECK (`rating` >= 1);
-- down
ALTER TABLE things DROP CONSTRAINT ck_things_rating;
ALTER TABLE things RENAME INDEX ix_things_rating TO ix_things_r;
-- fails when a row does not satisfy `rating` >= 1
ALTER TABLE things ADD CONSTRAINT ck_things_r CHECK (`rating` >= 1);
ALTER TABLE things RENAME COLUMN rating TO r;
