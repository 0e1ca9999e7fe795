#include "base/arena.h"
#include "base/json_out.h"
#include "io/db.h"
#include "migrate/migrate.h"
#include "migrate/offline.h"
#include "migrate/target.h"

/* What the ledger shall hold: the targets and all that they come from. */
static err wanted(const struct session *s, const str *words, size_t n, bool *in)
{
    for (size_t w = 0; w < n; w++) {
        struct target t;
        TRY(target_read(s->a, &s->graph, words[w], &t));
        for (size_t i = 0; i < s->graph.n; i++) {
            in[i] = in[i] || t.in[i];
        }
    }
    graph_add_ancestors(&s->graph, in);
    return NULL;
}

static err write_rows(struct session *s, const bool *in)
{
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        bool there = session_row(s, i) != NULL;
        if (in[i] && !there) {
            TRY(ledger_begin(s->db, s->a, m));
            TRY(ledger_finish_up(s->db, s->a, m));
        } else if (!in[i] && there) {
            TRY(ledger_finish_down(s->db, s->a, m->revision));
        }
    }
    return NULL;
}

static void tell(struct session *s, const bool *in)
{
    bool *added = ARENA_ARRAY(s->a, bool, s->graph.n);
    bool *removed = ARENA_ARRAY(s->a, bool, s->graph.n);
    bool any = false;
    for (size_t i = 0; i < s->graph.n; i++) {
        bool there = session_row(s, i) != NULL;
        added[i] = in[i] && !there;
        removed[i] = !in[i] && there;
        any = any || added[i] || removed[i];
        if (added[i] || removed[i]) {
            (void)fprintf(s->progress, "stamped %.*s as %s\n", STR_ARGS(s->graph.items[i].name),
                          added[i] ? "applied" : "not applied");
        }
    }
    if (!any) {
        (void)fputs("nothing to do: the database is stamped so already\n", s->progress);
    }
    session_member_set(s, "stamped", added);
    session_member_set(s, "removed", removed);
}

static err stamp(struct session *s)
{
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    TRY(wanted(s, s->o->words, s->o->word_count, in));
    TRY(session_refuse_half_done(s, LEDGER_APPLYING));
    TRY(session_refuse_half_done(s, LEDGER_REVERTING));
    db_want_transaction(s->db);
    err failed = write_rows(s, in);
    if (failed == NULL) {
        failed = db_commit(s->db, s->a);
    }
    if (failed != NULL) {
        db_rollback(s->db);
        return failed;
    }
    tell(s, in);
    return NULL;
}

static err print_script(struct session *s)
{
    str to;
    TRY(offline_begin(s, s->o->words[0], &to));
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    TRY(wanted(s, &to, 1, in));
    offline_print_stamp(s, in);
    return NULL;
}

err migrate_stamp(struct session *s)
{
    if (s->o->sql) {
        return print_script(s);
    }
    TRY(session_files(s));
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    TRY(wanted(s, s->o->words, s->o->word_count,
               in)); /* what names no migration is refused before the database is touched */
    return session_locked(s, stamp);
}
