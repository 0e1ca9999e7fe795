#include "migrate/offline.h"

#include <string.h>

#include "base/arena.h"
#include "io/db.h"

static bool mentions(str text, str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++) {
        if (memcmp(text.p + i, part.p, part.n) == 0) {
            return true;
        }
    }
    return false;
}

/* -- where the database is -- */

err offline_begin(struct session *s, str range, str *to)
{
    size_t colon = str_find(range, ':', 0);
    bool is_range = colon < range.n;
    str low = is_range ? str_slice(range, 0, colon) : STR("");
    str high = is_range ? str_slice(range, colon + 1, range.n) : range;
    struct target from;
    TRY(session_files(s));
    TRY(target_read(s->a, &s->graph, low.n == 0 ? STR("base") : low, &from));
    if (from.kind != TARGET_SET) {
        return error_new(s->a, ERROR_NOT_FOUND,
                         "`%.*s`: where the database is wants a revision, head or base", STR_ARGS(low));
    }
    graph_add_ancestors(&s->graph, from.in);
    struct ledger l = {ARENA_ARRAY(s->a, struct ledger_row, s->graph.n), 0};
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        if (from.in[i]) {
            l.rows[l.n++] = (struct ledger_row){
                .revision = m->revision, .name = m->name, .checksum = m->checksum, .state = LEDGER_APPLIED};
        }
    }
    s->ledger = l;
    *to = high.n == 0 ? STR("head") : high;
    return NULL;
}

/* -- the frame of a script -- */

/* A list of revisions for IN (…); a list that holds none matches nothing. They are letters and digits. */
static str in_list(const struct session *s, const bool *in)
{
    struct buf b;
    buf_init(&b, s->a, 256, 1 << 20);
    for (size_t i = 0; i < s->graph.n; i++) {
        if (in[i]) {
            buf_printf(&b, "%s'%.*s'", b.n == 0 ? "" : ", ", STR_ARGS(s->graph.items[i].revision));
        }
    }
    return b.n == 0 ? STR("NULL") : buf_view(&b);
}

static size_t count(const struct session *s, const bool *in)
{
    size_t n = 0;
    for (size_t i = 0; i < s->graph.n; i++) {
        n += in[i] ? 1 : 0;
    }
    return n;
}

/* Fails when the condition does not hold; the client shows the statement, and with it the sentence. */
static void print_demand(const struct session *s, const char *condition, const char *otherwise)
{
    (void)fprintf(s->out,
                  "SET @quire_demand = IF(%s, 1,\n  (SELECT '%s' UNION SELECT 'nothing was done'));\n",
                  condition, otherwise);
}

/* there: what must be applied; absent: what must not. */
static void print_beginning(const struct session *s, const char *what, const bool *there, const bool *absent)
{
    str setup = db_session_script(s->a);
    str applied = in_list(s, there);
    str pending = in_list(s, absent);
    (void)fprintf(
        s->out,
        "-- %s\n-- Made by `quire migrate --sql`; run it with: mariadb --comments DATABASE <this\n\n%.*s"
        "SET SESSION lock_wait_timeout = %d;\n%.*s;\n\n",
        what, STR_ARGS(setup), (int)RUNNER_LOCK_WAIT, STR_ARGS(runner_save_sql));
    print_demand(s, str_format(s->a, "GET_LOCK(" MIGRATE_LOCK_NAME ", %d) = 1", (int)MIGRATE_LOCK_WAIT).p,
                 "another migration is running");
    (void)fprintf(s->out, "%.*s;\n", STR_ARGS(ledger_table_sql));
    print_demand(s, "(SELECT COUNT(*) FROM quire_migrations WHERE state <> 'applied') = 0",
                 "a migration is half done");
    print_demand(s,
                 str_format(s->a, "(SELECT COUNT(*) FROM quire_migrations WHERE revision IN (%.*s)) = %zu",
                            STR_ARGS(applied), count(s, there))
                     .p,
                 "the database is behind where this script begins");
    print_demand(s,
                 str_format(s->a, "(SELECT COUNT(*) FROM quire_migrations WHERE revision IN (%.*s)) = 0",
                            STR_ARGS(pending))
                     .p,
                 "the database is ahead of where this script begins");
}

static void print_end(const struct session *s)
{
    (void)fputs("\nDO RELEASE_LOCK(" MIGRATE_LOCK_NAME ");\n", s->out);
}

/* -- statements -- */

/* Whether its last line may be a comment, or end in one: what follows must not stand in that. */
static bool may_end_in_comment(str text)
{
    const char *line = text.n == 0 ? NULL : memrchr(text.p, '\n', text.n);
    str last = line == NULL ? text : str_slice(text, (size_t)(line - text.p), text.n);
    return mentions(last, STR("--")) || mentions(last, STR("#"));
}

