#include <inttypes.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "migrate/fingerprint.h"
#include "migrate/migrate.h"
#include "migrate/runner.h"

/* What can be the matter with a row of the ledger. */
enum trouble {
    SOUND,
    GOES_ON,     /* half done between two statements */
    INTERRUPTED, /* in the middle of one, and the schema shows what became of it */
    UNCLEAR,     /* in the middle of one that the file does not hold any more */
    HALF_EDITED, /* what was carried out is not what the file says */
    EDITED,      /* after it was applied */
    NO_FILE,
    NO_PARENT
};

static const char *const names[] = {
    [SOUND] = "sound",
    [GOES_ON] = "half done",
    [INTERRUPTED] = "interrupted",
    [UNCLEAR] = "unclear",
    [HALF_EDITED] = "edited half done",
    [EDITED] = "edited",
    [NO_FILE] = "no file",
    [NO_PARENT] = "no parent",
};

/* One row, looked at. */
struct finding {
    const struct ledger_row *row;
    const struct migration *m;     /* NULL: no file */
    const struct statements *list; /* the section that is under way */
    str *sums;
    enum trouble trouble;
    bool carried_out; /* INTERRUPTED, UNCLEAR: as the schema has it */
    str parent;       /* NO_PARENT: whose row lacks */
};

static const char *way(const struct finding *f)
{
    return f->row->state == LEDGER_REVERTING ? "down" : "up";
}

/* -- looking -- */

static enum trouble look_at_half(struct session *s, struct finding *f, const str *schema)
{
    const struct ledger_row *row = f->row;
    size_t done = (size_t)row->done;
    f->list = row->state == LEDGER_APPLYING ? &f->m->up : &f->m->down;
    f->sums = runner_sums(s->a, f->list);
    if (done > f->list->n || !str_eq(f->sums[done], row->done_sum)) {
        return HALF_EDITED;
    }
    if (row->under_way_sum.n == 0) {
        return GOES_ON;
    }
    f->carried_out = !str_eq(*schema, row->schema_before);
    bool same = done < f->list->n && str_eq(f->sums[done + 1], row->under_way_sum);
    return same || !f->carried_out ? INTERRUPTED : UNCLEAR;
}

static void look_at(struct session *s, struct finding *f, const str *schema)
{
    size_t at = graph_find(&s->graph, f->row->revision);
    f->trouble = NO_FILE;
    if (at == s->graph.n) {
        return;
    }
    f->m = &s->graph.items[at];
    if (f->row->state != LEDGER_APPLIED) {
        f->trouble = look_at_half(s, f, schema);
        return;
    }
    f->trouble = str_eq(f->row->checksum, f->m->checksum) ? SOUND : EDITED;
    for (size_t j = 0; f->trouble == SOUND && j < f->m->parent_count; j++) {
        const struct ledger_row *parent = ledger_find(&s->ledger, f->m->parents[j]);
        if (parent == NULL || parent->state != LEDGER_APPLIED) {
            f->trouble = NO_PARENT;
            f->parent = f->m->parents[j];
        }
    }
}

static err look(struct session *s, struct finding *out)
{
    str schema;
    TRY(fingerprint_read(s->db, s->a, &schema));
    for (size_t i = 0; i < s->ledger.n; i++) {
        out[i] = (struct finding){.row = &s->ledger.rows[i]};
        look_at(s, &out[i], &schema);
    }
    return NULL;
}

/* -- telling -- */

static bool wants_human(const struct finding *f)
{
    return f->trouble != SOUND && f->trouble != GOES_ON && f->trouble != INTERRUPTED;
}

static str place(struct session *s, const struct finding *f)
{
    return str_format(s->a, "%.*s: statement %" PRId64 " of %zu of its section %s", STR_ARGS(f->row->name),
                      f->row->done + 1, f->list->n, way(f));
}

