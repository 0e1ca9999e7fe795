-- message: mail
-- revision: 0005
-- parent: 0004
-- created: 2026-11-21T18:18:41Z
--
-- - create table mails
-- - create table mail_tokens
-- - add column users.email_verified_at

-- migrate:up

CREATE TABLE mails (
  id BIGINT NOT NULL AUTO_INCREMENT,
  address VARBINARY(1016) NOT NULL,
  purpose TINYINT NOT NULL,
  user_id BIGINT NULL DEFAULT NULL,
  seed VARBINARY(24) NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  holder VARBINARY(16) NULL DEFAULT NULL,
  due_at DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6),
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  error VARCHAR(500) NULL DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_mails_address_purpose (address, purpose),
  KEY ix_mails_user_id (user_id),
  KEY ix_mails_due_at (due_at),
  KEY ix_mails_created_at (created_at),
  CONSTRAINT ck_mails_purpose CHECK (purpose IN (0, 1)),
  CONSTRAINT fk_mails_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE mail_tokens (
  hash VARBINARY(32) NOT NULL,
  user_id BIGINT NOT NULL,
  purpose TINYINT NOT NULL,
  address VARBINARY(1016) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (hash),
  UNIQUE KEY uq_mail_tokens_user_id_purpose (user_id, purpose),
  KEY ix_mail_tokens_expires_at (expires_at),
  CONSTRAINT ck_mail_tokens_purpose CHECK (purpose IN (0, 1)),
  CONSTRAINT fk_mail_tokens_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
ALTER TABLE users ADD COLUMN email_verified_at DATETIME(6) NULL DEFAULT NULL AFTER version;

-- migrate:down

ALTER TABLE users DROP COLUMN email_verified_at;
DROP TABLE mail_tokens;
DROP TABLE mails;
