-- message: log-ins counted
-- revision: 0011
-- parent: 0010
-- created: 2026-11-23T13:45:00Z
--
-- - add column users.logins

-- migrate:up

ALTER TABLE users ADD COLUMN logins BIGINT NOT NULL DEFAULT 0;

-- migrate:down

ALTER TABLE users DROP COLUMN logins;
