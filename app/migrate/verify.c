#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json_out.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/declared.h"
#include "migrate/migrate.h"
#include "migrate/trial.h"

/* The migrations run in a process of their own, so that however it ends, or is told to end, the scratch database is
 * dropped by the one that waits for it. */

enum { NAME_BYTES = 64, REPORT_BYTES = 64 << 20, DROP_SECONDS = 60 };

struct scratch {
    str name;
    bool existed; /* and was empty: then it stays, empty */
    str charset, collation;
};

/* -- the process that tries -- */

/* What it sends when it is done: this, the sentence, the JSON. */
struct report {
    bool failed;
    enum error_code code;
    size_t sentence_bytes;
};

static void put_rows(struct session *s, const struct trial *t)
{
    struct buf *b = &s->json;
    session_member(s, "migrations");
    buf_char(b, '[');
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct trial_row *row = &t->rows[i];
        buf_lit(b, "{\"revision\":");
        json_put_str(b, s->graph.items[i].revision);
        buf_printf(b, ",\"up\":\"%s\",\"down\":\"%s\",\"up_again\":\"%s\",\"milliseconds\":%.3f}%s",
                   trial_word(row->up), trial_word(row->down), trial_word(row->again),
                   (double)row->micros / 1e3, i + 1 < s->graph.n ? "," : "");
    }
    buf_char(b, ']');
}

static void print_rows(struct session *s, const struct trial *t)
{
    (void)fprintf(s->out, "%-32s  %-7s %-13s %-9s %9s\n", "revision", "up", "down", "up again", "ms");
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct trial_row *row = &t->rows[i];
        (void)fprintf(s->out, "%-32.*s  %-7s %-13s %-9s %9.1f\n", STR_ARGS(s->graph.items[i].name),
                      trial_word(row->up), trial_word(row->down), trial_word(row->again),
                      (double)row->micros / 1e3);
    }
    if (t->lowest > 0) {
        const struct migration *m = &s->graph.items[t->lowest - 1];
        (void)fprintf(s->out, "the way down ends at %.*s, which cannot be taken back: %.*s\n",
                      STR_ARGS(m->name), STR_ARGS(m->irreversible_why));
    }
}

static err try_all(struct session *s, const struct db_target *target)
{
    struct db *db = db_new(target);
    struct trial t = {.db = db,
                      .a = s->a,
                      .graph = &s->graph,
                      .progress = s->o->verbose ? s->progress : NULL,
                      .verbose = s->o->verbose};
    TRY(db_ready(db, s->a));
    err failed = trial_run(&t);
    put_rows(s, &t);
    if (!s->o->json) {
        print_rows(s, &t);
    }
    return failed != NULL ? failed : declared_check(db, s->a);
}

static _Noreturn void become_trier(struct session *s, const struct scratch *x, int fd)
{
    struct db_target target = *db_target_of(s->db);
    target.name = x->name;
    err failed = try_all(s, &target);
    str sentence = failed == NULL ? STR("") : error_reason(failed);
    const struct report report = {failed != NULL, failed == NULL ? ERROR_INTERNAL : failed->code, sentence.n};
    bool sent = file_put(fd, (str){(const char *)&report, sizeof report}) && file_put(fd, sentence) &&
                file_put(fd, (str){s->json.p, s->json.n});
    _exit(sent && fflush(s->out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* -- the process that waits -- */

static volatile sig_atomic_t told_to_stop;

static void note_signal(int number)
{
    (void)number;
    told_to_stop = 1;
}

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING = sizeof stopping / sizeof stopping[0] };

/* Reads what the other sends, to its end; false when told to stop before. */
static bool read_report(int fd, const sigset_t *waiting, struct buf *out)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char chunk[16 << 10];
    while (!told_to_stop) {
        if (ppoll(&p, 1, NULL, waiting) < 0) {
            continue; /* a signal */
        }
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n <= 0) {
            return true;
        }
        buf_put(out, chunk, (size_t)n);
    }
    return false;
}

