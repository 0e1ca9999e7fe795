#include "http/metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/metrics_file.h"
#include "http/metrics_part.h"
#include "http/route.h"
#include "io/db.h"

static const char metrics_magic[8] = {'q', 'u', 'i', 'r', 'e', 'm', 't', METRICS_VERSION};

/* Series behind those of the routes: one a method for what no route was found for, and one for unknown routes. */
enum { SERIES_BEHIND = METHOD__MAX + 1 };

/* What is kept here is not read again from the shared memory: nobody can make a worker write beside it. */
struct metrics {
    struct metrics_head *head;
    struct meter *mine; /* NULL in the parent */
    struct metrics_file file;
    size_t head_bytes, meter_bytes;
    unsigned series, places, seats;
    unsigned routes;
    unsigned short *series_of; /* by route, then by route asked for with HEAD */
    struct db_figures seen;    /* of the connection, up to the last time */
};

/* ---- the layout ---- */

static size_t lines(size_t bytes)
{
    return (bytes + METRICS_LINE - 1) / METRICS_LINE * METRICS_LINE;
}

size_t metrics_head_bytes(size_t series)
{
    return lines(sizeof(struct metrics_head) + series * sizeof(struct metrics_name));
}

static size_t bytes_of_meter(size_t series)
{
    return lines(sizeof(struct meter) + series * sizeof(struct metrics_series));
}

/* Ended within its field, and fit to stand between quotes. */
static bool is_label(const char *text, size_t room)
{
    size_t n = 0;
    while (n < room && text[n] > ' ' && text[n] < 0x7F && text[n] != '"' && text[n] != '\\') {
        n++;
    }
    return n > 0 && n < room && text[n] == '\0';
}

bool metrics_fits(const struct metrics_head *head, size_t bytes, bool whole)
{
    size_t series = head->series;
    size_t places = head->places;
    if (memcmp(head->magic, metrics_magic, sizeof metrics_magic) != 0 || series > METRICS_MOST_SERIES ||
        places == 0 || places > METRICS_MOST_PLACES || head->head_bytes != metrics_head_bytes(series) ||
        head->meter_bytes != bytes_of_meter(series) ||
        head->head_bytes + places * head->meter_bytes != bytes) {
        return false;
    }
    for (size_t i = 0; whole && i < series; i++) {
        if (!is_label(head->names[i].method, sizeof head->names[i].method) ||
            !is_label(head->names[i].route, sizeof head->names[i].route)) {
            return false;
        }
    }
    return true;
}

static struct meter *meter_at(const struct metrics *m, unsigned place)
{
    return (struct meter *)(void *)((char *)m->head + m->head_bytes + (size_t)place * m->meter_bytes);
}

/* ---- the parent ---- */

static void name_series(struct metrics_name *name, enum method method, const char *route)
{
    if (strlen(route) >= sizeof name->route) {
        abort(); /* of the table, and a unit test looks at all of them */
    }
    memcpy(name->method, method_name(method), strlen(method_name(method)) + 1);
    memcpy(name->route, route, strlen(route) + 1);
}

static unsigned count_series(const struct router *router)
{
    unsigned n = router_count(router) + SERIES_BEHIND;
    for (unsigned i = 0; i < router_count(router); i++) {
        n += router_route(router, i)->method == METHOD_GET;
    }
    return n;
}

static void name_all(struct metrics_head *head, const struct router *router)
{
    struct metrics_name *at = head->names;
    for (unsigned i = 0; i < router_count(router); i++) {
        const struct route *route = router_route(router, i);
        name_series(at++, route->method, route->path);
        if (route->method == METHOD_GET) {
            name_series(at++, METHOD_HEAD, route->path);
        }
    }
    for (int method = 0; method < METHOD__MAX; method++) {
        name_series(at++, (enum method)method, METRICS_UNMATCHED);
    }
    name_series(at, METHOD_OTHER, METRICS_OTHER);
}

struct metrics *metrics_create(struct arena *life, const struct metrics_options *o)
{
    struct metrics *m = ARENA_NEW(life, struct metrics);
    m->series = o->router == NULL ? 0 : count_series(o->router);
    m->places = o->places;
    m->seats = o->seats;
    m->head_bytes = metrics_head_bytes(m->series);
    m->meter_bytes = bytes_of_meter(m->series);
    size_t bytes = m->head_bytes + m->places * m->meter_bytes;
    if (m->places == 0 || m->places > METRICS_MOST_PLACES || m->series > METRICS_MOST_SERIES) {
        abort();
    }
    if (!metrics_file_make(life, o->dir, o->pool, bytes, &m->file)) {
        return NULL;
    }
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m->file.fd, 0);
    if (memory == MAP_FAILED) {
        log_line(LOG_ERROR, "nothing can be counted", "cause", strerror(errno));
        return NULL;
    }
    m->head = memory;
    *m->head = (struct metrics_head){.head_bytes = (uint32_t)m->head_bytes,
                                     .meter_bytes = (uint32_t)m->meter_bytes,
                                     .series = m->series,
                                     .places = m->places,
                                     .seats = o->seats,
                                     .parent = getpid(),
                                     .started = clock_now()};
    memcpy(m->head->magic, metrics_magic, sizeof metrics_magic);
    if (o->router != NULL) {
        name_all(m->head, o->router);
    }
    metrics_guard(memory, bytes);
    metrics_file_show(&m->file);
    return m;
}

int metrics_fd(const struct metrics *m)
{
    return m == NULL ? -1 : m->file.fd;
}