/* With a delimiter of its own when it holds a semicolon. */
static void print_statement(const struct session *s, str text)
{
    str delimiter = STR("//");
    if (str_find(text, ';', 0) == text.n) {
        (void)fprintf(s->out, "%.*s%s;\n", STR_ARGS(text), may_end_in_comment(text) ? "\n" : "");
        return;
    }
    while (mentions(text, delimiter)) {
        delimiter = str_format(s->a, "%.*s/", STR_ARGS(delimiter));
    }
    (void)fprintf(s->out, "DELIMITER %.*s\n%.*s\n%.*s\nDELIMITER ;\n", STR_ARGS(delimiter), STR_ARGS(text),
                  STR_ARGS(delimiter));
}

static void print_advance(const struct session *s, const struct migration *m, size_t done, str sum)
{
    (void)fprintf(s->out,
                  "UPDATE quire_migrations SET done = %zu, done_sum = '%.*s' WHERE revision = '%.*s';\n",
                  done, STR_ARGS(sum), STR_ARGS(m->revision));
}

/* A statement of data and its record are one transaction. */
static void print_recorded(const struct session *s, const struct migration *m,
                           const struct split_statement *st, size_t done, str sum)
{
    bool data = st->kind == STATEMENT_DATA;
    (void)fputs(data ? "START TRANSACTION;\n" : "", s->out);
    print_statement(s, st->text);
    print_advance(s, m, done, sum);
    (void)fputs(data ? "COMMIT;\n" : "", s->out);
}

static void print_section(const struct session *s, const struct migration *m, enum runner_direction direction)
{
    bool up = direction == RUNNER_UP;
    const struct statements *list = up ? &m->up : &m->down;
    str *sums = runner_sums(s->a, list);
    (void)fprintf(s->out, "\n-- %.*s, %s\n\n", STR_ARGS(m->name), up ? "up" : "down");
    if (up) {
        (void)fprintf(s->out,
                      "INSERT INTO quire_migrations (revision, name, checksum, state, total, started_at)\n"
                      "  VALUES ('%.*s', '%.*s', '%.*s', 'applying', %zu, UTC_TIMESTAMP(6));\n",
                      STR_ARGS(m->revision), STR_ARGS(m->name), STR_ARGS(m->checksum), list->n);
    } else {
        (void)fprintf(
            s->out,
            "UPDATE quire_migrations SET state = 'reverting', total = %zu, done = 0, done_sum = '',\n"
            "  started_at = UTC_TIMESTAMP(6) WHERE revision = '%.*s';\n",
            list->n, STR_ARGS(m->revision));
    }
    for (size_t i = 0; i < list->n; i++) {
        print_recorded(s, m, &list->items[i], i + 1, sums[i + 1]);
    }
    (void)fprintf(s->out, "%.*s;\n", STR_ARGS(runner_restore_sql));
    if (up) {
        (void)fprintf(s->out,
                      "UPDATE quire_migrations SET state = 'applied', applied_at = UTC_TIMESTAMP(6)"
                      " WHERE revision = '%.*s';\n",
                      STR_ARGS(m->revision));
    } else {
        (void)fprintf(s->out, "DELETE FROM quire_migrations WHERE revision = '%.*s';\n",
                      STR_ARGS(m->revision));
    }
}

void offline_print(struct session *s, const struct plan_list *plan, enum runner_direction direction)
{
    bool up = direction == RUNNER_UP;
    bool *absent = ARENA_ARRAY(s->a, bool, s->graph.n);
    for (size_t i = 0; i < plan->n; i++) {
        absent[plan->items[i]] = up;
    }
    print_beginning(s, up ? "upgrade" : "downgrade", session_applied(s), absent);
    for (size_t i = 0; i < plan->n; i++) {
        print_section(s, &s->graph.items[plan->items[i]], direction);
    }
    print_end(s);
}

void offline_print_stamp(struct session *s, const bool *in)
{
    bool *there = session_applied(s);
    bool *added = ARENA_ARRAY(s->a, bool, s->graph.n);
    for (size_t i = 0; i < s->graph.n; i++) {
        added[i] = in[i] && !there[i];
    }
    print_beginning(s, "stamp", there, added);
    (void)fputs("\nSTART TRANSACTION;\n", s->out);
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        if (added[i]) {
            (void)fprintf(s->out,
                          "INSERT INTO quire_migrations (revision, name, checksum, state, total, started_at,"
                          " applied_at)\n  VALUES ('%.*s', '%.*s', '%.*s', 'applied', %zu, UTC_TIMESTAMP(6),"
                          " UTC_TIMESTAMP(6));\n",
                          STR_ARGS(m->revision), STR_ARGS(m->name), STR_ARGS(m->checksum), m->up.n);
        } else if (there[i] && !in[i]) {
            (void)fprintf(s->out, "DELETE FROM quire_migrations WHERE revision = '%.*s';\n",
                          STR_ARGS(m->revision));
        }
    }
    (void)fputs("COMMIT;\n", s->out);
    print_end(s);
}