static err judge(struct session *s, const struct buf *sent, bool stopped)
{
    struct report report;
    if (stopped) {
        return error_new(s->a, ERROR_CONFLICT, "verify was told to stop");
    }
    if (sent->n < sizeof report) {
        return error_cause(s->a, ERROR_INTERNAL, "the process that tried the migrations has died");
    }
    memcpy(&report, sent->p, sizeof report);
    str rest = str_slice(buf_view(sent), sizeof report, sent->n);
    s->json.n = 0;
    buf_str(&s->json, str_slice(rest, report.sentence_bytes, rest.n));
    str sentence = str_slice(rest, 0, report.sentence_bytes);
    return report.failed ? error_new(s->a, report.code, "%.*s", STR_ARGS(sentence)) : NULL;
}

/* Starts the other process with the signals as they were, and stays until it has ended. */
static err wait_for(struct session *s, const struct scratch *x, int *ends, const sigset_t *usual)
{
    const struct sigaction fatal = {.sa_handler = SIG_DFL};
    struct buf sent;
    buf_init(&sent, s->a, 4096, REPORT_BYTES);
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < STOPPING; i++) {
            (void)sigaction(stopping[i], &fatal, NULL);
        }
        (void)sigprocmask(SIG_SETMASK, usual, NULL);
        (void)close(ends[0]);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != self) {
            _exit(EXIT_FAILURE);
        }
        become_trier(s, x, ends[1]);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        return error_cause(s->a, ERROR_INTERNAL, "cannot start a process: %s", strerror(errno));
    }
    bool whole = read_report(ends[0], usual, &sent);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    return judge(s, &sent, !whole);
}

static err try_beside(struct session *s, const struct scratch *x)
{
    struct sigaction before[STOPPING];
    const struct sigaction note = {.sa_handler = note_signal};
    sigset_t blocked;
    sigset_t usual;
    int ends[2];
    if (fflush(s->out) != 0) {
        return error_cause(s->a, ERROR_INTERNAL, "nothing more can be said: %s", strerror(errno));
    }
    if (pipe(ends) != 0) {
        return error_cause(s->a, ERROR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    }
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < STOPPING; i++) {
        (void)sigaddset(&blocked, stopping[i]);
        (void)sigaction(stopping[i], &note, &before[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &blocked, &usual);
    err failed = wait_for(s, x, ends, &usual);
    (void)close(ends[0]);
    (void)sigprocmask(SIG_SETMASK, &usual, NULL);
    for (size_t i = 0; i < STOPPING; i++) {
        (void)sigaction(stopping[i], &before[i], NULL);
    }
    return failed;
}

/* -- the scratch database -- */

static bool is_name(str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                    c == '-' || c == '$';
        if (!good) {
            return false;
        }
    }
    return name.n > 0 && name.n <= NAME_BYTES;
}

/* Its name, and what the database of DB_NAME has as its character set. */
static err choose(struct session *s, struct scratch *x)
{
    static const enum value_kind kinds[] = {VALUE_TEXT, VALUE_TEXT, VALUE_TEXT};
    struct rows rows;
    TRY(stmt_read(s->db, s->a, STR("SELECT DATABASE(), @@character_set_database, @@collation_database"), NULL,
                  0, kinds, 3, &rows));
    str ours = rows.cells[0].text;
    *x = (struct scratch){.charset = rows.cells[1].text, .collation = rows.cells[2].text};
    x->name = s->o->scratch.n > 0 ? s->o->scratch : str_format(s->a, "%.*s_verify", STR_ARGS(ours));
    if (!is_name(x->name)) {
        return session_misused(
            s, "--scratch must be a name of letters, digits, _, - and $, at most %d, not `%.*s`",
            (int)NAME_BYTES, STR_ARGS(x->name));
    }
    return str_eq_nocase(x->name, ours)
               ? error_new(s->a, ERROR_CONFLICT,
                           "%.*s is the database itself: verify wants another one, --scratch NAME",
                           STR_ARGS(ours))
               : NULL;
}

/* Only one at a time on one scratch database; the lock goes with the connection. */
static err reserve(struct session *s, const struct scratch *x)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    const struct value name = value_text(x->name);
    struct rows rows;
    TRY(db_stay(s->db, s->a));
    TRY(stmt_read(s->db, s->a, STR("SELECT GET_LOCK(LEFT(CONCAT('quire_verify.', ?), 64), 0)"), &name, 1,
                  kinds, 1, &rows));
    if (rows.cells[0].kind != VALUE_INT || rows.cells[0].i != 1) {
        return error_new(s->a, ERROR_BUSY, "another verify is using %.*s", STR_ARGS(x->name));
    }
    return NULL;
}