void metrics_remove(struct metrics *m)
{
    if (m != NULL) {
        metrics_file_remove(&m->file);
    }
}

void metrics_restart(struct metrics *m, enum metrics_restart why)
{
    if (m != NULL) {
        counter_add(&m->head->restarts[why], 1);
    }
}

void metrics_reload(struct metrics *m, enum metrics_result result)
{
    if (m != NULL) {
        counter_add(&m->head->reloads[result], 1);
    }
}

void metrics_set_state(struct metrics *m, unsigned place, enum metrics_state state)
{
    if (m != NULL && place < m->places) {
        atomic_store_explicit(&meter_at(m, place)->state, state, memory_order_relaxed);
    }
}

/* ---- a worker ---- */

/* Maps it when it is what it should be, judged by what is read, not by what is mapped. */
static const char *attach(struct arena *life, int fd, struct metrics *m)
{
    struct stat st;
    struct metrics_head head;
    if (fstat(fd, &st) < 0 || pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head) {
        return "it was not handed down by the parent, which may be of an older version: restart it";
    }
    if (!metrics_fits(&head, (size_t)st.st_size, false)) {
        return "it is of another version of this program: restart, do not reload";
    }
    void *memory = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        return str_format(life, "it cannot be mapped: %s", strerror(errno)).p;
    }
    metrics_guard(memory, (size_t)st.st_size);
    m->head = memory;
    m->file.fd = fd;
    m->head_bytes = head.head_bytes;
    m->meter_bytes = head.meter_bytes;
    m->series = head.series;
    m->places = head.places;
    m->seats = head.seats;
    return NULL;
}

struct metrics *metrics_attach(struct arena *life, int fd, unsigned place)
{
    struct metrics *m = ARENA_NEW(life, struct metrics);
    const char *problem = attach(life, fd, m);
    if (problem == NULL && place >= m->places) {
        problem = "it has no such place";
    }
    if (problem != NULL) {
        log_line(LOG_WARN, "this worker counts nothing: the memory for it cannot be used", "cause", problem);
        return NULL;
    }
    m->mine = meter_at(m, place);
    return m;
}

/* The series of that name; behind it all when there is none, where unknown routes are counted. `near` is where it
 * stands when parent and worker are of the same version. */
static unsigned short find_series(const struct metrics *m, const char *method, const char *route,
                                  unsigned near)
{
    for (unsigned i = 0; i < m->series; i++) {
        unsigned at = (near + i) % m->series;
        const struct metrics_name *name = &m->head->names[at];
        if (strncmp(name->method, method, sizeof name->method) == 0 &&
            strncmp(name->route, route, sizeof name->route) == 0) {
            return (unsigned short)at;
        }
    }
    return (unsigned short)(m->series - 1);
}

void metrics_know(struct metrics *m, struct arena *life, const struct router *router)
{
    if (m == NULL || m->series < SERIES_BEHIND) {
        return;
    }
    unsigned near = 0;
    m->routes = router_count(router);
    m->series_of = ARENA_ARRAY(life, unsigned short, m->routes * 2);
    for (unsigned i = 0; i < m->routes; i++) {
        const struct route *route = router_route(router, i);
        near = find_series(m, method_name(route->method), route->path, near);
        m->series_of[i] = (unsigned short)near;
        near++;
        if (route->method == METHOD_GET) {
            near = find_series(m, method_name(METHOD_HEAD), route->path, near);
            m->series_of[m->routes + i] = (unsigned short)near;
            near++;
        }
    }
}

void metrics_be(struct metrics *m, enum metrics_state state)
{
    if (m != NULL) {
        atomic_store_explicit(&m->mine->state, state, memory_order_relaxed);
    }
}

void metrics_request(struct metrics *m, const struct metrics_request *r)
{
    if (m == NULL || m->series_of == NULL) {
        return;
    }
    unsigned at = m->series - SERIES_BEHIND + (unsigned)r->method;
    if (r->route >= 0) {
        at = m->series_of[(r->method == METHOD_HEAD ? m->routes : 0) + (unsigned)r->route];
    }
    struct metrics_series *series = &m->mine->series[at];
    counter_add(&series->statuses[reply_status_index(r->status)], 1);
    histogram_add(&series->seconds, r->micros);
    if (!r->sent) {
        counter_add(&m->mine->unsent, 1);
    }
}

void metrics_retry(struct metrics *m, enum metrics_retry why)
{
    if (m != NULL) {
        counter_add(&m->mine->retries[why], 1);
    }
}

void metrics_work(struct metrics *m)
{
    if (m != NULL) {
        counter_add(&m->mine->work, 1);
    }
}

void metrics_database(struct metrics *m, struct db_figures figures)
{
    if (m != NULL) {
        counter_add(&m->mine->statements, figures.statements - m->seen.statements);
        counter_add(&m->mine->reconnects, figures.reconnects - m->seen.reconnects);
        m->seen = figures;
    }
}

bool metrics_states(const struct metrics *m, unsigned counts[METRICS_STATE__MAX], unsigned *seats)
{
    if (m == NULL) {
        return false;
    }
    *seats = m->seats;
    for (int i = 0; i < METRICS_STATE__MAX; i++) {
        counts[i] = 0;
    }
    for (unsigned place = 0; place < m->places; place++) {
        uint64_t state = atomic_load_explicit(&meter_at(m, place)->state, memory_order_relaxed);
        counts[state < METRICS_STATE__MAX ? state : METRICS_NOBODY]++;
    }
    return true;
}

struct password_meter *metrics_passwords(struct metrics *m)
{
    return m == NULL ? NULL : &m->mine->passwords;
}
