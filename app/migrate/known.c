#include "migrate/known.h"

#include <inttypes.h>

#include "backup/marker.h"
#include "base/arena.h"
#include "base/buf.h"
#include "conf/held.h"
#include "migrate/graph.h"
#include "migrate/ledger.h"

/* What there is on either side. */
struct sides {
    struct arena *a;
    const struct graph *g;
    const struct ledger *l;
    const struct ledger_row *half_done, *unknown; /* the last of each, or NULL */
    size_t pending;
    str database, program; /* the newest of either, for people */
};

static void compare(struct sides *s)
{
    s->database = STR("at no revision: nothing is applied to it");
    s->program = STR("none");
    for (size_t i = 0; i < s->g->n; i++) {
        const struct migration *m = &s->g->items[i];
        s->program = m->name;
        if (ledger_find(s->l, m->revision) == NULL) {
            s->pending++;
        } else {
            s->database = str_format(s->a, "at %.*s", STR_ARGS(m->name));
        }
    }
    for (size_t i = 0; i < s->l->n; i++) {
        const struct ledger_row *row = &s->l->rows[i];
        if (graph_find(s->g, row->revision) == s->g->n) {
            s->unknown = row;
            s->database = str_format(s->a, "at %.*s", STR_ARGS(row->name));
        }
        s->half_done = row->state != LEDGER_APPLIED ? row : s->half_done;
    }
}

/* What is the matter, and what to do. */
static str verdict(const struct sides *s)
{
    if (s->half_done != NULL) {
        bool up = s->half_done->state == LEDGER_APPLYING;
        return str_format(
            s->a,
            "%.*s is half %s (%" PRId64 " of %" PRId64
            " statements): run `quire migrate %s`, which goes on there, or see `quire migrate repair`",
            STR_ARGS(s->half_done->name), up ? "applied" : "taken back", s->half_done->done,
            s->half_done->total, up ? "up" : "down");
    }
    if (s->unknown != NULL) {
        return str_format(
            s->a,
            "%.*s is applied and not known here: start the program that brought it, or take it back "
            "with that one's `quire migrate downgrade`",
            STR_ARGS(s->unknown->name));
    }
    if (s->pending > 0) {
        return str_format(s->a, "%zu migration%s pending: run `quire migrate upgrade`", s->pending,
                          s->pending == 1 ? " is" : "s are");
    }
    return (str){"", 0};
}

static const str half_restored_sentence =
    STR_INIT("a restore of the database has not ended: run `quire restore --replace` again");

err known_refuse_half_restored(struct db *db, struct arena *a)
{
    bool half_restored = false;
    TRY(marker_find(db, a, &half_restored));
    return half_restored ? error_new(a, ERROR_CONFLICT, "%.*s", STR_ARGS(half_restored_sentence)) : NULL;
}

err known_check(struct db *db, struct arena *a, str dir, str *problem)
{
    struct graph g;
    struct ledger l;
    bool half_restored = false;
    TRY(marker_find(db, a, &half_restored));
    if (half_restored) {
        *problem = half_restored_sentence;
        return NULL;
    }
    TRY(graph_load(a, dir, &g));
    TRY(ledger_read(db, a, &l));
    struct sides s = {.a = a, .g = &g, .l = &l};
    compare(&s);
    str what = verdict(&s);
    *problem = what.n == 0
                   ? what
                   : str_format(a, "the database is %.*s, and this program's newest migration is %.*s: %.*s",
                                STR_ARGS(s.database), STR_ARGS(s.program), STR_ARGS(what));
    return NULL;
}

/* The revisions of a folder, a line each. */
static err list_revisions(struct arena *a, void *dir, str *text)
{
    struct graph g;
    struct buf lines;
    TRY(graph_load(a, *(const str *)dir, &g));
    buf_init(&lines, a, 256, SIZE_MAX / 4);
    for (size_t i = 0; i < g.n; i++) {
        buf_str(&lines, g.items[i].revision);
        buf_char(&lines, '\n');
    }
    *text = buf_view(&lines);
    return NULL;
}

err known_load(struct arena *a, str dir, struct held *held, struct known_revisions *out)
{
    str lines;
    size_t n = 0;
    TRY(held_make(a, held, "the revisions of migrations", list_revisions, &dir, &lines));
    str *list = ARENA_ARRAY(a, str, lines.n); /* each has a byte at least */
    for (size_t at = 0; at < lines.n; n++) {
        size_t end = str_find(lines, '\n', at);
        list[n] = str_slice(lines, at, end);
        at = end + 1;
    }
    *out = (struct known_revisions){list, n};
    return NULL;
}

err known_compare(struct db *db, struct arena *a, const struct known_revisions *mine, enum known_state *out)
{
    struct ledger l;
    bool half_restored = false;
    TRY(marker_find(db, a, &half_restored));
    if (half_restored) {
        *out = KNOWN_BEHIND;
        return NULL;
    }
    TRY(ledger_read(db, a, &l));
    *out = l.n > mine->n ? KNOWN_AHEAD : KNOWN_SAME;
    for (size_t i = 0; i < mine->n; i++) {
        const struct ledger_row *row = ledger_find(&l, mine->list[i]);
        if (row == NULL || row->state != LEDGER_APPLIED) {
            *out = KNOWN_BEHIND;
        }
    }
    return NULL;
}