static str describe(struct session *s, const struct finding *f)
{
    const struct ledger_row *row = f->row;
    switch (f->trouble) {
    case GOES_ON:
        return str_format(s->a,
                          "%.*s: %" PRId64
                          " of %zu statements of its section %s are done; `quire migrate %s` goes on there",
                          STR_ARGS(row->name), row->done, f->list->n, way(f), way(f));
    case INTERRUPTED:
        return str_format(
            s->a,
            "%.*s was interrupted, and the schema shows that it %s carried out: `quire migrate %s` takes "
            "it so and goes on. Somebody else has changed the schema since? Then say --done or --not-done",
            STR_ARGS(place(s, f)), f->carried_out ? "was" : "was not", way(f));
    case UNCLEAR:
        return str_format(
            s->a,
            "%.*s was interrupted, the schema has changed since, and the file says something else there by "
            "now: put the file back, or say --done (what the file says there is carried out) or --not-done",
            STR_ARGS(place(s, f)));
    case HALF_EDITED:
        return str_format(s->a,
                          "%.*s: the first %" PRId64
                          " statements of its section %s are carried out, and are not those of the "
                          "file: put the file back, or take those of the file for them with --accept %.*s",
                          STR_ARGS(row->name), row->done, way(f), STR_ARGS(row->revision));
    case EDITED:
        return str_format(
            s->a,
            "%.*s: was edited after it had been applied: put it back, or take it as it is with --accept %.*s",
            STR_ARGS(f->m->path), STR_ARGS(row->revision));
    case NO_FILE:
        return str_format(
            s->a,
            "%.*s: is %s, and %.*s has no file for it: get the file from the program that brought it, or "
            "drop the record (the schema stays as it is) with --forget %.*s",
            STR_ARGS(row->name), row->state == LEDGER_APPLIED ? "applied" : "half done", STR_ARGS(s->dir),
            STR_ARGS(row->revision));
    case NO_PARENT:
        return str_format(
            s->a,
            "%.*s: is applied, and its parent %.*s is not: put the parent's file in its place, or drop the "
            "record (the schema stays as it is) with --forget %.*s",
            STR_ARGS(row->name), STR_ARGS(f->parent), STR_ARGS(row->revision));
    case SOUND:
        break;
    }
    return STR("");
}

static void put_finding(struct session *s, const struct finding *f, str sentence)
{
    struct buf *b = &s->json;
    buf_c(b, b->p[b->n - 1] == '[' ? "" : ",");
    buf_lit(b, "{\"revision\":");
    json_put_dirty(b, f->row->revision);
    buf_lit(b, ",\"name\":");
    json_put_dirty(b, f->row->name);
    buf_printf(b, ",\"finding\":\"%s\",\"undecided\":%s,\"done\":%" PRId64 ",\"total\":%" PRId64,
               names[f->trouble], wants_human(f) ? "true" : "false", f->row->done, f->row->total);
    if (f->trouble == INTERRUPTED) {
        buf_printf(b, ",\"carried_out\":%s", f->carried_out ? "true" : "false");
    }
    buf_lit(b, ",\"sentence\":");
    json_put_dirty(b, sentence);
    buf_char(b, '}');
}

/* What a run has under way is no trouble yet. */
static err tell_of_runner(struct session *s)
{
    int64_t connection = -1;
    TRY(session_runner(s, &connection));
    if (connection > 0) {
        (void)fprintf(s->progress,
                      "a migration is running just now, on connection %" PRId64
                      " of the database: what follows may be its work; ask again when it is done\n",
                      connection);
    }
    return NULL;
}

static err tell(struct session *s)
{
    TRY(session_read(s));
    TRY(tell_of_runner(s));
    struct finding *all = ARENA_ARRAY(s->a, struct finding, s->ledger.n);
    TRY(look(s, all));
    size_t told = 0;
    session_member(s, "findings");
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->ledger.n; i++) {
        if (all[i].trouble == SOUND) {
            continue;
        }
        str sentence = describe(s, &all[i]);
        put_finding(s, &all[i], sentence);
        s->answer = wants_human(&all[i]) ? SESSION_NO : s->answer;
        told++;
        if (!s->o->json) {
            (void)fprintf(s->out, "%.*s\n", STR_ARGS(sentence));
        }
    }
    buf_char(&s->json, ']');
    if (told == 0 && !s->o->json) {
        (void)fputs("there is nothing to repair\n", s->out);
    }
    return NULL;
}

/* -- deciding -- */

static err decided(struct session *s, str sentence)
{
    session_member_text(s, "repaired", sentence);
    if (!s->o->json) {
        (void)fprintf(s->out, "%.*s\n", STR_ARGS(sentence));
    }
    return NULL;
}

