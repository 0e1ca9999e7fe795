#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/doctor.h"
#include "io/db.h"
#include "io/fcgi_client.h"
#include "io/listener.h"
#include "io/stmt.h"

enum { ANSWER_MILLIS = 3000, OVERDUE_SECONDS = 60 };

/* Whoever can write to the socket can speak as the web server. */
static bool open_to_all(struct arena *a, str address)
{
    struct stat st;
    bool prefixed = str_starts(address, STR("unix:"));
    return stat(str_c(a, str_slice(address, prefixed ? 5 : 0, address.n)), &st) == 0 &&
           S_ISSOCK(st.st_mode) && (st.st_mode & S_IWOTH) != 0;
}

static struct finding look_at_socket(struct patient *p, str address)
{
    unsigned status = 0;
    err e = fcgi_client_get(p->a, address, STR("/health/live"), ANSWER_MILLIS, &status);
    if (e != NULL && e->code == ERROR_NOT_FOUND) {
        return doctor_bad(p, VERDICT_WARNING, "start it: quire serve, or systemctl start quire.target",
                          "the pool of %.*s does not run", STR_ARGS(address));
    }
    if (e != NULL) {
        return doctor_bad(p, VERDICT_PROBLEM,
                          e->code == ERROR_FORBIDDEN
                              ? "run this check as root, or as a member of the socket's group"
                              : "see the pool's log",
                          "%.*s", STR_ARGS(e->cause));
    }
    if (status != 200) {
        return doctor_bad(p, VERDICT_PROBLEM, "see the pool's log", "%.*s answers /health/live with %u",
                          STR_ARGS(address), status);
    }
    if (open_to_all(p->a, address)) {
        return doctor_bad(p, VERDICT_PROBLEM, "LISTEN_MODE=0660, SocketMode=0660",
                          "everybody on this machine can write to %.*s, and so speak as the web server",
                          STR_ARGS(address));
    }
    return doctor_ok(p, "%.*s answers", STR_ARGS(address));
}

static bool is_there(struct arena *a, str address)
{
    bool prefixed = str_starts(address, STR("unix:"));
    return access(str_c(a, str_slice(address, prefixed ? 5 : 0, address.n)), F_OK) == 0;
}

/* The sockets of a pool that has one for each worker (LISTEN_EACH): nginx asks all of them, so all must answer. */
static struct finding look_at_each(struct patient *p, str address)
{
    struct finding f = look_at_socket(p, listener_nth(p->a, address, 1));
    unsigned n = 1;
    while (f.verdict == VERDICT_OK && is_there(p->a, listener_nth(p->a, address, n + 1))) {
        f = look_at_socket(p, listener_nth(p->a, address, ++n));
    }
    return f.verdict == VERDICT_OK ? doctor_ok(p, "%.*s.1 to .%u answer", STR_ARGS(address), n) : f;
}

static struct finding look_at_address(struct patient *p, str address)
{
    bool each = !is_there(p->a, address) && is_there(p->a, listener_nth(p->a, address, 1));
    return each ? look_at_each(p, address) : look_at_socket(p, address);
}

/* All sockets that were named, the worst first. */
static struct finding look_at_pool(struct patient *p)
{
    if (p->socket_count == 0) {
        return p->s.listen_each ? look_at_each(p, p->s.listen) : look_at_address(p, p->s.listen);
    }
    struct finding worst = look_at_address(p, p->sockets[0]);
    for (size_t i = 1; i < p->socket_count; i++) {
        struct finding f = look_at_address(p, p->sockets[i]);
        bool worse = f.verdict > worst.verdict;
        if (f.verdict == worst.verdict) {
            worst.sentence = str_format(p->a, "%.*s; %.*s", STR_ARGS(worst.sentence), STR_ARGS(f.sentence));
        }
        worst = worse ? f : worst;
    }
    return worst;
}

/* Work is taken within a second of being due, and prolonged while it is done: what is overdue, nobody takes. */
static struct finding look_at_work(struct patient *p)
{
    static const str overdue = STR_INIT(
        "SELECT (SELECT COUNT(*) FROM tweet_histories WHERE due_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND),"
        " (SELECT COUNT(*) FROM mails WHERE due_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND)");
    static const enum value_kind kinds[] = {VALUE_INT, VALUE_INT};
    const struct value values[] = {value_int(OVERDUE_SECONDS), value_int(OVERDUE_SECONDS)};
    struct rows rows;
    err e = stmt_read(p->db, p->a, overdue, values, 2, kinds, 2, &rows);
    if (e != NULL) {
        return doctor_bad(p, VERDICT_SKIPPED, "", "the tables cannot be read: see schema");
    }
    int64_t threads = rows.cells[0].i;
    int64_t mails = rows.cells[1].i;
    if (threads + mails > 0) {
        return doctor_bad(p, VERDICT_PROBLEM, "run `quire work`, or more of them",
                          "nobody does the work: %" PRId64 " threads and %" PRId64
                          " mails are overdue by more than %d s",
                          threads, mails, (int)OVERDUE_SECONDS);
    }
    return doctor_ok(p, "no thread and no mail is overdue");
}

const struct check doctor_pool[] = {
    {"pool", NEEDS_SETTINGS, look_at_pool},
    {"work", NEEDS_DATABASE, look_at_work},
    {NULL, NEEDS_NOTHING, NULL},
};
