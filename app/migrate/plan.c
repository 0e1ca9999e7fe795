#include "migrate/plan.h"

#include <inttypes.h>

#include "base/arena.h"

/* How many heads of the graph are applied, or are not. */
static size_t heads_that_are(const struct session *s, bool applied)
{
    size_t n = 0;
    for (size_t i = 0; i < s->graph.n; i++) {
        n += graph_is_head(&s->graph, i) && (session_row(s, i) != NULL) == applied ? 1 : 0;
    }
    return n;
}

/* Migrations of the set that no other of the set comes from. */
static size_t tips(const struct session *s, const bool *in)
{
    const struct graph *g = &s->graph;
    bool *covered = ARENA_ARRAY(s->a, bool, g->n);
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        for (size_t j = 0; in[i] && j < g->items[i].parent_count; j++) {
            covered[graph_find(g, g->items[i].parents[j])] = true;
        }
    }
    for (size_t i = 0; i < g->n; i++) {
        n += in[i] && !covered[i] ? 1 : 0;
    }
    return n;
}

/* The last of the set, for people. */
static str destination(const struct session *s, const bool *in, str word)
{
    str name = word;
    for (size_t i = 0; i < s->graph.n; i++) {
        name = in[i] ? s->graph.items[i].name : name;
    }
    return name;
}

/* -- upgrade -- */

/* The next `steps` that are not applied, when there is but one way to go. */
static err forward(const struct session *s, struct target *t)
{
    const struct graph *g = &s->graph;
    unsigned n = 0;
    size_t head = 0;
    if (heads_that_are(s, false) > 1) {
        TRY(graph_one_head(s->a, g, &head));
    }
    for (size_t i = 0; i < g->n && n < t->steps; i++) {
        const struct ledger_row *row = session_row(s, i);
        if (row == NULL || row->state != LEDGER_APPLIED) {
            t->in[i] = true;
            n++;
        }
    }
    if (n < t->steps) {
        return error_new(s->a, ERROR_CONFLICT, "%u migration%s cannot be applied: only %u %s pending",
                         t->steps, t->steps == 1 ? "" : "s", n, n == 1 ? "is" : "are");
    }
    return NULL;
}

static err include_half_applied(const struct session *s, const bool *in, struct plan_list *plan)
{
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct ledger_row *row = session_row(s, i);
        if (row == NULL || row->state != LEDGER_APPLYING) {
            continue;
        }
        if (!in[i]) {
            return error_new(
                s->a, ERROR_CONFLICT,
                "%.*s: %" PRId64 " of the %" PRId64
                " statements of its section up are done: run `quire migrate upgrade %.*s` first, "
                "which goes on there",
                STR_ARGS(row->name), row->done, row->total, STR_ARGS(row->revision));
        }
        plan->items[plan->n++] = i;
    }
    return NULL;
}

err plan_upgrade(struct session *s, str word, struct plan_list *out)
{
    struct target t;
    TRY(target_read(s->a, &s->graph, word, &t));
    if (t.kind == TARGET_FORWARD) {
        TRY(forward(s, &t));
    }
    struct plan_list plan = {.items = ARENA_ARRAY(s->a, size_t, s->graph.n)};
    plan.destination = destination(s, t.in, word);
    graph_add_ancestors(&s->graph, t.in);
    TRY(include_half_applied(s, t.in, &plan));
    for (size_t i = 0; i < s->graph.n; i++) {
        if (t.in[i] && session_row(s, i) == NULL) {
            plan.items[plan.n++] = i;
        }
    }
    *out = plan;
    return NULL;
}

/* -- downgrade -- */

/* The last `steps` that are in the ledger. */
static err back(const struct session *s, struct target *t)
{
    bool *applied = session_applied(s);
    unsigned n = 0;
    size_t head = 0;
    if (tips(s, applied) > 1) {
        TRY(graph_one_head(s->a, &s->graph, &head));
    }
    for (size_t i = s->graph.n; i-- > 0 && n < t->steps;) {
        t->in[i] = applied[i];
        n += applied[i] ? 1 : 0;
    }
    if (n < t->steps) {
        return error_new(s->a, ERROR_CONFLICT, "%u migration%s cannot be taken back: %s", t->steps,
                         t->steps == 1 ? "" : "s",
                         n == 0   ? "nothing is applied"
                         : n == 1 ? "only 1 is applied"
                                  : str_format(s->a, "only %u are applied", n).p);
    }
    return NULL;
}

/* Everything that comes from the target, which itself stays and must be applied; from base, everything. */
static err behind(const struct session *s, struct target *t, bool base)
{
    const struct graph *g = &s->graph;
    bool *stays = ARENA_ARRAY(s->a, bool, g->n);
    for (size_t i = 0; i < g->n; i++) {
        const struct ledger_row *row = session_row(s, i);
        stays[i] = t->in[i];
        if (t->in[i] && (row == NULL || row->state != LEDGER_APPLIED)) {
            return error_new(s->a, ERROR_CONFLICT, "%.*s is %s: nothing can be taken back to it",
                             STR_ARGS(g->items[i].name), row == NULL ? "not applied" : "half taken back");
        }
    }
    graph_add_descendants(g, t->in);
    for (size_t i = 0; i < g->n; i++) {
        t->in[i] = (base || t->in[i]) && !stays[i] && session_row(s, i) != NULL;
    }
    return NULL;
}

static err may_be_taken_back(const struct session *s, const bool *in)
{
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        const struct ledger_row *row = session_row(s, i);
        if (in[i] && m->irreversible) {
            return error_new(s->a, ERROR_CONFLICT, "%.*s: cannot be taken back: %.*s", STR_ARGS(m->path),
                             STR_ARGS(m->irreversible_why));
        }
        if (!in[i] && row != NULL && row->state == LEDGER_REVERTING) {
            return error_new(s->a, ERROR_CONFLICT,
                             "%.*s: %" PRId64 " of the %" PRId64
                             " statements of its section down are done: run `quire migrate down` first, "
                             "which goes on there",
                             STR_ARGS(row->name), row->done, row->total);
        }
    }
    return NULL;
}

err plan_downgrade(struct session *s, str word, struct plan_list *out)
{
    struct target t;
    TRY(target_read(s->a, &s->graph, word, &t));
    struct plan_list plan = {.items = ARENA_ARRAY(s->a, size_t, s->graph.n)};
    plan.destination = destination(s, t.in, word);
    if (t.kind == TARGET_BACK) {
        TRY(back(s, &t));
    } else {
        TRY(behind(s, &t, str_eq(word, STR("base"))));
    }
    TRY(may_be_taken_back(s, t.in));
    for (size_t i = s->graph.n; i-- > 0;) {
        if (t.in[i]) {
            plan.items[plan.n++] = i;
        }
    }
    *out = plan;
    return NULL;
}
