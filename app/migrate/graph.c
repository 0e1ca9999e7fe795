#include "migrate/graph.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

enum { DETAIL_BYTES = 1 << 20 };

size_t graph_find(const struct graph *g, str revision)
{
    size_t i = 0;
    while (i < g->n && !str_eq(g->items[i].revision, revision)) {
        i++;
    }
    return i;
}

static void new_line(struct buf *mistakes)
{
    if (mistakes->n > 0) {
        buf_char(mistakes, '\n');
    }
}

static err result(struct arena *a, const struct buf *mistakes)
{
    str detail = buf_view(mistakes);
    return detail.n == 0 ? NULL : error_new(a, ERROR_INVALID, "%.*s", STR_ARGS(detail));
}

/* -- the graph -- */

static void find_duplicates(const struct graph *g, struct buf *mistakes)
{
    for (size_t i = 0; i < g->n; i++) {
        size_t first = graph_find(g, g->items[i].revision);
        if (first < i) {
            new_line(mistakes);
            buf_printf(
                mistakes,
                "%.*s: has the revision of %.*s; give the newer of the two another one, in the name of "
                "its file, in its header, and where it is a parent",
                STR_ARGS(g->items[i].path), STR_ARGS(g->items[first].path));
        }
    }
}

static void find_strangers(const struct graph *g, struct buf *mistakes)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct migration *m = &g->items[i];
        for (size_t j = 0; j < m->parent_count; j++) {
            if (graph_find(g, m->parents[j]) == g->n) {
                new_line(mistakes);
                buf_printf(mistakes, "%.*s: there is no migration with its parent's revision %.*s",
                           STR_ARGS(m->path), STR_ARGS(m->parents[j]));
            }
        }
    }
}

/* Whether all parents of m are among the first `placed`. */
static bool is_ready(const struct graph *g, size_t placed, const struct migration *m)
{
    const struct graph done = {g->items, placed};
    for (size_t j = 0; j < m->parent_count; j++) {
        if (graph_find(&done, m->parents[j]) == placed) {
            return false;
        }
    }
    return true;
}

