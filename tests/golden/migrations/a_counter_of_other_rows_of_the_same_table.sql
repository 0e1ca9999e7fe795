-- from
CREATE TABLE notes (
  id BIGINT NOT NULL AUTO_INCREMENT,
  parent_id BIGINT NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_notes_parent_id (parent_id),
  CONSTRAINT fk_notes_parent_id_notes FOREIGN KEY (parent_id) REFERENCES notes (id) ON DELETE CASCADE
) ENGINE=InnoDB;
INSERT INTO notes (id, parent_id) VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, NULL);
-- to
CREATE TABLE notes (
  id BIGINT NOT NULL AUTO_INCREMENT,
  parent_id BIGINT NULL DEFAULT NULL,
  answer_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY ix_notes_parent_id (parent_id),
  CONSTRAINT fk_notes_parent_id_notes FOREIGN KEY (parent_id) REFERENCES notes (id) ON DELETE CASCADE
) ENGINE=InnoDB;
INSERT INTO notes VALUES (1, NULL, 2), (2, 1, 1), (3, 1, 0), (4, 2, 0), (5, NULL, 0);
-- options: --counts notes.answer_count=notes.parent_id
-- up
ALTER TABLE notes ADD COLUMN answer_count BIGINT NOT NULL DEFAULT 0 AFTER parent_id;
-- counts what is there now: carry it out again when no older program writes any more
UPDATE notes SET answer_count = COALESCE((SELECT counted.n FROM (SELECT parent_id AS k, COUNT(*) AS n FROM notes GROUP BY parent_id) counted WHERE counted.k = notes.id), 0);
-- down
ALTER TABLE notes DROP COLUMN answer_count;
