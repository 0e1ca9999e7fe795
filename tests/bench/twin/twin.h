/*
 * twin: four of quire's endpoints written by hand, to see what quire's engine costs. Used by tests/bench/run alone.
 *
 *     GET /api/v1/posts/{id}     GET /api/v1/posts?limit=&skip=     POST /api/v1/posts     POST /api/v1/login (a form)
 *
 * It sends the very statements that quire sends, in the same transactions, and gives the same bodies byte for byte.
 * It does what any program in quire's place must do for each request: writes quire's line into a log, passes on the
 * request's id, looks whether the database has hung up, and whether the body was cut short. It has no tables of fields,
 * no router and no arena: statements prepared and bound once, fixed buffers, one function an endpoint. It checks what
 * it must to be correct and says so in few words, not in quire's full reports. Neither GET asks for a token or looks at
 * one. There is no reload, no watchdog, no recycling of workers.
 *
 *     twin SOCKET WORKERS        settings as quire's: DB_SOCKET DB_USER DB_PASSWORD DB_NAME SECRET_KEY LOG_FILE
 *
 * main.c: processes and FastCGI; posts.c and login.c: the endpoints; cursor.c: ETag and Link; database.c: statements
 * and what is bound to them; log.c: the log line.
 */
#ifndef QUIRE_BENCH_TWIN_H
#define QUIRE_BENCH_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <mysql.h>

enum { TITLE_BYTES = 800, CONTENT_BYTES = 2000000, OUT_BYTES = 16 << 20, BODY_BYTES = 1 << 20 };

enum statement {
    ONE_POST,
    PAGE,
    ADD_POST,
    BEARER,
    ACCOUNT,
    CONFIRM,
    DROP_SESSIONS,
    ADD_SESSION,
    ADD_REFRESH,
    ADD_EVENT,
    STATEMENTS
};

/* What goes into the statements. A text has its length beside it, one that may be NULL a flag. */
extern struct input {
    long long id, owner, limit, skip, session, event;
    signed char published;
    char title[TITLE_BYTES], content[CONTENT_BYTES], login[1016], agent[200], address[45], digest[32];
    char network[45], username[200];
    unsigned long title_n, content_n, login_n, agent_n, address_n, digest_n, network_n, username_n;
    my_bool agent_null, address_null, network_null;
    MYSQL_TIME expires, now;
} in;

/* What comes out of them: the row that was fetched last. */
extern struct output {
    long long id, owner, user, votes, score, comments, version;
    signed char published, active;
    char title[TITLE_BYTES], content[CONTENT_BYTES], username[200], hash[100 + 1], uid[16];
    unsigned long uid_n, title_n, content_n, username_n, hash_n;
    MYSQL_TIME created, updated, expires;
} row;

/* The request's body, followed by a NUL, and the answer. */
extern char body[BODY_BYTES + 1];
extern size_t body_n;
extern struct answer {
    int status;
    char headers[1024]; /* beside those that every answer has */
    size_t n;
    char text[OUT_BYTES];
} out;

/* database.c. Those that fail have said why on standard error. */
bool database_connect(void);
/* Connected, and not hung up on. */
bool database_ready(void);
void database_disconnect(void);
bool execute(enum statement which);
/* The next row into `row`: 1; 0 when there is none, -1 when it failed. */
int fetch(enum statement which);
/* Executes, and fetches the only row there can be. As fetch(). */
int fetch_one(enum statement which);
/* How many rows the UPDATE has changed which execute() has just carried out. */
unsigned long long matched(enum statement which);
/* The id that the row has got which execute() has just inserted. */
long long new_id(enum statement which);
/* A transaction that is not committed ends with the connection, which whoever returns false has closed. */
bool begin_transaction(void);
bool commit(void);
bool roll_back(void);

/* posts.c: writing JSON. */
void put(const char *p, size_t n);
#define PUT(literal) put("" literal "", sizeof(literal) - 1)
void put_int(long long value);
void put_text(const char *p, size_t n);
/* As a JSON string. */
void put_time(const MYSQL_TIME *time);
/* The answer is this error. */
void refuse(int code, const char *why);

/* The endpoints: each fills `out`; false when the database failed. */
bool show_post(const char *id);
bool list_posts(const char *query);
bool create_post(const char *authorization);
bool log_in(const char *agent, const char *address);

/* What the log says of the request. */
extern struct entry {
    long long start; /* as steady_micros() */
    const char *route, *method;
    long long statements, user; /* user 0: not signed in */
    char id[64 + 1];
} entry;

/* log.c. */
bool log_open(const char *path);
long long steady_micros(void);
/* Writes the line, over the answer that was sent. */
void log_request(void);

/* cursor.c: what an answer says of itself. */
bool cursor_init(const char *secret);
/* Whole header lines: the ETag of out.text; links to the pages around rows first to last (0: no such link). */
void put_etag(long long version);
void put_links(const char *query, long long next_after, long long prev_before);

/* login.c. */
MYSQL_TIME moment_of(time_t seconds, long nanoseconds);
void token_init(const char *secret);
/* Whose token it is, into in.owner and in.session; false when it is not a good one. */
bool token_read(const char *token);

#endif
