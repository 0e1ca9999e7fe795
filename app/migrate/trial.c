#include "migrate/trial.h"

#include "base/arena.h"
#include "base/clock.h"
#include "migrate/fingerprint.h"
#include "migrate/graph.h"
#include "migrate/ledger.h"
#include "migrate/runner.h"

const char *trial_word(enum trial_result result)
{
    static const char *const words[] = {
        [TRIAL_NOT_TRIED] = "-",     [TRIAL_DONE] = "ok",       [TRIAL_SAME] = "same",
        [TRIAL_DIFFERS] = "differs", [TRIAL_FAILED] = "failed", [TRIAL_IRREVERSIBLE] = "irreversible",
    };
    return words[result];
}

/* One section of migration i, timed. */
static err run_section(struct trial *t, struct runner *r, size_t i, enum runner_direction direction,
                       enum trial_result *result)
{
    const struct migration *m = &t->graph->items[i];
    bool up = direction == RUNNER_UP;
    const struct ledger_row fresh = {.revision = m->revision,
                                     .state = up ? LEDGER_APPLYING : LEDGER_REVERTING};
    int64_t start = clock_steady();
    *result = TRIAL_FAILED;
    TRY(up ? ledger_begin(t->db, t->a, m) : ledger_begin_down(t->db, t->a, m));
    TRY(runner_run(r, m, &fresh, direction));
    t->rows[i].micros += clock_steady() - start;
    *result = TRIAL_DONE;
    return NULL;
}

/* Whether the schema is what it was after the first n migrations. */
static err compare(struct trial *t, size_t i, size_t n, const char *when, enum trial_result *result)
{
    str now;
    TRY(fingerprint_text(t->db, t->a, &now));
    if (str_eq(now, t->schemas[n])) {
        *result = TRIAL_SAME;
        return NULL;
    }
    *result = TRIAL_DIFFERS;
    str differences = fingerprint_differences(t->a, t->schemas[n], now);
    return error_new(t->a, ERROR_CONFLICT, "%.*s: %s:\n%.*s", STR_ARGS(t->graph->items[i].path), when,
                     STR_ARGS(str_trim(differences)));
}

static err go_up(struct trial *t, struct runner *r)
{
    TRY(fingerprint_text(t->db, t->a, &t->schemas[0]));
    for (size_t i = 0; i < t->graph->n; i++) {
        TRY(run_section(t, r, i, RUNNER_UP, &t->rows[i].up));
        TRY(fingerprint_text(t->db, t->a, &t->schemas[i + 1]));
    }
    return NULL;
}

static err go_down(struct trial *t, struct runner *r)
{
    for (size_t i = t->graph->n; i-- > 0;) {
        if (t->graph->items[i].irreversible) {
            t->rows[i].down = TRIAL_IRREVERSIBLE;
            t->lowest = i + 1;
            return NULL;
        }
        TRY(run_section(t, r, i, RUNNER_DOWN, &t->rows[i].down));
        TRY(compare(t, i, i,
                    "its way down does not bring back the schema that was there before its way up (-: "
                    "missing, +: left over)",
                    &t->rows[i].down));
    }
    return NULL;
}

static err go_up_again(struct trial *t, struct runner *r)
{
    for (size_t i = t->lowest; i < t->graph->n; i++) {
        TRY(run_section(t, r, i, RUNNER_UP, &t->rows[i].again));
        TRY(compare(t, i, i + 1,
                    "applied again it makes another schema than the first time (-: missing, +: new)",
                    &t->rows[i].again));
    }
    return NULL;
}

err trial_run(struct trial *t)
{
    struct runner r = {.db = t->db, .a = t->a, .progress = t->progress, .verbose = t->verbose};
    t->rows = ARENA_ARRAY(t->a, struct trial_row, t->graph->n);
    t->schemas = ARENA_ARRAY(t->a, str, t->graph->n + 1);
    t->lowest = 0;
    TRY(ledger_create(t->db, t->a));
    TRY(runner_prepare(&r));
    TRY(go_up(t, &r));
    TRY(go_down(t, &r));
    return go_up_again(t, &r);
}
