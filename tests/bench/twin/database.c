#include "twin.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input in;
struct output row;

static MYSQL *mysql;
static MYSQL_STMT *statements[STATEMENTS];
static int bound[STATEMENTS]; /* whether its columns have their places */

#define POST_COLUMNS                                                                                \
    "SELECT t0.id, t0.title, t0.content, t0.published, t0.owner_id, t1.id, t1.username, t0.votes, " \
    "t0.score, t0.comment_count, t0.created_at, t0.updated_at"
#define FROM_POSTS " FROM posts t0 LEFT JOIN users t1 ON t1.id = t0.owner_id "

static const char *const texts[STATEMENTS] = {
    [ONE_POST] = POST_COLUMNS ", t0.version" FROM_POSTS "WHERE t0.id = ? AND (t0.published = ?)",
    [PAGE] = POST_COLUMNS FROM_POSTS "WHERE (t0.published = ?) ORDER BY t0.id LIMIT ? OFFSET ?",
    [ADD_POST] =
        "INSERT INTO posts (title, content, published, owner_id) VALUES (?, ?, ?, ?) RETURNING id, title, "
        "content, published, owner_id, owner_id, ?, votes, score, "
        "comment_count, created_at, updated_at, version",
    [BEARER] = "SELECT s.expires_at, u.is_active, u.uid, u.username FROM sessions s JOIN users u "
               "ON u.id = s.user_id WHERE s.id = ? AND s.user_id = ?",
    [ACCOUNT] = "SELECT id, password_hash, is_active FROM (SELECT 0 AS place, id, password_hash, is_active "
                "FROM users WHERE email_fold = ? UNION ALL SELECT 1, id, password_hash, is_active FROM users "
                "WHERE username_fold = ?) AS found ORDER BY place LIMIT 1",
    [CONFIRM] = "UPDATE users SET logins = logins + 1 WHERE id = ? AND password_hash = ? AND is_active = 1",
    [DROP_SESSIONS] = "DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?",
    [ADD_SESSION] = "INSERT INTO sessions (user_id, expires_at, agent, address) VALUES (?, ?, ?, ?)",
    [ADD_REFRESH] = "INSERT INTO refresh_tokens (digest, session_id, expires_at) VALUES (?, ?, ?)",
    [ADD_EVENT] =
        "INSERT INTO audit_events (event, actor_id, subject_id, address, detail) VALUES (?, ?, ?, ?, ?)",
};

#define NUMBER(member)                                          \
    {                                                           \
        .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &(member) \
    }
#define BOOLEAN(member)                                     \
    {                                                       \
        .buffer_type = MYSQL_TYPE_TINY, .buffer = &(member) \
    }
#define MOMENT(member)                                                                           \
    {                                                                                            \
        .buffer_type = MYSQL_TYPE_DATETIME, .buffer = &(member), .buffer_length = sizeof(member) \
    }
#define TEXT(member)      TEXT_AND(member, .is_null = NULL)
#define NULL_TEXT(member) TEXT_AND(member, .is_null = &member##_null)
#define TEXT_AND(member, ...)                                                                  \
    {                                                                                          \
        .buffer_type = MYSQL_TYPE_STRING, .buffer = (member), .buffer_length = sizeof(member), \
        .length = &member##_n, __VA_ARGS__                                                     \
    }

#define NOTHING                         \
    {                                   \
        .buffer_type = MYSQL_TYPE_NULL, \
    }

static MYSQL_BIND post_columns[] = {
    NUMBER(row.id),      TEXT(row.title),      TEXT(row.content),   BOOLEAN(row.published),
    NUMBER(row.owner),   NUMBER(row.user),     TEXT(row.username),  NUMBER(row.votes),
    NUMBER(row.score),   NUMBER(row.comments), MOMENT(row.created), MOMENT(row.updated),
    NUMBER(row.version), /* not of a page */
};
static MYSQL_BIND bearer_columns[] = {MOMENT(row.expires), BOOLEAN(row.active), TEXT(row.uid),
                                      TEXT(row.username)};
static MYSQL_BIND account_columns[] = {NUMBER(row.id), TEXT(row.hash), BOOLEAN(row.active)};

