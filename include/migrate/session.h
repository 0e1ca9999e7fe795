/*
 * session: what one command of `quire migrate` works on: the folder's migrations, the database with its ledger, what
 * was asked for on the command line, and where the answer goes. Every command is a function of a session
 * (migrate/migrate.h).
 *
 * Nothing of it is owned: all lives in the arena, or is the caller's. Text for people goes to `out`, progress to
 * `progress`; with --json, `out` is silent and the members of one JSON object are put into `json`.
 *
 *     struct migrate_options o = {.json = true};
 *     struct session s;
 *     session_init(&s, db, a, STR("migrations"), &o);
 *     err failed = migrate_upgrade(&s);
 *     str document = session_document(&s, "upgrade", failed);
 */
#ifndef QUIRE_MIGRATE_SESSION_H
#define QUIRE_MIGRATE_SESSION_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "migrate/graph.h"
#include "migrate/ledger.h"

struct arena;
struct db;

enum {
    MIGRATE_LOCK_WAIT = 600,    /* seconds that a runner waits for another */
    MIGRATE_DB_TIMEOUT = 86400, /* for struct db_target: seconds that one statement may take */
    MIGRATE_MAX_WORDS = 64
};

/* What was asked for. Texts are empty, and flags false, where nothing was said. */
struct migrate_options {
    str words[MIGRATE_MAX_WORDS]; /* what is no option: targets, revisions */
    size_t word_count;
    str message; /* -m, --message */
    str rev_id;  /* --rev-id */
    str head;    /* --head */
    str range;   /* -r, --rev-range */
    str accept;  /* --accept */
    str forget;  /* --forget */
    str scratch; /* --scratch */
    bool json, sql, verbose;
    bool autogenerate, allow_loss, splice; /* revision */
    bool check_heads, indicate_current;    /* current, history */
    bool is_done, is_not_done;             /* repair: --done, --not-done */
};

/* The name of the lock, as an expression of SQL: one for each database of a server. */
#define MIGRATE_LOCK_NAME "LEFT(CONCAT('quire_migrate.', DATABASE()), 64)"

/* How a command ended when it did not fail, and whose fault it was when it did. */
enum session_answer { SESSION_YES, SESSION_NO, SESSION_MISUSED };

struct session {
    struct db *db; /* NULL where the command touches no database */
    struct arena *a;
    str dir;
    const struct migrate_options *o;
    FILE *out, *progress;
    struct graph graph;
    struct ledger ledger;
    str target; /* of upgrade and downgrade */
    struct buf json;
    bool loaded; /* the graph is */
    enum session_answer answer;
};

/* out is standard output, progress standard error. options must outlive the session. */
void session_init(struct session *s, struct db *db, struct arena *a, str dir,
                  const struct migrate_options *options);
/* Reads the folder, once. Fails with ERROR_INVALID or ERROR_NOT_FOUND. */
MUST_USE err session_files(struct session *s);
/* Reads the folder, and where there is a database its ledger; takes no lock and compares nothing. Fails with
 * ERROR_INVALID or ERROR_NOT_FOUND (files), or as a statement did. */
MUST_USE err session_read(struct session *s);
/* Reads both and runs work as the only runner on the database: makes the ledger, and refuses what does not fit
 * (session_check_fit()). Another runner is waited for, MIGRATE_LOCK_WAIT seconds at most: ERROR_BUSY. */
MUST_USE err session_locked(struct session *s, err (*work)(struct session *s));
/* The same for what mends: nothing is refused. */
MUST_USE err session_locked_as_it_is(struct session *s, err (*work)(struct session *s));
/* The connection of the runner that works on the database just now, or -1. */
MUST_USE err session_runner(struct session *s, int64_t *connection);
/* Whether the ledger and the files fit: ERROR_CONFLICT with a line for each applied migration that has no file, was
 * edited, or lacks a parent. */
MUST_USE err session_check_fit(const struct session *s);
/* ERROR_CONFLICT naming a migration that is half done in this state, and the command that goes on. */
MUST_USE err session_refuse_half_done(const struct session *s, enum ledger_state state);
/* Wrong usage: the error to return, formatted as printf does. */
NEVER_NULL err session_misused(struct session *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The set of migrations whose rows are in the ledger, in the graph's order (see migrate/graph.h). */
bool *session_applied(const struct session *s);
/* The set of applied migrations that no applied one comes from, and of those half done. */
bool *session_current(const struct session *s);
/* Puts those that are not wholly applied into a set; how many they are. */
size_t session_pending(const struct session *s, bool *in);
/* The row of the graph's migration i, or NULL. */
const struct ledger_row *session_row(const struct session *s, size_t i);

/* One JSON object: {"command": …, what the command put, "error": … when it failed}. A line. */
str session_document(struct session *s, const char *command, err failed);
/* Begins a member of the object: `,"name":`. */
void session_member(struct session *s, const char *name);
/* "name" is a text, a list of revisions of a set, … */
void session_member_text(struct session *s, const char *name, str text);
void session_member_set(struct session *s, const char *name, const bool *in);

#endif
