CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT,
  uid BINARY(16) NOT NULL,
  username VARCHAR(50) NOT NULL,
  email VARCHAR(254) NOT NULL,
  is_active TINYINT(1) NOT NULL DEFAULT 1,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  password_hash VARCHAR(100) NOT NULL,
  username_fold VARBINARY(200) NOT NULL,
  email_fold VARBINARY(1016) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  email_verified_at DATETIME(6) NULL DEFAULT NULL,
  logins BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_uid (uid),
  UNIQUE KEY uq_users_username_fold (username_fold),
  UNIQUE KEY uq_users_email_fold (email_fold),
  KEY ix_users_username (username),
  KEY ix_users_created_at (created_at),
  FULLTEXT KEY ft_users_username (username)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE roles (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(50) NOT NULL,
  description VARCHAR(500) NULL DEFAULT NULL,
  name_fold VARBINARY(200) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY uq_roles_name_fold (name_fold),
  KEY ix_roles_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE user_roles (
  user_id BIGINT NOT NULL,
  role_id BIGINT NOT NULL,
  assigned_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  assigned_by BIGINT NULL DEFAULT NULL,
  PRIMARY KEY (user_id, role_id),
  KEY ix_user_roles_role_id (role_id),
  KEY ix_user_roles_assigned_by (assigned_by),
  CONSTRAINT fk_user_roles_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_user_roles_role_id_roles FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE,
  CONSTRAINT fk_user_roles_assigned_by_users FOREIGN KEY (assigned_by) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE sessions (
  id BIGINT NOT NULL AUTO_INCREMENT,
  user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  last_used_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  expires_at DATETIME(6) NOT NULL,
  agent VARCHAR(200) NULL DEFAULT NULL,
  address VARCHAR(45) NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_sessions_user_id_last_used_at (user_id, last_used_at),
  KEY ix_sessions_expires_at (expires_at),
  CONSTRAINT fk_sessions_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE posts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  published TINYINT(1) NOT NULL DEFAULT 1,
  owner_id BIGINT NOT NULL,
  votes BIGINT NOT NULL DEFAULT 0,
  score BIGINT NOT NULL DEFAULT 0,
  comment_count BIGINT NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY ix_posts_owner_id (owner_id),
  KEY ix_posts_title (title),
  KEY ix_posts_votes (votes),
  KEY ix_posts_score (score),
  KEY ix_posts_created_at (created_at),
  KEY ix_posts_updated_at (updated_at),
  FULLTEXT KEY ft_posts_title_content (title, content),
  CONSTRAINT fk_posts_owner_id_users FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE votes (
  user_id BIGINT NOT NULL,
  post_id BIGINT NOT NULL,
  vote_type TINYINT NOT NULL,
  voted_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (user_id, post_id),
  KEY ix_votes_post_id_voted_at (post_id, voted_at),
  KEY ix_votes_user_id_voted_at (user_id, voted_at),
  CONSTRAINT ck_votes_vote_type CHECK (vote_type IN (1, -1)),
  CONSTRAINT fk_votes_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_votes_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE profiles (
  user_id BIGINT NOT NULL,
  avatar_url VARCHAR(500) NULL DEFAULT NULL,
  website VARCHAR(200) NULL DEFAULT NULL,
  bio VARCHAR(500) NULL DEFAULT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (user_id),
  CONSTRAINT fk_profiles_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE comments (
  id BIGINT NOT NULL AUTO_INCREMENT,
  post_id BIGINT NOT NULL,
  parent_id BIGINT NULL DEFAULT NULL,
  text MEDIUMTEXT NOT NULL,
  user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY ix_comments_post_id (post_id),
  KEY ix_comments_post_id_created_at (post_id, created_at),
  KEY ix_comments_post_id_parent_id (post_id, parent_id),
  KEY ix_comments_parent_id (parent_id),
  KEY ix_comments_user_id (user_id),
  FULLTEXT KEY ft_comments_text (text),
  CONSTRAINT fk_comments_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT fk_comments_parent_id_comments FOREIGN KEY (parent_id) REFERENCES comments (id) ON DELETE CASCADE,
  CONSTRAINT fk_comments_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE microposts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  body VARCHAR(140) NOT NULL,
  timestamp DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  user_id BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY ix_microposts_user_id_timestamp (user_id, timestamp),
  KEY ix_microposts_timestamp (timestamp),
  FULLTEXT KEY ft_microposts_body (body),
  CONSTRAINT fk_microposts_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE tags (
  uid BINARY(16) NOT NULL,
  name VARCHAR(50) NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  name_fold VARBINARY(200) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (uid),
  UNIQUE KEY uq_tags_name_fold (name_fold),
  KEY ix_tags_name (name),
  KEY ix_tags_created_at (created_at),
  FULLTEXT KEY ft_tags_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE post_tags (
  post_id BIGINT NOT NULL,
  tag_uid BINARY(16) NOT NULL,
  PRIMARY KEY (post_id, tag_uid),
  KEY ix_post_tags_tag_uid (tag_uid),
  CONSTRAINT fk_post_tags_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
  CONSTRAINT fk_post_tags_tag_uid_tags FOREIGN KEY (tag_uid) REFERENCES tags (uid) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE books (
  uid BINARY(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  author VARCHAR(200) NULL DEFAULT NULL,
  publisher VARCHAR(200) NULL DEFAULT NULL,
  published_date DATE NULL DEFAULT NULL,
  page_count BIGINT NULL DEFAULT NULL,
  language VARCHAR(20) NULL DEFAULT NULL,
  user_uid BINARY(16) NULL DEFAULT NULL,
  review_count BIGINT NOT NULL DEFAULT 0,
  rating_sum BIGINT NOT NULL DEFAULT 0,
  average_rating DOUBLE GENERATED ALWAYS AS (rating_sum * 1e0 / NULLIF(review_count, 0)) STORED,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (uid),
  KEY ix_books_user_uid (user_uid),
  KEY ix_books_title (title),
  KEY ix_books_author (author),
  KEY ix_books_language (language),
  KEY ix_books_published_date (published_date),
  KEY ix_books_review_count (review_count),
  KEY ix_books_average_rating (average_rating),
  KEY ix_books_created_at (created_at),
  KEY ix_books_updated_at (updated_at),
  FULLTEXT KEY ft_books_title_author_publisher (title, author, publisher),
  CONSTRAINT ck_books_page_count CHECK (page_count >= 1),
  CONSTRAINT fk_books_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (uid) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE book_tags (
  book_uid BINARY(16) NOT NULL,
  tag_uid BINARY(16) NOT NULL,
  PRIMARY KEY (book_uid, tag_uid),
  KEY ix_book_tags_tag_uid (tag_uid),
  CONSTRAINT fk_book_tags_book_uid_books FOREIGN KEY (book_uid) REFERENCES books (uid) ON DELETE CASCADE,
  CONSTRAINT fk_book_tags_tag_uid_tags FOREIGN KEY (tag_uid) REFERENCES tags (uid) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE reviews (
  uid BINARY(16) NOT NULL,
  rating BIGINT NOT NULL,
  review_text MEDIUMTEXT NOT NULL,
  user_uid BINARY(16) NULL DEFAULT NULL,
  book_uid BINARY(16) NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  version BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (uid),
  UNIQUE KEY uq_reviews_user_uid_book_uid (user_uid, book_uid),
  KEY ix_reviews_user_uid (user_uid),
  KEY ix_reviews_book_uid (book_uid),
  KEY ix_reviews_book_uid_created_at (book_uid, created_at),
  KEY ix_reviews_created_at (created_at),
  FULLTEXT KEY ft_reviews_review_text (review_text),
  CONSTRAINT ck_reviews_rating CHECK (rating >= 1 AND rating <= 5),
  CONSTRAINT fk_reviews_user_uid_users FOREIGN KEY (user_uid) REFERENCES users (uid) ON DELETE SET NULL,
  CONSTRAINT fk_reviews_book_uid_books FOREIGN KEY (book_uid) REFERENCES books (uid) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE idempotency_keys (
  id VARBINARY(32) NOT NULL,
  user_id BIGINT NULL DEFAULT NULL,
  fingerprint VARBINARY(32) NOT NULL,
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  status BIGINT NULL DEFAULT NULL,
  headers MEDIUMBLOB NULL DEFAULT NULL,
  body MEDIUMBLOB NULL DEFAULT NULL,
  waits_until DATETIME(6) NULL DEFAULT NULL,
  PRIMARY KEY (id),
  KEY ix_idempotency_keys_user_id (user_id),
  KEY ix_idempotency_keys_created_at (created_at),
  CONSTRAINT fk_idempotency_keys_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

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

CREATE TABLE refresh_tokens (
  digest VARBINARY(32) NOT NULL,
  session_id BIGINT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at DATETIME(6) NULL DEFAULT NULL,
  PRIMARY KEY (digest),
  KEY ix_refresh_tokens_session_id (session_id),
  CONSTRAINT fk_refresh_tokens_session_id_sessions FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

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
