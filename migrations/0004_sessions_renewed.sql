-- message: sessions renewed
-- revision: 0004
-- parent: 0003
-- created: 2026-11-21T18:13:51Z
--
-- - create table refresh_tokens
-- - add column sessions.last_used_at
-- - add key ix_sessions_expires_at of sessions

-- migrate:up

CREATE TABLE refresh_tokens (
  digest VARBINARY(32) NOT NULL,
  session_id BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL DEFAULT NULL,
  PRIMARY KEY (digest),
  KEY ix_refresh_tokens_session_id (session_id),
  CONSTRAINT fk_refresh_tokens_session_id_sessions FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE sessions ADD COLUMN last_used_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) AFTER created_at;
ALTER TABLE sessions ADD KEY ix_sessions_expires_at (expires_at);

-- migrate:down

ALTER TABLE sessions DROP KEY ix_sessions_expires_at;
ALTER TABLE sessions DROP COLUMN last_used_at;
DROP TABLE refresh_tokens;
