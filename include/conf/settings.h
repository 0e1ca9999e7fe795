/*
 * settings: what the program was told: read once at start, checked, and never changed afterwards.
 *
 * A value comes from the environment, else from .env.$APP_ENV, else from .env, else from the table
 * (conf/table.h). APP_ENV itself comes from the environment, else from .env, else it is "development". When the
 * environment has QUIRE_CONF, that names a file which is read in place of .env, and must be there; and where it also
 * has POOL_NAME, POOL.conf in the same folder, when there is one, is stronger than that, in place of .env.$APP_ENV. An
 * empty value is a value. A part of DATABASE_URL fills a DB_ setting that is not given, or only in a weaker place than
 * the URL; its unix_socket also yields to a DB_HOST that is given.
 *
 * All that is missing or wrong is reported together: each bad value, each line of a .env file that cannot be
 * read (conf/dotenv.h), and each name in such a file that is no setting. A mistake names the setting, where
 * it was given and what is allowed; a secret value is never shown. The texts live in the arena.
 *
 *     struct settings s;
 *     err failed = settings_load(a, environ, ".", &s);
 *     if (failed != NULL) fprintf(stderr, "%.*s\n", STR_ARGS(failed->detail));     // a line for each mistake
 *     const struct db_target target = settings_db_target(&s);
 *     struct db *db = db_new(&target);
 */
#ifndef QUIRE_CONF_SETTINGS_H
#define QUIRE_CONF_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "io/db.h"

struct arena;
struct buf;
struct held;

/* How many origins CORS_ORIGINS may name. */
enum { SETTINGS_MAX_ORIGINS = 64 };

struct settings {
    str app_env; /* development, test, production */
    /* database; the db_ members already hold what DATABASE_URL says */
    str database_url;
    str db_host;
    int64_t db_port;
    str db_user;
    str db_password;
    str db_name;
    str db_socket;              /* when set, host and port are not used */
    str db_hosts;               /* as io/hosts reads it; when set, neither host nor socket is used */
    bool db_spread;             /* processes begin with different hosts */
    str db_causal_reads;        /* auto, on, off */
    str db_replicas;            /* as io/hosts reads it; empty: none is used */
    int64_t db_replica_max_lag; /* seconds */
    str db_ssl_ca;              /* when set, TLS is demanded and the server verified against this file */
    int64_t db_timeout;         /* seconds a read or write may take */
    int64_t db_connect_timeout; /* seconds a connect to one host may take */
    /* tokens */
    str secret_key;           /* this or secret_keys: read them by keys_secrets() */
    str secret_keys;          /* comma-separated */
    str jwt_private_key_file; /* a path; empty unless the algorithm is RS256 or ES256 */
    str jwt_public_key_files; /* comma-separated paths */
    str algorithm;
    str token_issuer;
    str token_audience;
    int64_t access_token_expire_minutes;
    int64_t refresh_token_expire_days;
    int64_t session_expire_days;
    str cookie_secure; /* auto, on, off */
    /* passwords */
    int64_t bcrypt_cost;
    int64_t bcrypt_concurrency; /* hashes at once over all workers; more must wait; 0: processors but one */
    /* limits, as conf/rate reads them */
    str limit_login;
    str limit_login_account;
    int64_t login_failures; /* wrong passwords before the next try must wait; 0: none ever does */
    str limit_register;
    str limit_refresh;
    str limit_mail;
    str limit_mail_account;
    str limit_generate;
    str limit_generate_address;
    str limit_create;
    int64_t audit_keep_days; /* 0: for ever */
    /* the pool */
    str listen;          /* unix:/path or host:port; not used when file descriptor 0 is a listening socket */
    bool listen_each;    /* each worker has a socket of its own, and keeps connections */
    int64_t listen_mode; /* octal mode of a unix socket */
    int64_t workers;     /* 0: processors x 2 */
    int64_t worker_max_requests; /* 0: never */
    int64_t worker_timeout;      /* seconds a request may take before its worker is killed; 0: no limit */
    int64_t shutdown_timeout;    /* seconds given to requests in flight at SIGTERM */
    int64_t max_body_bytes;
    str pool_name;   /* of this pool among those of the machine; empty: what kind it is */
    str metrics_dir; /* where they show each other what they count; empty: nowhere */
    /* web */
    str cors_origins; /* comma-separated, or * */
    bool cors_credentials;
    bool public_read;
    bool require_if_match;
    str base_path; /* /api/v1 */
    str site_url;  /* without a slash at its end */
    /* log */
    str log_file;
    str log_level;
    int64_t slow_request_ms; /* 0: none is slow */
    bool server_timing;      /* whether admins are told where the time goes */
    /* files */
    str migrations_dir;
    str schema_check; /* strict, warn, off */
    str media_dir;
    str media_url;            /* without a slash at its end */
    int64_t avatar_max_bytes; /* of the picture itself */
    /* tweet threads */
    str composer;          /* extract, openai */
    int64_t generate_wait; /* seconds that an answer waits for its thread */
    int64_t work_processes;
    int64_t work_lease;  /* seconds */
    str openai_base_url; /* without a slash at its end */
    str openai_api_key;  /* empty: none is sent */
    str openai_model;
    str openai_temperature; /* a decimal number as text, 0 to 2; empty: not sent */
    int64_t openai_timeout; /* seconds for a whole thread, retries included */
    int64_t openai_retries;
    /* mail */
    str smtp_url; /* empty: mails are files in mail_dir */
    str smtp_user;
    str smtp_password;
    str smtp_starttls; /* required, try, off */
    str smtp_ca;
    int64_t smtp_timeout; /* seconds for one mail */
    str mail_from;
    str mail_dir;
    str mail_templates;    /* a folder; empty: mails/ here, else the installed one */
    bool mail_verify;      /* whether a new address gets a mail unasked */
    int64_t mail_attempts; /* to send one, before it is given up */
    int64_t mail_retry;    /* seconds before the second attempt; twice as long each time */
    int64_t verify_token_hours;
    int64_t reset_token_minutes;
};

/* Reads all settings. environment is a NULL-terminated list of NAME=value, dir the folder of the .env
 * files. ERROR_INVALID with a detail of one line a mistake, as "NAME (where): what is wrong". */
MUST_USE err settings_load(struct arena *a, char *const *environment, const char *dir, struct settings *out);
/* The same, of what is held (conf/held.h); to be left there where nothing is held yet. */
MUST_USE err settings_load_held(struct arena *a, char *const *environment, const char *dir, struct held *held,
                                struct settings *out);
/* The database that the settings name; its texts are theirs. */
struct db_target settings_db_target(const struct settings *s);
/* Its replicas, when db_replicas is not empty. */
struct db_target settings_replica_target(const struct settings *s);
/* `quire config`: one line a setting that a .env file could hold, NAME=value, and where it came from as a
 * comment; secrets as **********. Fails as settings_load does, out is then untouched. */
MUST_USE err settings_print(struct arena *a, char *const *environment, const char *dir, struct buf *out);
/* The text of conf/.env.example. */
void settings_print_example(struct buf *out);

#endif
