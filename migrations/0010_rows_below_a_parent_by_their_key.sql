-- message: rows below a parent by their key
-- revision: 0010
-- parent: 0009
-- created: 2026-11-23T11:15:00Z
--
-- - add key ix_comments_post_id of comments
-- - add key ix_reviews_user_uid of reviews
-- - add key ix_reviews_book_uid of reviews

-- migrate:up

ALTER TABLE comments ADD KEY ix_comments_post_id (post_id);
ALTER TABLE reviews ADD KEY ix_reviews_user_uid (user_uid);
ALTER TABLE reviews ADD KEY ix_reviews_book_uid (book_uid);

-- migrate:down

ALTER TABLE reviews DROP KEY ix_reviews_book_uid;
ALTER TABLE reviews DROP KEY ix_reviews_user_uid;
ALTER TABLE comments DROP KEY ix_comments_post_id;
