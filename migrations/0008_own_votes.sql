-- message: own_votes
-- revision: 0008
-- parent: 0007
-- created: 2026-11-22T01:15:11Z
--
-- - add key ix_votes_user_id_voted_at of votes

-- migrate:up

ALTER TABLE votes ADD KEY ix_votes_user_id_voted_at (user_id, voted_at);

-- migrate:down

ALTER TABLE votes DROP KEY ix_votes_user_id_voted_at;
