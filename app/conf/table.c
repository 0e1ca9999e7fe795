#include "conf/table.h"

#include <stddef.h>
#include <string.h>

#include "conf/check.h"
#include "conf/settings.h"

#define ROW(type_, name_, member_, ...)                                                             \
    {                                                                                               \
        .type = (type_), .name = (name_), .offset = offsetof(struct settings, member_), __VA_ARGS__ \
    }
#define TEXT(...)   ROW(SETTING_TEXT, __VA_ARGS__)
#define INT(...)    ROW(SETTING_INT, __VA_ARGS__)
#define BOOL(...)   ROW(SETTING_BOOL, __VA_ARGS__)
#define CHOICE(...) ROW(SETTING_CHOICE, __VA_ARGS__)
#define OCTAL(...)  ROW(SETTING_OCTAL, __VA_ARGS__)

enum { PATH_BYTES = 4095 };

const struct setting settings_table[SETTINGS_COUNT + 1] = {
    CHOICE("APP_ENV", app_env, .initial = "development", .choices = "development test production",
           .group = "Where it runs",
           .doc = "What this installation is for; .env.$APP_ENV is read before "
                  ".env.\n"
                  "In production a placeholder is refused as SECRET_KEY."),

    TEXT("DATABASE_URL", database_url, .initial = "", .max = 4096, .secret = true, .group = "Database",
         .doc = "The whole address in one line: "
                "mysql://user:password@host:port/name?unix_socket=/"
                "path&ssl_ca=/path\n"
                "(mysql+anything:// and mariadb:// too). Percent-encode what "
                "is special: %40 for @, %3A for :, %2F\n"
                "for /, %23 for #, %25 for %, %20 for a blank. A DB_ setting "
                "that is given beside it, in the same\n"
                "place or a stronger one, wins over its part of the URL."),
    TEXT("DB_HOST", db_host, .initial = "127.0.0.1", .min = 1, .max = 1024, .check = check_one_host,
         .doc = "The server's name or address."),
    INT("DB_PORT", db_port, .initial = "3306", .min = 1, .max = 65535, .doc = "The server's TCP port."),
    TEXT("DB_SOCKET", db_socket, .initial = "", .max = PATH_BYTES,
         .doc = "The server's unix socket; when it is set, DB_HOST and DB_PORT "
                "are not used."),
    TEXT("DB_HOSTS", db_hosts, .initial = "", .max = 4096, .check = check_hosts,
         .doc = "Several servers that hold the same database, the one that is liked best first: "
                "db1:3306,db2,/path\n"
                "Without a port: DB_PORT. When it is set, DB_HOST and DB_SOCKET are not used. See "
                "docs/operating.md."),
    BOOL("DB_SPREAD", db_spread, .initial = "false",
         .doc =
             "Whether each process likes another one of DB_HOSTS best, by chance; else all like the first."),
    CHOICE("DB_CAUSAL_READS", db_causal_reads, .initial = "auto", .choices = "auto on off",
           .doc = "Whether a node of a Galera cluster first catches up with the others when it is read "
                  "(wsrep_sync_wait).\n"
                  "auto: when DB_HOSTS is set. on: also where something in front of the nodes chooses among "
                  "them."),
    TEXT("DB_REPLICAS", db_replicas, .initial = "", .max = 4096, .check = check_hosts,
         .doc = "Replicas that are only read, as DB_HOSTS: for public reads of who is not signed in. Each "
                "process "
                "likes\n"
                "another one best, by chance. The account needs SLAVE MONITOR there."),
    INT("DB_REPLICA_MAX_LAG", db_replica_max_lag, .initial = "5", .min = 1, .max = 86400,
        .doc = "Seconds that a replica may lag behind; one that lags longer is not read."),
    TEXT("DB_USER", db_user, .initial = "quire", .min = 1, .max = 128, .doc = "The account to connect with."),
    TEXT("DB_PASSWORD", db_password, .initial = "", .max = 1024, .secret = true,
         .doc = "Its password. In single quotes everything is itself, but \\' "
                "and \\\\ stand for ' and \\."),
    TEXT("DB_NAME", db_name, .initial = "quire", .min = 1, .max = 64, .doc = "The database (schema)."),
    TEXT("DB_SSL_CA", db_ssl_ca, .initial = "", .max = PATH_BYTES, .check = check_readable,
         .doc = "A file of CA certificates: TLS is demanded, and the server "
                "verified against it."),
    INT("DB_TIMEOUT", db_timeout, .initial = "10", .min = 1, .max = 3600,
        .doc = "Seconds that a read or a write may take, and finding a host in all. The server ends a "
               "statement half a second before."),
    INT("DB_CONNECT_TIMEOUT", db_connect_timeout, .initial = "3", .min = 1, .max = 3600,
        .doc = "Seconds that a connect to one host may take."),

    TEXT("SECRET_KEY", secret_key, .initial = NULL, .min = 32, .max = 1024, .secret = true,
         .example = "change-me-to-32-or-more-random-bytes", .instead = "SECRET_KEYS",
         .group = "Access tokens",
         .doc = "Signs the tokens: whoever knows it is everybody. Make one: "
                "openssl rand -hex 32\n"
                "There is no default."),
    TEXT(
        "SECRET_KEYS", secret_keys, .initial = "", .max = 8192, .secret = true,
        .doc =
            "In place of SECRET_KEY, to change it without logging anybody out: up to 8 of them, "
            "comma-separated.\n"
            "The first one signs, all are believed. Add a new one at the end, reload, move it to the front,\n"
            "reload, and take the old one away once the tokens that it signed have expired."),
    CHOICE("ALGORITHM", algorithm, .initial = "HS256", .choices = "HS256 HS384 HS512 RS256 ES256",
           .doc = "How tokens are signed; tokens of any other algorithm are "
                  "refused. RS256 and ES256 sign by\n"
                  "JWT_PRIVATE_KEY_FILE, and anybody can check them by /.well-known/jwks.json."),
    TEXT("JWT_PRIVATE_KEY_FILE", jwt_private_key_file, .initial = "", .max = PATH_BYTES,
         .doc = "With ALGORITHM=RS256 or ES256: the PEM file of the key that signs, without a pass phrase, "
                "readable\n"
                "by the program alone. RSA of at least 2048 bits: openssl genrsa -out jwt.pem 3072\n"
                "P-256: openssl ecparam -name prime256v1 -genkey -noout -out jwt.pem"),
    TEXT("JWT_PUBLIC_KEY_FILES", jwt_public_key_files, .initial = "", .max = 8192,
         .doc =
             "Comma-separated PEM files of other public keys that are believed: those that signed before, "
             "and the\n"
             "one that is to sign next. One is made by: openssl pkey -in jwt.pem -pubout -out jwt.pub.pem"),
    TEXT("TOKEN_ISSUER", token_issuer, .initial = "quire", .min = 1, .max = 255,
         .doc = "The claim \"iss\" of our tokens; others are refused."),
    TEXT("TOKEN_AUDIENCE", token_audience, .initial = "quire", .min = 1, .max = 255,
         .doc = "The claim \"aud\" of our tokens; others are refused."),
    INT("ACCESS_TOKEN_EXPIRE_MINUTES", access_token_expire_minutes, .initial = "30", .min = 1, .max = 525600,
        .doc = "Minutes that an access token is good for."),
    INT("REFRESH_TOKEN_EXPIRE_DAYS", refresh_token_expire_days, .initial = "14", .min = 1, .max = 3650,
        .doc = "Days that a refresh token is good for: a session that is not renewed for so long ends."),
    INT("SESSION_EXPIRE_DAYS", session_expire_days, .initial = "30", .min = 1, .max = 3650,
        .doc = "Days after which a session ends, however often it was renewed, and its owner must log in\n"
               "again."),
    CHOICE("COOKIE_SECURE", cookie_secure, .initial = "auto", .choices = "auto on off",
           .doc =
               "Whether the tokens of mode \"cookie\" are sent over TLS only, in __Host- cookies. auto: yes, "
               "unless\n"
               "the site is asked as localhost or 127.0.0.1 over http and SITE_URL is no https. off: for a\n"
               "trial over plain http under another name; whoever listens then has the tokens."),

    INT("BCRYPT_COST", bcrypt_cost, .initial = "12", .min = 4, .max = 16, .group = "Passwords",
        .doc = "Each step doubles the time of a log-in: 12 takes about 0.2 s "
               "of one processor. Passwords stored\n"
               "with another cost are rehashed at the next log-in."),
    INT("BCRYPT_CONCURRENCY", bcrypt_concurrency, .initial = "0", .min = 0, .max = 1024,
        .doc = "Passwords being hashed at once over all workers; more wait for "
               "up to 2 s, then are answered 503.\n"
               "0: as many as there are processors but one, which is then kept free of them for all other\n"
               "requests; 1 where there is only one. As many as there are, or more: they get all."),

    TEXT(
        "LIMIT_LOGIN", limit_login, .initial = "30/60s", .max = 32, .check = check_rate, .group = "Limits",
        .doc =
            "Log-ins that one address may try, as COUNT/PERIOD: 30/60s are 30 at once, then one every 2 s.\n"
            "The period is in s, m or h, of at most a day; off: no limit. An address is what the web server\n"
            "calls REMOTE_ADDR; of IPv6 a /64. All limits are counted in the database, for all workers "
            "together."),
    TEXT("LIMIT_LOGIN_ACCOUNT", limit_login_account, .initial = "100/1h", .max = 32, .check = check_rate,
         .doc = "Log-ins tried for one e-mail address or username, from wherever nobody has yet logged in "
                "with it."),
    INT("LOGIN_FAILURES", login_failures, .initial = "5", .min = 0, .max = 1000,
        .doc = "Wrong passwords for one account from one address, after which the next try must wait: 1 s, 2 "
               "s,\n"
               "4 s and so on up to 15 minutes. 0: never."),
    TEXT("LIMIT_REGISTER", limit_register, .initial = "20/1h", .max = 32, .check = check_rate,
         .doc = "Accounts that one address may try to make."),
    TEXT("LIMIT_REFRESH", limit_refresh, .initial = "120/60s", .max = 32, .check = check_rate,
         .doc = "Tokens that one address may try to renew."),
    TEXT("LIMIT_MAIL", limit_mail, .initial = "20/1h", .max = 32, .check = check_rate,
         .doc = "Mails that one address may ask for, to whomever."),
    TEXT("LIMIT_MAIL_ACCOUNT", limit_mail_account, .initial = "5/1h", .max = 32, .check = check_rate,
         .doc = "Mails of one purpose that may be asked for to one e-mail address, by whomever."),
    TEXT("LIMIT_GENERATE", limit_generate, .initial = "20/60s", .max = 32, .check = check_rate,
         .doc = "Tweet threads that one account may ask for."),
    TEXT("LIMIT_GENERATE_ADDRESS", limit_generate_address, .initial = "60/60s", .max = 32,
         .check = check_rate, .doc = "Tweet threads that may be asked for from one address."),
    TEXT("LIMIT_CREATE", limit_create, .initial = "300/10m", .max = 32, .check = check_rate,
         .doc =
             "Posts, microposts, comments, books, reviews, tags and pictures of oneself that one account may "
             "add, together."),
    INT("AUDIT_KEEP_DAYS", audit_keep_days, .initial = "365", .min = 0, .max = 36500,
        .doc = "Days after which `quire audit prune` drops a security event. 0: never."),

    TEXT("LISTEN", listen, .initial = "unix:var/run/quire.sock", .max = 1024, .check = check_listen,
         .group = "The worker pool",
         .doc = "Where the web server finds the pool: unix:/path, host:port or "
                ":port. Not used when file descriptor\n"
                "0 is a listening socket (spawn-fcgi, multiwatch, systemd)."),
    BOOL("LISTEN_EACH", listen_each, .initial = "false",
         .doc = "Each worker listens on a unix socket of its own, LISTEN with .1, .2 and so on behind it (or "
                "those that the\n"
                "service manager hands over), and keeps the web server's connections. For a pool that is "
                "asked nothing but\n"
                "GET and HEAD, and nothing slow: what is on its way to a worker that leaves must be asked "
                "again."),
    OCTAL("LISTEN_MODE", listen_mode, .initial = "0660", .min = 0, .max = 0777,
          .doc = "The mode of a unix socket, in octal. Whoever can write to it "
                 "can speak as the web server."),
    INT("WORKERS", workers, .initial = "0", .min = 0, .max = 1024,
        .doc = "Processes that serve requests, each with its own database "
               "connection. 0: processors x 2."),
    INT("WORKER_MAX_REQUESTS", worker_max_requests, .initial = "100000", .min = 0, .max = 1000000000,
        .doc =
            "Requests after which a worker is replaced; it serves on until the next one is ready. 0: never."),
    INT("WORKER_TIMEOUT", worker_timeout, .initial = "60", .min = 0, .max = 3600,
        .doc = "Seconds that one request may take before its worker is killed "
               "and replaced. 0: no limit."),
    INT("SHUTDOWN_TIMEOUT", shutdown_timeout, .initial = "30", .min = 1, .max = 3600,
        .doc = "Seconds given to requests in flight when the pool is told to "
               "stop."),
    INT("MAX_BODY_BYTES", max_body_bytes, .initial = "1048576", .min = 1024, .max = 67108864,
        .doc = "The largest request body; more is answered 413. Keep "
               "client_max_body_size of nginx equal."),
    TEXT("POOL_NAME", pool_name, .initial = "", .max = CHECK_POOL_MOST, .check = check_pool_name,
         .doc =
             "What this pool is called in /metrics, of several on one machine. Empty: web for quire serve, "
             "work\n"
             "for quire work."),
    TEXT("METRICS_DIR", metrics_dir, .initial = "", .max = PATH_BYTES - 128,
         .doc =
             "A folder that all pools of this machine share, in memory (/run/quire-metrics): /metrics of any "
             "of\n"
             "them then shows all. Empty: each shows itself alone."),

    TEXT("CORS_ORIGINS", cors_origins, .initial = "", .max = 8192, .check = check_origins, .group = "The web",
         .doc = "Origins whose pages may call the API, comma-separated: "
                "https://example.com,http://localhost:3000\n"
                "* allows every origin, and then CORS_CREDENTIALS must be "
                "false. Empty: none."),
    BOOL("CORS_CREDENTIALS", cors_credentials, .initial = "true",
         .doc = "Whether those pages may send cookies and authorization."),
    BOOL("PUBLIC_READ", public_read, .initial = "true",
         .doc = "Whether anyone may read what is published. false asks for a "
                "token on every read."),
    BOOL("REQUIRE_IF_MATCH", require_if_match, .initial = "false",
         .doc = "Whether PUT, PATCH and DELETE of what has an ETag must say If-Match: else they are answered "
                "428."),
    TEXT("BASE_PATH", base_path, .initial = "/api/v1", .max = 255, .check = check_base_path,
         .doc = "The path before every resource; the web server forwards it "
                "unchanged."),
    TEXT("SITE_URL", site_url, .initial = "http://127.0.0.1:8080", .min = 1, .max = 400,
         .check = check_provider_url,
         .doc = "The address under which people know the site; links in tweet threads begin with it."),

    TEXT("LOG_FILE", log_file, .initial = "", .max = PATH_BYTES, .group = "Log",
         .doc = "The file that lines are appended to, one JSON object each. "
                "Empty: standard error."),
    CHOICE("LOG_LEVEL", log_level, .initial = "info", .choices = "debug info warn error",
           .doc = "Lines below this level are not written."),
    INT("SLOW_REQUEST_MS", slow_request_ms, .initial = "1000", .min = 0, .max = 3600000,
        .doc = "Milliseconds after which a request is slow: one more line then tells its statements, without "
               "values.\n"
               "0: none is."),
    BOOL("SERVER_TIMING", server_timing, .initial = "false",
         .doc = "Whether an admin who sends the header X-Server-Timing: 1 is told in Server-Timing where the "
                "time "
                "went."),

    TEXT("MIGRATIONS_DIR", migrations_dir, .initial = "", .max = PATH_BYTES, .group = "Files",
         .doc = "The folder with the migrations. Empty: migrations/ here when it is there, else the "
                "installed one."),
    CHOICE("SCHEMA_CHECK", schema_check, .initial = "strict", .choices = "strict warn off",
           .doc =
               "What quire serve does when the database's schema is not the one of these migrations\n"
               "(pending, unknown or half done ones): strict: it does not start; warn: a line in the log."),
    TEXT("MEDIA_DIR", media_dir, .initial = "var/media", .min = 1, .max = PATH_BYTES - 128,
         .doc = "The folder that uploaded pictures are kept in; the web server serves it. Made when it is "
                "missing."),
    TEXT("MEDIA_URL", media_url, .initial = "/media", .max = 400, .check = check_media_url,
         .doc = "Where that is: avatar_url is this and the file's name. A path of this site, or a whole "
                "address:\n"
                "https://example.com/media"),
    INT("AVATAR_MAX_BYTES", avatar_max_bytes, .initial = "2097152", .min = 1024, .max = 67108864,
        .doc = "The largest picture; more is answered 413. nginx must let 64 KiB more through for the form "
               "around it."),

    CHOICE("COMPOSER", composer, .initial = "extract", .choices = "extract openai", .group = "Tweet threads",
           .doc =
               "Who composes them. extract: out of the text that was sent, else of what the community has\n"
               "published, without any network. openai: a language model; OPENAI_BASE_URL and OPENAI_MODEL\n"
               "must then be set."),
    INT("GENERATE_WAIT", generate_wait, .initial = "25", .min = 0, .max = 3600,
        .doc = "Seconds that a request waits for its thread; then it is answered 202, and the thread comes "
               "later.\n"
               "Keep it under WORKER_TIMEOUT of the pool that serves these requests."),
    INT("WORK_PROCESSES", work_processes, .initial = "4", .min = 1, .max = 256,
        .doc = "Processes of quire work: so many threads are composed at once. One more sends mails."),
    INT("WORK_LEASE", work_lease, .initial = "15", .min = 2, .max = 3600,
        .doc = "Seconds after which the work of a process that has died is done by another (a mail: after\n"
               "SMTP_TIMEOUT more)."),
    TEXT("OPENAI_BASE_URL", openai_base_url, .initial = "", .max = 1024, .check = check_provider_url,
         .doc = "The address before /chat/completions, of any endpoint that speaks OpenAI's protocol:\n"
                "https://api.openai.com/v1"),
    TEXT("OPENAI_API_KEY", openai_api_key, .initial = "", .max = 1024, .secret = true,
         .doc = "Sent to it as a bearer token. Empty: nothing is sent."),
    TEXT("OPENAI_MODEL", openai_model, .initial = "", .max = 255, .doc = "The model asked for."),
    TEXT("OPENAI_TEMPERATURE", openai_temperature, .initial = "0.7", .max = 8, .check = check_temperature,
         .doc = "How freely it writes, from 0 to 2. Empty: not sent, for models that refuse it."),
    INT("OPENAI_TIMEOUT", openai_timeout, .initial = "60", .min = 1, .max = 3600,
        .doc = "Seconds that a whole thread may take, repeated attempts included."),
    INT("OPENAI_RETRIES", openai_retries, .initial = "2", .min = 0, .max = 10,
        .doc = "How often an attempt is repeated when the provider is busy, broken or cannot be reached."),

    TEXT("SMTP_URL", smtp_url, .initial = "", .max = 1024, .check = check_smtp_url, .group = "Mail",
         .doc =
             "The server that takes our mails: smtp://host:587, or smtps://host:465 for TLS from the start.\n"
             "Empty: mails are files in MAIL_DIR. They are sent by quire work."),
    TEXT("SMTP_USER", smtp_user, .initial = "", .max = 255, .doc = "The account there. Empty: no log-in."),
    TEXT("SMTP_PASSWORD", smtp_password, .initial = "", .max = 1024, .secret = true, .doc = "Its password."),
    CHOICE("SMTP_STARTTLS", smtp_starttls, .initial = "required", .choices = "required try off",
           .doc = "Whether smtp:// is encrypted: always; where the server offers it, which somebody between\n"
                  "can prevent; never."),
    TEXT("SMTP_CA", smtp_ca, .initial = "", .max = PATH_BYTES, .check = check_readable,
         .doc = "A file of CA certificates to verify the server against. Empty: the system's."),
    INT("SMTP_TIMEOUT", smtp_timeout, .initial = "60", .min = 1, .max = 600,
        .doc = "Seconds that handing over one mail may take."),
    TEXT(
        "MAIL_FROM", mail_from, .initial = "", .max = 400, .check = check_mail_from,
        .doc =
            "Who the mails are from: quire@example.com, or Quire <quire@example.com>. The address in ASCII."),
    TEXT("MAIL_DIR", mail_dir, .initial = "var/mail", .min = 1, .max = PATH_BYTES - 128,
         .doc =
             "The folder for mails while SMTP_URL is empty. They hold links that are as good as a password."),
    TEXT("MAIL_TEMPLATES", mail_templates, .initial = "", .max = PATH_BYTES - 128,
         .doc = "The folder with the words of the mails. Empty: mails/ here when it is there, else the\n"
                "installed one."),
    BOOL("MAIL_VERIFY", mail_verify, .initial = "true",
         .doc = "Whether a new account, or a new address of one, gets a mail to verify it."),
    INT("MAIL_ATTEMPTS", mail_attempts, .initial = "10", .min = 1, .max = 100,
        .doc = "How often sending a mail is tried before it is given up."),
    INT("MAIL_RETRY", mail_retry, .initial = "60", .min = 1, .max = 3600,
        .doc = "Seconds before the second attempt; each pause is twice as long as the one before, up to an "
               "hour."),
    INT("VERIFY_TOKEN_HOURS", verify_token_hours, .initial = "48", .min = 1, .max = 8760,
        .doc = "Hours that the link which verifies an address is good for."),
    INT("RESET_TOKEN_MINUTES", reset_token_minutes, .initial = "60", .min = 1, .max = 10080,
        .doc = "Minutes that the link to a new password is good for."),
};

const struct setting *setting_find(str name)
{
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        if (str_eq(name, str_of(s->name))) {
            return s;
        }
    }
    return NULL;
}

enum { NAME_BYTES = 32 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein's distance: the fewest letters to insert, delete or replace; by rows of the usual table. */
static unsigned distance(str a, str b)
{
    unsigned row[NAME_BYTES + 1];
    for (unsigned j = 0; j <= b.n; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= a.n; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b.n; j++) {
            unsigned replaced = diagonal + (a.p[i - 1] == b.p[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = least(row[j] + 1, row[j - 1] + 1, replaced);
        }
    }
    return row[b.n];
}

const char *setting_suggest(str name)
{
    enum { FARTHEST = 2 };
    const char *nearest = NULL;
    unsigned best = FARTHEST + 1;
    for (const struct setting *s = settings_table; s->name != NULL && name.n <= NAME_BYTES; s++) {
        unsigned d = str_eq_nocase(name, str_of(s->name)) ? 0 : distance(name, str_of(s->name));
        if (d < best) {
            best = d;
            nearest = s->name;
        }
    }
    return nearest;
}
