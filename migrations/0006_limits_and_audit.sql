-- message: limits_and_audit
-- revision: 0006
-- parent: 0005
-- created: 2026-11-21T18:15:43Z
--
-- - create table rate_limits
-- - create table login_places
-- - create table audit_events

-- migrate:up

CREATE TABLE rate_limits (
  id VARBINARY(32) NOT NULL,
  free_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_rate_limits_free_at (free_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE login_places (
  id VARBINARY(32) NOT NULL,
  failures BIGINT NOT NULL,
  free_at DATETIME(6) NOT NULL,
  known_until DATETIME(6) NULL DEFAULT NULL,
  kept_until DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_login_places_kept_until (kept_until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE audit_events (
  id BIGINT NOT NULL AUTO_INCREMENT,
  event TINYINT NOT NULL,
  actor_id BIGINT NULL DEFAULT NULL,
  subject_id BIGINT NULL DEFAULT NULL,
  address VARCHAR(49) NULL DEFAULT NULL,
  detail VARCHAR(500) NULL DEFAULT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  KEY ix_audit_events_event (event),
  KEY ix_audit_events_actor_id (actor_id),
  KEY ix_audit_events_subject_id (subject_id),
  KEY ix_audit_events_created_at (created_at),
  CONSTRAINT ck_audit_events_event CHECK (event IN (1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33, 34))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- migrate:down

DROP TABLE audit_events;
DROP TABLE login_places;
DROP TABLE rate_limits;