static err decide_interrupted(struct session *s, const struct finding *all)
{
    const struct finding *f = NULL;
    for (size_t i = 0; i < s->ledger.n && f == NULL; i++) {
        f = all[i].row->under_way_sum.n > 0 && all[i].row->state != LEDGER_APPLIED ? &all[i] : NULL;
    }
    if (f == NULL) {
        return error_new(s->a, ERROR_CONFLICT, "no statement was interrupted: there is nothing to decide");
    }
    if (f->trouble == NO_FILE || f->trouble == HALF_EDITED) {
        str first = describe(s, f);
        return error_new(s->a, ERROR_CONFLICT, "that comes later; first: %.*s", STR_ARGS(first));
    }
    size_t done = (size_t)f->row->done;
    if (s->o->is_not_done) {
        TRY(ledger_withdraw(s->db, s->a, f->row->revision));
    } else if (done == f->list->n) {
        return error_new(s->a, ERROR_CONFLICT,
                         "%.*s: the file has no statement %zu any more: put it back first",
                         STR_ARGS(f->m->path), done + 1);
    } else {
        TRY(ledger_advance(s->db, s->a, f->row->revision, done + 1, f->sums[done + 1]));
    }
    return decided(s, str_format(s->a, "%.*s is taken for %s: `quire migrate %s` goes on %s it",
                                 STR_ARGS(place(s, f)), s->o->is_not_done ? "not carried out" : "carried out",
                                 way(f), s->o->is_not_done ? "at" : "behind"));
}

static err find(struct session *s, const struct finding *all, str revision, const struct finding **out)
{
    for (size_t i = 0; i < s->ledger.n; i++) {
        if (str_eq(all[i].row->revision, revision) || str_eq(all[i].row->name, revision)) {
            *out = &all[i];
            return NULL;
        }
    }
    return error_new(s->a, ERROR_NOT_FOUND, "the database has no record of %.*s", STR_ARGS(revision));
}

static err accept(struct session *s, const struct finding *all)
{
    const struct finding *f = NULL;
    TRY(find(s, all, s->o->accept, &f));
    if (f->trouble == EDITED) {
        TRY(ledger_adopt(s->db, s->a, f->m, f->m->up.n));
        return decided(s, str_format(s->a, "%.*s is taken as it is now", STR_ARGS(f->m->path)));
    }
    if (f->trouble == HALF_EDITED && (size_t)f->row->done <= f->list->n) {
        TRY(ledger_advance(s->db, s->a, f->row->revision, (size_t)f->row->done, f->sums[f->row->done]));
        return decided(s, str_format(s->a,
                                     "%.*s: its first %" PRId64
                                     " statements are taken for those that were carried out",
                                     STR_ARGS(f->m->path), f->row->done));
    }
    return f->trouble == HALF_EDITED
               ? error_new(s->a, ERROR_CONFLICT,
                           "%.*s: has fewer statements than were carried out: put them back",
                           STR_ARGS(f->m->path))
               : error_new(s->a, ERROR_CONFLICT, "%.*s: was not edited since", STR_ARGS(f->row->name));
}

static err forget(struct session *s, const struct finding *all)
{
    const struct finding *f = NULL;
    TRY(find(s, all, s->o->forget, &f));
    if (f->trouble == SOUND || f->trouble == EDITED) {
        return error_new(s->a, ERROR_CONFLICT,
                         "%.*s: is applied and has its file: take it back with `quire migrate downgrade`",
                         STR_ARGS(f->row->name));
    }
    TRY(ledger_finish_down(s->db, s->a, f->row->revision));
    return decided(s, str_format(s->a, "%.*s is forgotten; the schema is as it was", STR_ARGS(f->row->name)));
}

static err decide(struct session *s)
{
    struct finding *all = ARENA_ARRAY(s->a, struct finding, s->ledger.n);
    TRY(look(s, all));
    if (s->o->is_done || s->o->is_not_done) {
        return decide_interrupted(s, all);
    }
    return s->o->accept.n > 0 ? accept(s, all) : forget(s, all);
}

err migrate_repair(struct session *s)
{
    const struct migrate_options *o = s->o;
    int decisions = (o->is_done ? 1 : 0) + (o->is_not_done ? 1 : 0) + (o->accept.n > 0 ? 1 : 0) +
                    (o->forget.n > 0 ? 1 : 0);
    if (decisions > 1) {
        return session_misused(s, "repair takes one decision at a time");
    }
    return decisions == 0 ? tell(s) : session_locked_as_it_is(s, decide);
}
