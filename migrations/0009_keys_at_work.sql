-- message: keys_at_work
-- revision: 0009
-- parent: 0008
-- created: 2026-11-22T23:55:00Z
--
-- - add column waits_until of idempotency_keys

-- migrate:up

ALTER TABLE idempotency_keys ADD COLUMN waits_until DATETIME(6) NULL DEFAULT NULL AFTER body;

-- migrate:down

ALTER TABLE idempotency_keys DROP COLUMN waits_until;
