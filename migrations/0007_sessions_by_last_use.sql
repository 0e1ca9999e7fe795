-- message: sessions by last use
-- revision: 0007
-- parent: 0006
-- created: 2026-11-21T21:08:52Z
--
-- - add key ix_sessions_user_id_last_used_at of sessions
-- - drop key ix_sessions_user_id of sessions

-- migrate:up

ALTER TABLE sessions ADD KEY ix_sessions_user_id_last_used_at (user_id, last_used_at);
ALTER TABLE sessions DROP KEY ix_sessions_user_id;

-- migrate:down

ALTER TABLE sessions ADD KEY ix_sessions_user_id (user_id);
ALTER TABLE sessions DROP KEY ix_sessions_user_id_last_used_at;
