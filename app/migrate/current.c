#include <inttypes.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "migrate/describe.h"
#include "migrate/migrate.h"

/* -- status -- */

static const char *state_name(const struct ledger_row *row, bool has_file)
{
    if (row == NULL) {
        return "pending";
    }
    if (row->state != LEDGER_APPLIED) {
        return row->state == LEDGER_APPLYING ? "half applied" : "half taken back";
    }
    return has_file ? "applied" : "without file";
}

static void print_row(const struct session *s, const struct ledger_row *row, str name, bool has_file)
{
    str when = STR("");
    if (row != NULL && row->state == LEDGER_APPLIED) {
        when = describe_time(s->a, row->applied_at);
    } else if (row != NULL) {
        when = str_format(s->a, "%" PRId64 " of %" PRId64 " statements", row->done, row->total);
    }
    (void)fprintf(s->out, "%-15s  %.*s%s%.*s\n", state_name(row, has_file), STR_ARGS(name),
                  when.n > 0 ? "  " : "", STR_ARGS(when));
}

static void put_row(struct session *s, const struct ledger_row *row, str revision, str name, bool has_file)
{
    struct buf *b = &s->json;
    buf_c(b, b->p[b->n - 1] == '[' ? "" : ",");
    buf_lit(b, "{\"revision\":");
    json_put_dirty(b, revision);
    buf_lit(b, ",\"name\":");
    json_put_dirty(b, name);
    buf_printf(b, ",\"state\":\"%s\",\"has_file\":%s", state_name(row, true), has_file ? "true" : "false");
    if (row != NULL && row->state == LEDGER_APPLIED) {
        str when = describe_time(s->a, row->applied_at);
        buf_printf(b, ",\"applied_at\":\"%.*s\"", STR_ARGS(when));
    } else if (row != NULL) {
        buf_printf(b, ",\"done\":%" PRId64 ",\"total\":%" PRId64, row->done, row->total);
    }
    buf_char(b, '}');
}

static void tell_row(struct session *s, const struct ledger_row *row, str revision, str name, bool has_file)
{
    if (s->o->json) {
        put_row(s, row, revision, name, has_file);
    } else {
        print_row(s, row, name, has_file);
    }
}

err migrate_status(struct session *s)
{
    TRY(session_read(s));
    session_member(s, "migrations");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        tell_row(s, session_row(s, i), m->revision, m->name, true);
    }
    for (size_t i = 0; i < s->ledger.n; i++) {
        const struct ledger_row *row = &s->ledger.rows[i];
        if (graph_find(&s->graph, row->revision) == s->graph.n) {
            tell_row(s, row, row->revision, row->name, false);
        }
    }
    buf_char(&s->json, ']');
    if (s->graph.n + s->ledger.n == 0 && !s->o->json) {
        (void)fprintf(s->out, "there are no migrations in %.*s\n", STR_ARGS(s->dir));
    }
    return session_check_fit(s);
}

/* -- current -- */

static bool all_heads_are_applied(const struct session *s)
{
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct ledger_row *row = session_row(s, i);
        if (graph_is_head(&s->graph, i) && (row == NULL || row->state != LEDGER_APPLIED)) {
            return false;
        }
    }
    return true;
}

static void tell_strangers(struct session *s)
{
    bool first = true;
    session_member(s, "without_file");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->ledger.n; i++) {
        const struct ledger_row *row = &s->ledger.rows[i];
        if (graph_find(&s->graph, row->revision) < s->graph.n) {
            continue;
        }
        buf_c(&s->json, first ? "" : ",");
        json_put_dirty(&s->json, row->name);
        first = false;
        if (!s->o->json) {
            (void)fprintf(s->out, "%.*s (without file), %.*s\n", STR_ARGS(row->revision),
                          STR_ARGS(row->name));
        }
    }
    buf_char(&s->json, ']');
}

err migrate_current(struct session *s)
{
    TRY(session_read(s));
    tell_strangers(s);
    describe_set(s, "current", session_current(s), false);
    bool heads = all_heads_are_applied(s);
    session_member(s, "all_heads");
    json_put_bool(&s->json, heads);
    if (s->ledger.n == 0) {
        (void)fputs("nothing is applied\n", s->progress);
    }
    if (s->o->check_heads && !heads) {
        s->answer = SESSION_NO;
    }
    return session_check_fit(s);
}
