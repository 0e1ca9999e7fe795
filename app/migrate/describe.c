#include "migrate/describe.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"

enum { MARKS_BYTES = 512 };

str describe_time(struct arena *a, int64_t micros)
{
    struct buf b;
    buf_init(&b, a, 64, 64);
    clock_put_time(&b, micros);
    return buf_view(&b);
}

/* Its message, else what the slug of its file says, with blanks: "the community". */
static str words_of(struct arena *a, const struct migration *m)
{
    if (m->message.n > 0) {
        return m->message;
    }
    str slug = str_slice(m->name, m->revision.n + 1, m->name.n);
    char *words = str_c(a, slug);
    for (size_t i = 0; i < slug.n; i++) {
        if (words[i] == '_') {
            words[i] = ' ';
        }
    }
    return (str){words, slug.n};
}

/* Its parents, comma-separated; "<base>" without any. */
static str parents_of(struct arena *a, const struct migration *m)
{
    str list = STR("<base>");
    for (size_t j = 0; j < m->parent_count; j++) {
        list = j == 0 ? m->parents[0] : str_format(a, "%.*s, %.*s", STR_ARGS(list), STR_ARGS(m->parents[j]));
    }
    return list;
}

/* What is special about it: each mark with a blank before it. */
static str marks(const struct session *s, size_t i)
{
    const struct ledger_row *row = session_row(s, i);
    struct buf b;
    buf_init(&b, s->a, 64, MARKS_BYTES);
    buf_c(&b, graph_is_head(&s->graph, i) ? " (head)" : "");
    buf_c(&b, graph_children(&s->graph, i) > 1 ? " (branchpoint)" : "");
    buf_c(&b, s->graph.items[i].parent_count > 1 ? " (mergepoint)" : "");
    if (row != NULL && row->state != LEDGER_APPLIED) {
        buf_printf(&b, " (half done: %s, %" PRId64 " of %" PRId64 " statements)",
                   row->state == LEDGER_APPLYING ? "up" : "down", row->done, row->total);
    } else if (row != NULL && s->o->indicate_current) {
        buf_lit(&b, " (applied)");
    }
    return buf_view(&b);
}

void describe_line(const struct session *s, size_t i, bool from)
{
    const struct migration *m = &s->graph.items[i];
    str before = from ? parents_of(s->a, m) : STR("");
    str after = marks(s, i);
    str words = words_of(s->a, m);
    (void)fprintf(s->out, "%.*s%s%.*s%.*s, %.*s\n", STR_ARGS(before), from ? " -> " : "",
                  STR_ARGS(m->revision), STR_ARGS(after), STR_ARGS(words));
}

static void print_statements(const struct session *s, const char *title, const struct statements *list)
{
    (void)fprintf(s->out, "%s: %zu statement%s\n", title, list->n, list->n == 1 ? "" : "s");
}

void describe_block(const struct session *s, size_t i)
{
    const struct migration *m = &s->graph.items[i];
    const struct ledger_row *row = session_row(s, i);
    str after = marks(s, i);
    str parents = parents_of(s->a, m);
    str created = describe_time(s->a, m->created);
    str words = words_of(s->a, m);
    (void)fprintf(s->out, "Rev: %.*s%.*s\n%s: %.*s\nPath: %.*s\nCreated: %.*s\n", STR_ARGS(m->revision),
                  STR_ARGS(after), m->parent_count > 1 ? "Merges" : "Parent", STR_ARGS(parents),
                  STR_ARGS(m->path), STR_ARGS(created));
    if (row != NULL && row->state == LEDGER_APPLIED) {
        str applied = describe_time(s->a, row->applied_at);
        (void)fprintf(s->out, "Applied: %.*s\n", STR_ARGS(applied));
    }
    print_statements(s, "Up", &m->up);
    if (m->irreversible) {
        (void)fprintf(s->out, "Down: irreversible: %.*s\n", STR_ARGS(m->irreversible_why));
    } else {
        print_statements(s, "Down", &m->down);
    }
    (void)fprintf(s->out, "\n    %.*s\n\n", STR_ARGS(words));
}

static void put_texts(struct buf *b, const str *texts, size_t n)
{
    buf_char(b, '[');
    for (size_t i = 0; i < n; i++) {
        buf_c(b, i == 0 ? "" : ",");
        json_put_str(b, texts[i]);
    }
    buf_char(b, ']');
}

static void put_state(struct buf *b, const struct session *s, const struct ledger_row *row)
{
    if (row == NULL) {
        buf_lit(b, ",\"state\":\"pending\"");
    } else if (row->state == LEDGER_APPLIED) {
        str when = describe_time(s->a, row->applied_at);
        buf_printf(b, ",\"state\":\"applied\",\"applied_at\":\"%.*s\"", STR_ARGS(when));
    } else {
        buf_printf(b, ",\"state\":\"half %s\",\"done\":%" PRId64 ",\"total\":%" PRId64,
                   row->state == LEDGER_APPLYING ? "applied" : "taken back", row->done, row->total);
    }
}

void describe_json(struct session *s, size_t i)
{
    const struct migration *m = &s->graph.items[i];
    struct buf *b = &s->json;
    str created = describe_time(s->a, m->created);
    buf_lit(b, "{\"revision\":");
    json_put_str(b, m->revision);
    buf_lit(b, ",\"name\":");
    json_put_str(b, m->name);
    buf_lit(b, ",\"message\":");
    json_put_str(b, words_of(s->a, m));
    buf_lit(b, ",\"parents\":");
    put_texts(b, m->parents, m->parent_count);
    buf_lit(b, ",\"path\":");
    json_put_dirty(b, m->path);
    buf_printf(b, ",\"created\":\"%.*s\",\"head\":%s,\"branchpoint\":%s,\"mergepoint\":%s", STR_ARGS(created),
               graph_is_head(&s->graph, i) ? "true" : "false",
               graph_children(&s->graph, i) > 1 ? "true" : "false", m->parent_count > 1 ? "true" : "false");
    buf_printf(b, ",\"statements\":{\"up\":%zu,\"down\":%zu}", m->up.n, m->down.n);
    if (m->irreversible) {
        buf_lit(b, ",\"irreversible\":");
        json_put_str(b, m->irreversible_why);
    }
    if (s->db != NULL) {
        put_state(b, s, session_row(s, i));
    }
}

void describe_set(struct session *s, const char *name, const bool *in, bool from)
{
    bool first = true;
    session_member(s, name);
    buf_char(&s->json, '[');
    for (size_t i = s->graph.n; i-- > 0;) {
        if (!in[i]) {
            continue;
        }
        if (s->o->json) {
            buf_c(&s->json, first ? "" : ",");
            describe_json(s, i);
            buf_char(&s->json, '}');
        } else if (s->o->verbose) {
            describe_block(s, i);
        } else {
            describe_line(s, i, from);
        }
        first = false;
    }
    buf_char(&s->json, ']');
}