static struct {
    MYSQL_BIND values[5];
    MYSQL_BIND *columns;
} binds[STATEMENTS] = {
    [ONE_POST] = {{NUMBER(in.id), BOOLEAN(in.published)}, post_columns},
    [PAGE] = {{BOOLEAN(in.published), NUMBER(in.limit), NUMBER(in.skip)}, post_columns},
    [ADD_POST] = {{TEXT(in.title), TEXT(in.content), BOOLEAN(in.published), NUMBER(in.owner),
                   TEXT(in.username)},
                  post_columns},
    [BEARER] = {{NUMBER(in.session), NUMBER(in.owner)}, bearer_columns},
    [ACCOUNT] = {{TEXT(in.login), TEXT(in.login)}, account_columns},
    [CONFIRM] = {{NUMBER(in.owner), TEXT(row.hash)}, NULL},
    [DROP_SESSIONS] = {{NUMBER(in.owner), MOMENT(in.now)}, NULL},
    [ADD_REFRESH] = {{TEXT(in.digest), NUMBER(in.session), MOMENT(in.expires)}, NULL},
    [ADD_SESSION] = {{NUMBER(in.owner), MOMENT(in.expires), NULL_TEXT(in.agent), NULL_TEXT(in.address)},
                     NULL},
    [ADD_EVENT] = {{NUMBER(in.event), NOTHING, NUMBER(in.owner), NULL_TEXT(in.network), NOTHING}, NULL},
};

/* A session is set up as quire sets up its own. */
static const char *const setup[] = {
    "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
};

static bool say(const char *what, const char *why)
{
    (void)fprintf(stderr, "twin: %s: %s\n", what, why);
    return false;
}

static bool prepare(enum statement which)
{
    MYSQL_STMT *s = mysql_stmt_init(mysql);
    statements[which] = s;
    return (mysql_stmt_prepare(s, texts[which], strlen(texts[which])) == 0 &&
            mysql_stmt_bind_param(s, binds[which].values) == 0) ||
           say(texts[which], mysql_stmt_error(s));
}

bool database_connect(void)
{
    unsigned timeout = 10; /* seconds */
    mysql = mysql_init(NULL);
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(mysql, NULL, getenv("DB_USER"), getenv("DB_PASSWORD"), getenv("DB_NAME"), 0,
                           getenv("DB_SOCKET"), CLIENT_FOUND_ROWS) == NULL ||
        mysql_query(mysql, setup[0]) != 0 || mysql_query(mysql, setup[1]) != 0) {
        return say("cannot connect", mysql_error(mysql));
    }
    for (int i = 0; i < STATEMENTS; i++) {
        if (!prepare((enum statement)i)) {
            return false;
        }
    }
    return true;
}

/* Between requests the server has nothing to say: readable means that it has hung up. */
static bool hung_up(void)
{
    struct pollfd p = {.fd = (int)mysql_get_socket(mysql), .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

bool database_ready(void)
{
    if (mysql != NULL && !hung_up()) {
        return true;
    }
    database_disconnect();
    return database_connect();
}

void database_disconnect(void)
{
    for (int i = 0; i < STATEMENTS; i++) {
        if (statements[i] != NULL) {
            (void)mysql_stmt_close(statements[i]);
            statements[i] = NULL;
            bound[i] = 0;
        }
    }
    if (mysql != NULL) {
        mysql_close(mysql);
        mysql = NULL;
    }
}

bool execute(enum statement which)
{
    MYSQL_STMT *s = statements[which];
    entry.statements++;
    if (mysql_stmt_execute(s) != 0) {
        return say("execute", mysql_stmt_error(s));
    }
    if (binds[which].columns != NULL && !bound[which]) { /* what an INSERT returns is not known before */
        bound[which] = 1;
        return mysql_stmt_bind_result(s, binds[which].columns) == 0 || say("bind", mysql_stmt_error(s));
    }
    return true;
}

int fetch(enum statement which)
{
    int got = mysql_stmt_fetch(statements[which]);
    if (got == 0 || got == MYSQL_NO_DATA) {
        return got == 0;
    }
    (void)say("fetch",
              got == MYSQL_DATA_TRUNCATED ? "longer than its buffer" : mysql_stmt_error(statements[which]));
    return -1;
}

int fetch_one(enum statement which)
{
    int got = execute(which) ? fetch(which) : -1;
    /* The end behind it must be read too. */
    return got == 1 && fetch(which) != 0 ? -1 : got;
}

static bool run(const char *sql)
{
    entry.statements++;
    return mysql_real_query(mysql, sql, strlen(sql)) == 0 || say(sql, mysql_error(mysql));
}

unsigned long long matched(enum statement which)
{
    return mysql_stmt_affected_rows(statements[which]);
}

long long new_id(enum statement which)
{
    return (long long)mysql_stmt_insert_id(statements[which]);
}

bool begin_transaction(void)
{
    return run("BEGIN");
}

bool commit(void)
{
    return run("COMMIT");
}

bool roll_back(void)
{
    return run("ROLLBACK");
}
