#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "migrate/author.h"
#include "migrate/migrate.h"
#include "migrate/target.h"

static bool is_revision(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return s.n > 0 && s.n <= MIGRATION_REVISION_BYTES;
}

static bool is_keyword(str s)
{
    static const str words[] = {STR_INIT("head"), STR_INIT("heads"), STR_INIT("base"), STR_INIT("current"),
                                STR_INIT("none")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(s, words[i])) {
            return true;
        }
    }
    return false;
}

/* --rev-id, or the next number. */
static err choose_revision(const struct session *s, struct draft *d)
{
    str wanted = s->o->rev_id;
    d->revision = wanted.n > 0 ? wanted : author_next_revision(s->a, &s->graph);
    if (!is_revision(d->revision) || is_keyword(d->revision)) {
        return error_new(
            s->a, ERROR_INVALID,
            "`%.*s` can be no revision: letters and digits, %d at most, and not head, heads, base, "
            "current or none",
            STR_ARGS(wanted), (int)MIGRATION_REVISION_BYTES);
    }
    size_t i = graph_find(&s->graph, d->revision);
    if (i < s->graph.n) {
        return error_new(s->a, ERROR_CONFLICT, "%.*s: has the revision %.*s already",
                         STR_ARGS(s->graph.items[i].path), STR_ARGS(d->revision));
    }
    return NULL;
}

static err not_a_head(const struct session *s, str name)
{
    return error_new(
        s->a, ERROR_CONFLICT,
        "%.*s is not a head: another migration has it as its parent; with --splice a branch begins "
        "there",
        STR_ARGS(name));
}

/* --head, or the head. */
static err choose_parent(const struct session *s, struct draft *d)
{
    size_t parent = 0;
    if (str_eq(s->o->head, STR("base"))) {
        return s->graph.n == 0 || s->o->splice ? NULL : not_a_head(s, STR("base"));
    }
    if (s->o->head.n > 0) {
        TRY(target_one(s->a, &s->graph, s->o->head, &parent));
    } else {
        TRY(graph_one_head(s->a, &s->graph, &parent));
    }
    if (parent == s->graph.n) {
        return NULL;
    }
    if (!graph_is_head(&s->graph, parent) && !s->o->splice) {
        return not_a_head(s, s->graph.items[parent].name);
    }
    d->parents[d->parent_count++] = s->graph.items[parent].revision;
    return NULL;
}

/* -- writing -- */

static void put_draft(struct session *s, const struct draft *d, str path)
{
    session_member_text(s, "revision", d->revision);
    session_member_text(s, "path", path);
    session_member(s, "parents");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < d->parent_count; i++) {
        buf_c(&s->json, i == 0 ? "" : ",");
        json_put_str(&s->json, d->parents[i]);
    }
    buf_char(&s->json, ']');
}

/* With --sql the text is printed and nothing is written. */
static err write_draft(struct session *s, const struct draft *d)
{
    str text = author_text(s->a, d, clock_now());
    str path;
    if (s->o->sql) {
        (void)fwrite(text.p, 1, text.n, s->out);
        return NULL;
    }
    TRY(author_write(s->a, s->dir, d, text, &path));
    put_draft(s, d, path);
    if (!s->o->json) {
        (void)fprintf(s->out, "wrote %.*s\n", STR_ARGS(path));
    }
    return NULL;
}

err migrate_revision(struct session *s)
{
    struct draft d = {.message = s->o->message};
    TRY(session_files(s));
    TRY(choose_revision(s, &d));
    TRY(choose_parent(s, &d));
    return write_draft(s, &d);
}

/* -- merge -- */

static err choose_heads(const struct session *s, bool *in)
{
    for (size_t w = 0; w < s->o->word_count; w++) {
        str word = s->o->words[w];
        struct target t = {.in = NULL};
        size_t one = 0;
        if (str_eq(word, STR("heads"))) {
            TRY(target_read(s->a, &s->graph, word, &t));
        } else {
            TRY(target_one(s->a, &s->graph, word, &one));
            in[one] = true;
        }
        for (size_t i = 0; t.in != NULL && i < s->graph.n; i++) {
            in[i] = in[i] || t.in[i];
        }
    }
    return NULL;
}

static err choose_parents(const struct session *s, struct draft *d)
{
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    TRY(choose_heads(s, in));
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        if (in[i] && !graph_is_head(&s->graph, i)) {
            return error_new(
                s->a, ERROR_CONFLICT,
                "%.*s is not a head: another migration has it as its parent; only heads are merged",
                STR_ARGS(m->name));
        }
        if (in[i] && d->parent_count == MIGRATION_MAX_PARENTS) {
            return error_new(s->a, ERROR_CONFLICT,
                             "a migration has %d parents at most: merge the heads in groups",
                             (int)MIGRATION_MAX_PARENTS);
        }
        if (in[i]) {
            d->parents[d->parent_count++] = m->revision;
        }
    }
    if (d->parent_count < 2) {
        return error_new(s->a, ERROR_CONFLICT, "there is nothing to merge: %s",
                         d->parent_count == 0 ? "there is no head"
                                              : "it takes two heads, and only one is named");
    }
    return NULL;
}

static str merge_message(struct arena *a, const struct draft *d)
{
    str message = STR("merge");
    for (size_t i = 0; i < d->parent_count; i++) {
        message =
            str_format(a, "%.*s%s%.*s", STR_ARGS(message), i == 0 ? " " : " and ", STR_ARGS(d->parents[i]));
    }
    return message;
}

err migrate_merge(struct session *s)
{
    struct draft d = {.message = s->o->message, .is_merge = true};
    TRY(session_files(s));
    TRY(choose_revision(s, &d));
    TRY(choose_parents(s, &d));
    if (d.message.n == 0) {
        d.message = merge_message(s->a, &d);
    }
    return write_draft(s, &d);
}
