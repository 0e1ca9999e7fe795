#include "migrate/migrate.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "io/db.h"
#include "migrate/ledger.h"
#include "migrate/offline.h"
#include "migrate/plan.h"
#include "migrate/runner.h"

/* -- carrying a plan out -- */

static void put_step(struct buf *steps, const struct migration *m, enum runner_direction direction,
                     int64_t micros)
{
    buf_c(steps, steps->n == 0 ? "" : ",");
    buf_lit(steps, "{\"revision\":");
    json_put_str(steps, m->revision);
    buf_lit(steps, ",\"name\":");
    json_put_str(steps, m->name);
    buf_printf(steps, ",\"direction\":\"%s\",\"statements\":%zu,\"milliseconds\":%.3f}",
               direction == RUNNER_UP ? "up" : "down", direction == RUNNER_UP ? m->up.n : m->down.n,
               (double)micros / 1e3);
}

static err run_one(struct session *s, struct runner *r, size_t i, enum runner_direction direction)
{
    const struct migration *m = &s->graph.items[i];
    const struct ledger_row *row = session_row(s, i);
    const struct ledger_row fresh = {.revision = m->revision,
                                     .state = direction == RUNNER_UP ? LEDGER_APPLYING : LEDGER_REVERTING};
    if (row == NULL) {
        TRY(ledger_begin(s->db, s->a, m));
    } else if (row->state == LEDGER_APPLIED) {
        TRY(ledger_begin_down(s->db, s->a, m));
    }
    bool half_done = row != NULL && row->state != LEDGER_APPLIED;
    return runner_run(r, m, half_done ? row : &fresh, direction);
}

static err run_all(struct session *s, const struct plan_list *plan, enum runner_direction direction,
                   struct buf *steps)
{
    struct runner r = {.db = s->db, .a = s->a, .progress = s->progress, .verbose = s->o->verbose};
    TRY(runner_prepare(&r));
    for (size_t i = 0; i < plan->n; i++) {
        int64_t start = clock_steady();
        TRY(run_one(s, &r, plan->items[i], direction));
        put_step(steps, &s->graph.items[plan->items[i]], direction, clock_steady() - start);
    }
    return NULL;
}

static err run_plan(struct session *s, const struct plan_list *plan, enum runner_direction direction)
{
    struct buf steps;
    buf_init(&steps, s->a, 1024, 1 << 24);
    err failed = run_all(s, plan, direction, &steps);
    session_member(s, "steps");
    buf_char(&s->json, '[');
    buf_str(&s->json, buf_view(&steps));
    buf_char(&s->json, ']');
    return failed;
}

/* -- upgrade -- */

static err upgrade(struct session *s)
{
    struct plan_list plan;
    TRY(session_refuse_half_done(s, LEDGER_REVERTING));
    TRY(plan_upgrade(s, s->target, &plan));
    TRY(run_plan(s, &plan, RUNNER_UP));
    if (s->graph.n == 0) {
        (void)fprintf(s->progress, "there are no migrations in %.*s\n", STR_ARGS(s->dir));
    } else if (plan.n == 0) {
        (void)fprintf(s->progress, "nothing to do: everything up to %.*s is applied\n",
                      STR_ARGS(plan.destination));
    }
    return NULL;
}

/* What names no migration is refused before the database is touched. */
static err known(struct session *s, str word)
{
    struct target t;
    s->target = word;
    TRY(session_files(s));
    return target_read(s->a, &s->graph, word, &t);
}

static err print_script(struct session *s, str range, enum runner_direction direction)
{
    struct plan_list plan;
    str to;
    TRY(offline_begin(s, range, &to));
    if (direction == RUNNER_UP) {
        TRY(plan_upgrade(s, to, &plan));
    } else {
        TRY(plan_downgrade(s, to, &plan));
    }
    offline_print(s, &plan, direction);
    return NULL;
}

err migrate_upgrade(struct session *s)
{
    if (s->o->sql) {
        return print_script(s, s->o->word_count > 0 ? s->o->words[0] : STR("head"), RUNNER_UP);
    }
    TRY(known(s, s->o->word_count > 0 ? s->o->words[0] : STR("head")));
    return session_locked(s, upgrade);
}

/* -- downgrade -- */

static err downgrade(struct session *s)
{
    struct plan_list plan;
    TRY(session_refuse_half_done(s, LEDGER_APPLYING));
    TRY(plan_downgrade(s, s->target, &plan));
    TRY(run_plan(s, &plan, RUNNER_DOWN));
    if (plan.n == 0) {
        (void)fprintf(s->progress, "nothing to do: nothing that comes from %.*s is applied\n",
                      STR_ARGS(plan.destination));
    }
    return NULL;
}

err migrate_downgrade(struct session *s)
{
    if (s->o->sql) {
        return print_script(s, s->o->words[0], RUNNER_DOWN);
    }
    TRY(known(s, s->o->words[0]));
    return session_locked(s, downgrade);
}

err migrate_down(struct session *s)
{
    str steps = s->o->word_count > 0 ? s->o->words[0] : STR("1");
    TRY(known(s, str_format(s->a, "-%.*s", STR_ARGS(steps))));
    return session_locked(s, downgrade);
}
