-- message: tweet threads
-- revision: 0003
-- parent: 0002
-- created: 2026-11-21T17:30:28Z
--
-- - create table tweet_threads
-- - create table tweet_histories

-- migrate:up

CREATE TABLE tweet_threads (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_id BIGINT NOT NULL,
  topic VARCHAR(500) NOT NULL,
  tweets MEDIUMTEXT NOT NULL,
  tweet_count BIGINT NOT NULL,
  tone VARCHAR(50) NULL DEFAULT NULL,
  source MEDIUMTEXT NULL DEFAULT NULL,
  max_tweets BIGINT NOT NULL,
  numbered TINYINT(1) NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY ix_tweet_threads_user_id (user_id),
  CONSTRAINT ck_tweet_threads_max_tweets CHECK (max_tweets >= 1 AND max_tweets <= 20),
  CONSTRAINT fk_tweet_threads_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
CREATE TABLE tweet_histories (
  id BIGINT NOT NULL AUTO_INCREMENT,
  thread_id BIGINT NULL DEFAULT NULL,
  user_id BIGINT NOT NULL,
  status TINYINT NOT NULL DEFAULT 0,
  processing_time BIGINT NULL DEFAULT NULL,
  generation_params MEDIUMTEXT NULL DEFAULT NULL,
  error VARCHAR(500) NULL DEFAULT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  topic VARCHAR(500) NOT NULL,
  tone VARCHAR(50) NULL DEFAULT NULL,
  source MEDIUMTEXT NULL DEFAULT NULL,
  max_tweets BIGINT NOT NULL,
  numbered TINYINT(1) NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  holder VARBINARY(16) NULL DEFAULT NULL,
  due_at DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  KEY ix_tweet_histories_thread_id (thread_id),
  KEY ix_tweet_histories_user_id (user_id),
  KEY ix_tweet_histories_due_at (due_at),
  CONSTRAINT ck_tweet_histories_status CHECK (status IN (0, 1, 2, 3, 4)),
  CONSTRAINT fk_tweet_histories_thread_id_tweet_threads FOREIGN KEY (thread_id) REFERENCES tweet_threads (id) ON DELETE CASCADE,
  CONSTRAINT fk_tweet_histories_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- migrate:down

DROP TABLE tweet_histories;
DROP TABLE tweet_threads;