/* It is dropped in the end, and one that was there is made again, so nothing may be in it, and it must be as one that
 * we make. Routines and events of others are seen by who may do everything there, which verify wants anyway. */
static err refuse_filled(struct session *s, struct scratch *x)
{
    static const enum value_kind kinds[] = {VALUE_INT, VALUE_INT, VALUE_TEXT, VALUE_TEXT};
    const struct value names[] = {value_text(x->name), value_text(x->name), value_text(x->name),
                                  value_text(x->name)};
    struct rows rows;
    TRY(stmt_read(s->db, s->a,
                  STR("SELECT (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?),"
                      " (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = ?)"
                      " + (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = ?),"
                      " default_character_set_name, default_collation_name"
                      " FROM information_schema.schemata WHERE schema_name = ?"),
                  names, 4, kinds, 4, &rows));
    x->existed = rows.n > 0;
    if (!x->existed) {
        return NULL;
    }
    bool tables = rows.cells[0].i > 0;
    if (tables || rows.cells[1].i > 0) {
        return error_new(
            s->a, ERROR_CONFLICT,
            "the scratch database %.*s holds %" PRId64
            " %s: verify uses only one that is empty. If a killed verify has left them, drop it; "
            "else choose another with --scratch NAME",
            STR_ARGS(x->name), rows.cells[tables ? 0 : 1].i, tables ? "tables" : "routines and events");
    }
    if (!str_eq(rows.cells[2].text, x->charset) || !str_eq(rows.cells[3].text, x->collation)) {
        return error_new(
            s->a, ERROR_CONFLICT,
            "the scratch database %.*s has the collation %.*s, and the database itself %.*s: make "
            "it alike, or choose another with --scratch NAME",
            STR_ARGS(x->name), STR_ARGS(rows.cells[3].text), STR_ARGS(x->collation));
    }
    return NULL;
}

static err create(struct session *s, const struct scratch *x)
{
    str sql = str_format(s->a, "CREATE DATABASE `%.*s` CHARACTER SET %.*s COLLATE %.*s", STR_ARGS(x->name),
                         STR_ARGS(x->charset), STR_ARGS(x->collation));
    err failed = db_run(s->db, s->a, sql);
    return failed == NULL
               ? NULL
               : error_new(s->a, failed->code,
                           "the scratch database %.*s cannot be made: %.*s\n"
                           "An administrator can allow it: GRANT ALL ON `%.*s`.* TO the user of DB_USER.",
                           STR_ARGS(x->name), STR_ARGS(failed->cause), STR_ARGS(x->name));
}

/* Ends what the other process has left running there. */
static err end_connections(struct session *s, const struct scratch *x)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    const struct value name = value_text(x->name);
    struct rows rows;
    TRY(stmt_read(s->db, s->a,
                  STR("SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()"),
                  &name, 1, kinds, 1, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        err gone = db_run(s->db, s->a, str_format(s->a, "KILL %" PRId64, rows.cells[i].i));
        (void)gone; /* it may have ended by itself */
    }
    return NULL;
}

static err drop(struct session *s, const struct scratch *x)
{
    TRY(db_ready(s->db, s->a));
    TRY(end_connections(s, x));
    TRY(db_run(s->db, s->a, str_format(s->a, "SET SESSION lock_wait_timeout = %d", (int)DROP_SECONDS)));
    TRY(db_run(s->db, s->a, str_format(s->a, "DROP DATABASE IF EXISTS `%.*s`", STR_ARGS(x->name))));
    return x->existed ? create(s, x) : NULL;
}

err migrate_verify(struct session *s)
{
    struct scratch x;
    TRY(session_files(s));
    TRY(db_ready(s->db, s->a));
    TRY(choose(s, &x));
    TRY(reserve(s, &x));
    TRY(refuse_filled(s, &x));
    if (!x.existed) {
        TRY(create(s, &x));
    }
    err failed = try_beside(s, &x);
    err left = drop(s, &x);
    if (failed == NULL && left != NULL) {
        return error_new(s->a, left->code, "the scratch database %.*s cannot be dropped: %.*s",
                         STR_ARGS(x.name), STR_ARGS(error_reason(left)));
    }
    return failed;
}
