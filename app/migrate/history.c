#include "base/arena.h"
#include "base/json_out.h"
#include "migrate/describe.h"
#include "migrate/migrate.h"
#include "migrate/target.h"

/* -- heads, branches -- */

static bool *heads_of(const struct session *s)
{
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    for (size_t i = 0; i < s->graph.n; i++) {
        in[i] = graph_is_head(&s->graph, i);
    }
    return in;
}

err migrate_heads(struct session *s)
{
    TRY(session_read(s));
    describe_set(s, "heads", heads_of(s), false);
    return NULL;
}

static bool is_child(const struct session *s, size_t child, size_t parent)
{
    const struct migration *m = &s->graph.items[child];
    for (size_t j = 0; j < m->parent_count; j++) {
        if (str_eq(m->parents[j], s->graph.items[parent].revision)) {
            return true;
        }
    }
    return false;
}

/* A branch point, and below it where it goes. */
static void tell_branch(struct session *s, size_t i, bool first)
{
    bool *children = ARENA_ARRAY(s->a, bool, s->graph.n);
    for (size_t j = 0; j < s->graph.n; j++) {
        children[j] = is_child(s, j, i);
    }
    if (s->o->json) {
        buf_c(&s->json, first ? "" : ",");
        describe_json(s, i);
        session_member_set(s, "children", children);
        buf_char(&s->json, '}');
        return;
    }
    if (s->o->verbose) {
        describe_block(s, i);
    } else {
        describe_line(s, i, false);
    }
    for (size_t j = 0; j < s->graph.n; j++) {
        if (children[j]) {
            (void)fprintf(s->out, "%*s -> ", (int)s->graph.items[i].revision.n, "");
            describe_line(s, j, false);
        }
    }
}

err migrate_branches(struct session *s)
{
    bool first = true;
    TRY(session_read(s));
    session_member(s, "branches");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->graph.n; i++) {
        if (graph_children(&s->graph, i) > 1) {
            tell_branch(s, i, first);
            first = false;
        }
    }
    buf_char(&s->json, ']');
    return NULL;
}

/* -- history -- */

/* One end of a range: nothing, `current`, or a target. */
static err read_end(const struct session *s, str word, struct target *out)
{
    if (!str_eq(word, STR("current"))) {
        return target_read(s->a, &s->graph, word, out);
    }
    *out = (struct target){.kind = TARGET_SET, .in = session_current(s)};
    return NULL;
}

static bool is_empty(const struct session *s, const bool *in)
{
    for (size_t i = 0; i < s->graph.n; i++) {
        if (in[i]) {
            return false;
        }
    }
    return true;
}

/* What the lower end leaves: what comes from it and itself; or for -n the last of what the upper one left, and n
 * before it. From base, everything. */
static void cut_below(const struct session *s, struct target *from, bool *in)
{
    size_t left = (size_t)from->steps + 1;
    if (from->kind == TARGET_BACK) {
        for (size_t i = s->graph.n; i-- > 0;) {
            in[i] = in[i] && left > 0;
            left -= in[i] ? 1 : 0;
        }
        return;
    }
    bool everything = is_empty(s, from->in);
    graph_add_descendants(&s->graph, from->in);
    for (size_t i = 0; i < s->graph.n; i++) {
        in[i] = in[i] && (everything || from->in[i]);
    }
}

/* The first of the set, and n behind it. */
static void cut_above(const struct session *s, unsigned steps, bool *in)
{
    size_t left = (size_t)steps + 1;
    for (size_t i = 0; i < s->graph.n; i++) {
        in[i] = in[i] && left > 0;
        left -= in[i] ? 1 : 0;
    }
}

static err in_range(const struct session *s, str range, bool *in)
{
    size_t colon = str_find(range, ':', 0);
    str low = str_slice(range, 0, colon);
    str high = str_slice(range, colon + 1, range.n);
    struct target from;
    struct target to;
    TRY(read_end(s, low.n == 0 ? STR("base") : low, &from));
    TRY(read_end(s, high.n == 0 ? STR("heads") : high, &to));
    graph_add_ancestors(&s->graph, to.in);
    for (size_t i = 0; i < s->graph.n; i++) {
        in[i] = to.in[i] || to.kind == TARGET_FORWARD;
    }
    cut_below(s, &from, in);
    if (to.kind == TARGET_FORWARD) {
        cut_above(s, to.steps, in);
    }
    return NULL;
}

err migrate_history(struct session *s)
{
    TRY(session_read(s));
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    TRY(in_range(s, s->o->range.n == 0 ? STR(":") : s->o->range, in));
    describe_set(s, "history", in, true);
    return NULL;
}

/* -- show -- */

static void put_statements(struct session *s, const char *name, const struct statements *list)
{
    session_member(s, name);
    buf_char(&s->json, '[');
    for (size_t i = 0; i < list->n; i++) {
        buf_c(&s->json, i == 0 ? "" : ",");
        json_put_str(&s->json, list->items[i].text);
    }
    buf_char(&s->json, ']');
}

static void print_section(const struct session *s, const char *title, const struct statements *list)
{
    for (size_t i = 0; i < list->n; i++) {
        (void)fprintf(s->out, "-- %s, statement %zu of %zu (line %u)\n%.*s;\n\n", title, i + 1, list->n,
                      list->items[i].line, STR_ARGS(list->items[i].text));
    }
}

static void show_one(struct session *s, size_t i, bool first)
{
    const struct migration *m = &s->graph.items[i];
    if (s->o->json) {
        buf_c(&s->json, first ? "" : ",");
        describe_json(s, i);
        put_statements(s, "up", &m->up);
        put_statements(s, "down", &m->down);
        buf_char(&s->json, '}');
        return;
    }
    describe_block(s, i);
    print_section(s, "up", &m->up);
    print_section(s, "down", &m->down);
}

err migrate_show(struct session *s)
{
    bool first = true;
    struct target t;
    TRY(session_read(s));
    TRY(read_end(s, s->o->words[0], &t));
    session_member(s, "migrations");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->graph.n; i++) {
        if (t.in[i]) {
            show_one(s, i, first);
            first = false;
        }
    }
    buf_char(&s->json, ']');
    return NULL;
}