static int compare(str a, str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* Of those not placed, the one that comes next; g->n when each waits for another. */
static size_t next(const struct graph *g, size_t placed)
{
    size_t best = g->n;
    for (size_t i = placed; i < g->n; i++) {
        bool better = best == g->n || compare(g->items[i].revision, g->items[best].revision) < 0;
        if (better && is_ready(g, placed, &g->items[i])) {
            best = i;
        }
    }
    return best;
}

/* A parent of the migration at `at` that is not among the first `placed`; there is one when it is not
 * ready. */
static size_t waits_for(const struct graph *g, size_t placed, size_t at)
{
    size_t parent = at;
    for (size_t j = 0; j < g->items[at].parent_count && parent == at; j++) {
        size_t i = graph_find(g, g->items[at].parents[j]);
        parent = i >= placed ? i : at;
    }
    return parent;
}

/* Names one circle, when none of those not placed is ready: whoever follows waiting parents long enough is
 * in it. */
static void name_circle(const struct graph *g, size_t placed, struct buf *mistakes)
{
    size_t at = placed;
    for (size_t steps = 0; steps < g->n; steps++) {
        at = waits_for(g, placed, at);
    }
    new_line(mistakes);
    buf_lit(mistakes, "each of these is an ancestor of itself:");
    size_t start = at;
    do {
        buf_printf(mistakes, " %.*s", STR_ARGS(g->items[at].path));
        at = waits_for(g, placed, at);
    } while (at != start);
}

err graph_sort(struct arena *a, struct migration *items, size_t n)
{
    const struct graph g = {items, n};
    struct buf mistakes;
    buf_init(&mistakes, a, 256, DETAIL_BYTES);
    find_duplicates(&g, &mistakes);
    find_strangers(&g, &mistakes);
    if (mistakes.n > 0) {
        return result(a, &mistakes);
    }
    for (size_t placed = 0; placed < n; placed++) {
        size_t i = next(&g, placed);
        if (i == n) {
            name_circle(&g, placed, &mistakes);
            return result(a, &mistakes);
        }
        struct migration chosen = items[i];
        items[i] = items[placed];
        items[placed] = chosen;
    }
    return NULL;
}

/* -- questions -- */

size_t graph_children(const struct graph *g, size_t i)
{
    size_t n = 0;
    for (size_t child = 0; child < g->n; child++) {
        for (size_t j = 0; j < g->items[child].parent_count; j++) {
            n += str_eq(g->items[child].parents[j], g->items[i].revision) ? 1 : 0;
        }
    }
    return n;
}

bool graph_is_head(const struct graph *g, size_t i)
{
    return graph_children(g, i) == 0;
}

void graph_add_ancestors(const struct graph *g, bool *in)
{
    for (size_t i = g->n; i-- > 0;) {
        for (size_t j = 0; in[i] && j < g->items[i].parent_count; j++) {
            in[graph_find(g, g->items[i].parents[j])] = true;
        }
    }
}

void graph_add_descendants(const struct graph *g, bool *in)
{
    for (size_t i = 0; i < g->n; i++) {
        for (size_t j = 0; j < g->items[i].parent_count; j++) {
            in[i] = in[i] || in[graph_find(g, g->items[i].parents[j])];
        }
    }
}

static err several_heads(struct arena *a, const struct graph *g, size_t heads)
{
    struct buf b;
    buf_init(&b, a, 256, DETAIL_BYTES);
    buf_printf(&b, "there are %zu heads, each a migration that is nobody's parent:", heads);
    for (size_t i = 0; i < g->n; i++) {
        if (graph_is_head(g, i)) {
            buf_printf(&b, " %.*s", STR_ARGS(g->items[i].path));
        }
    }
    buf_lit(&b, "; name one of them, or join them with `quire migrate merge -m \"…\" heads`");
    str detail = buf_view(&b);
    return error_new(a, ERROR_CONFLICT, "%.*s", STR_ARGS(detail));
}

err graph_one_head(struct arena *a, const struct graph *g, size_t *out)
{
    size_t heads = 0;
    size_t last = g->n;
    for (size_t i = 0; i < g->n; i++) {
        heads += graph_is_head(g, i) ? 1 : 0;
        last = graph_is_head(g, i) ? i : last;
    }
    if (heads > 1) {
        return several_heads(a, g, heads);
    }
    *out = last;
    return NULL;
}

/* -- the folder -- */

static int is_sql(const struct dirent *entry)
{
    str name = str_of(entry->d_name);
    return name.n > 4 && name.p[0] != '.' && str_eq(str_slice(name, name.n - 4, name.n), STR(".sql"));
}

static err load_files(struct arena *a, str dir, struct dirent *const *entries, size_t n,
                      struct migration *items)
{
    struct buf mistakes;
    buf_init(&mistakes, a, 256, DETAIL_BYTES);
    for (size_t i = 0; i < n; i++) {
        str path = str_format(a, "%.*s/%s", STR_ARGS(dir), entries[i]->d_name);
        str text;
        err failed = file_read(a, path.p, MIGRATION_FILE_BYTES, &text);
        if (failed == NULL) {
            failed = migration_parse(a, path, text, &items[i]);
        }
        if (failed != NULL) {
            new_line(&mistakes);
            buf_str(&mistakes, failed->detail);
        }
    }
    return result(a, &mistakes);
}

err graph_load(struct arena *a, str dir, struct graph *out)
{
    struct dirent **entries = NULL;
    int found = scandir(str_c(a, dir), &entries, is_sql, alphasort);
    if (found < 0) {
        return error_new(a, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INTERNAL, "%.*s: %s", STR_ARGS(dir),
                         strerror(errno));
    }
    arena_defer(a, free, entries);
    for (int i = 0; i < found; i++) {
        arena_defer(a, free, entries[i]);
    }
    size_t n = (size_t)found;
    struct graph g = {ARENA_ARRAY(a, struct migration, n), n};
    TRY(load_files(a, dir, entries, n, g.items));
    TRY(graph_sort(a, g.items, n));
    *out = g;
    return NULL;
}
