-- from
CREATE TABLE posts (id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)) ENGINE=InnoDB;
CREATE TABLE likes (
  post_id BIGINT NOT NULL,
  KEY ix_likes_post_id (post_id),
  CONSTRAINT fk_likes_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id)
) ENGINE=InnoDB;
INSERT INTO posts VALUES (1), (2), (3);
INSERT INTO likes VALUES (1), (3), (3);
-- to
CREATE TABLE posts (id BIGINT NOT NULL AUTO_INCREMENT, likes BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id)) ENGINE=InnoDB;
CREATE TABLE likes (
  post_id BIGINT NOT NULL,
  KEY ix_likes_post_id (post_id),
  CONSTRAINT fk_likes_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id)
) ENGINE=InnoDB;
INSERT INTO posts VALUES (1, 1), (2, 0), (3, 2);
INSERT INTO likes VALUES (1), (3), (3);
-- options: --counts posts.likes=likes.post_id
-- up
ALTER TABLE posts ADD COLUMN likes BIGINT NOT NULL DEFAULT 0 AFTER id;
-- counts what is there now: carry it out again when no older program writes any more
UPDATE posts SET likes = COALESCE((SELECT counted.n FROM (SELECT post_id AS k, COUNT(*) AS n FROM likes GROUP BY post_id) counted WHERE counted.k = posts.id), 0);
-- down
ALTER TABLE posts DROP COLUMN likes;
