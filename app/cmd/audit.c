#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/text.h"
#include "cmd/command.h"
#include "engine/load.h"
#include "engine/write.h"
#include "http/account.h"
#include "io/db.h"
#include "models/audit.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000000000, PART = 500, PRUNED_AT_ONCE = 1000 };

static const int64_t day = 86400 * 1000000LL;

enum column {
    COLUMN_ID,
    COLUMN_AT,
    COLUMN_EVENT,
    COLUMN_ACTOR,
    COLUMN_SUBJECT,
    COLUMN_ADDRESS,
    COLUMN_DETAIL,
    COLUMNS
};

static const unsigned char fields[] = {AUDIT_ID,         AUDIT_CREATED_AT, AUDIT_EVENT, AUDIT_ACTOR_ID,
                                       AUDIT_SUBJECT_ID, AUDIT_ADDRESS,    AUDIT_DETAIL};
static const struct shape shape = SHAPE("AuditLine", &audit_resource, fields);

/* What was asked for on the command line. */
struct wish {
    bool prune, json;
    const char *user;
    const struct choice *event; /* NULL: all */
    uint64_t limit;
    bool since_given, before_given;
    int64_t since, before;
};

/* -- showing -- */

static const char *event_name(int64_t stored)
{
    const struct choice *c = audit_events;
    while (c->name != NULL && c->stored != stored) {
        c++;
    }
    return c->name == NULL ? "?" : c->name;
}

static void put_time(struct buf *b, int64_t micros)
{
    clock_put_time(b, micros - micros % 1000000);
}

static void put_cell(struct buf *b, const struct value *v, const char *without)
{
    if (v->kind == VALUE_NULL) {
        buf_c(b, without);
    } else if (v->kind == VALUE_INT) {
        buf_int(b, v->i);
    } else {
        buf_str(b, v->text);
    }
}

static void put_plain(struct buf *b, const struct value *row)
{
    buf_printf(b, "%8" PRId64 "  ", row[COLUMN_ID].i);
    put_time(b, row[COLUMN_AT].i);
    buf_printf(b, "  %-16s  actor ", event_name(row[COLUMN_EVENT].i));
    put_cell(b, &row[COLUMN_ACTOR], "-");
    buf_lit(b, "  subject ");
    put_cell(b, &row[COLUMN_SUBJECT], "-");
    buf_lit(b, "  from ");
    put_cell(b, &row[COLUMN_ADDRESS], "-");
    buf_lit(b, "  ");
    if (row[COLUMN_DETAIL].kind != VALUE_NULL) {
        buf_str(b, text_printable(b->arena, row[COLUMN_DETAIL].text));
    }
}

/* The members of GET /audit, with the detail as the object that it is. */
static void put_json(struct buf *b, const struct value *row)
{
    buf_printf(b, "{\"id\":%" PRId64 ",\"event\":\"%s\",\"actor_id\":", row[COLUMN_ID].i,
               event_name(row[COLUMN_EVENT].i));
    put_cell(b, &row[COLUMN_ACTOR], "null");
    buf_lit(b, ",\"subject_id\":");
    put_cell(b, &row[COLUMN_SUBJECT], "null");
    buf_lit(b, ",\"address\":");
    if (row[COLUMN_ADDRESS].kind == VALUE_NULL) {
        buf_lit(b, "null");
    } else {
        json_put_str(b, row[COLUMN_ADDRESS].text);
    }
    buf_lit(b, ",\"detail\":");
    put_cell(b, &row[COLUMN_DETAIL], "null");
    buf_lit(b, ",\"created_at\":\"");
    clock_put_time(b, row[COLUMN_AT].i);
    buf_lit(b, "\"}");
}

/* A user by number, whether there still is one or not, or by username or e-mail address. */
static err find_user(struct db *db, struct arena *a, const char *text, int64_t *id)
{
    uint64_t number = 0;
    str name = {0};
    if (str_to_uint(str_of(text), &number) && number <= INT64_MAX) {
        *id = (int64_t)number;
        return NULL;
    }
    return account_find(db, a, strchr(text, '@') != NULL, str_of(text), id, &name);
}

static void conditions(struct where *w, const struct wish *wish, int64_t user, int64_t last)
{
    const struct field *f = audit_resource.fields;
    if (last != 0) {
        where_add(w, &f[AUDIT_ID], OP_LT, value_int(last));
    }
    if (wish->event != NULL) {
        where_add(w, &f[AUDIT_EVENT], OP_EQ, value_int(wish->event->stored));
    }
    if (wish->user != NULL) {
        where_either(w, 1, &f[AUDIT_ACTOR_ID], OP_EQ, value_int(user));
        where_either(w, 1, &f[AUDIT_SUBJECT_ID], OP_EQ, value_int(user));
    }
    if (wish->since_given) {
        where_add(w, &f[AUDIT_CREATED_AT], OP_GE, value_time(wish->since));
    }
}

/* The newest first, some hundred at a time. */
static err list(struct db *db, struct arena *a, const struct settings *s, const void *with)
{
    (void)s;
    const struct wish *wish = with;
    int64_t last = 0;
    int64_t user = 0;
    TRY(wish->user == NULL ? NULL : find_user(db, a, wish->user, &user));
    for (uint64_t left = wish->limit, n = PART; n == PART && left > 0; left -= n) {
        struct arena_mark mark = arena_mark(a);
        struct plan p;
        struct rows rows;
        struct buf b;
        plan_init(&p, &audit_resource, &shape);
        conditions(&p.where, wish, user, last);
        plan_order(&p, &audit_resource.fields[AUDIT_ID], true);
        p.limit = (int64_t)(left < PART ? left : PART);
        TRY(load_rows(db, a, &p, &rows));
        buf_init(&b, a, 4096, SIZE_MAX / 4);
        for (size_t i = 0; i < rows.n; i++) {
            (wish->json ? put_json : put_plain)(&b, rows.cells + i * rows.columns);
            buf_char(&b, '\n');
        }
        (void)fwrite(b.p, 1, b.n, stdout);
        n = rows.n;
        last = n == 0 ? last : rows.cells[(n - 1) * rows.columns + COLUMN_ID].i;
        arena_rewind(a, mark);
    }
    return fflush(stdout) == 0 && ferror(stdout) == 0
               ? NULL
               : error_cause(a, ERROR_INTERNAL, "cannot write to standard output");
}

/* -- pruning -- */

static err prune(struct db *db, struct arena *a, const struct settings *s, const void *with)
{
    const struct wish *wish = with;
    struct value before =
        value_time(wish->before_given ? wish->before : clock_now() - s->audit_keep_days * day);
    uint64_t dropped = 0;
    uint64_t n = PRUNED_AT_ONCE;
    if (!wish->before_given && s->audit_keep_days == 0) {
        (void)puts("AUDIT_KEEP_DAYS is 0: nothing is dropped");
        return NULL;
    }
    while (n == PRUNED_AT_ONCE) {
        TRY(write_statement(db, a, &audit_purge, &before, &n));
        dropped += n;
    }
    (void)printf("dropped %" PRIu64 " events\n", dropped);
    return NULL;
}

/* -- arguments -- */

static const struct choice *find_event(const char *name)
{
    const struct choice *c = audit_events;
    while (c->name != NULL && strcmp(c->name, name) != 0) {
        c++;
    }
    return c->name == NULL ? NULL : c;
}

/* One option with its value; false when there is something wrong with it. */
static bool read_option(struct wish *w, const char *option, const char *value)
{
    if (strcmp(option, "--before") == 0 && w->prune) {
        return w->before_given = clock_parse_time(str_of(value), &w->before);
    }
    if (w->prune) {
        return false;
    }
    if (strcmp(option, "--event") == 0) {
        return (w->event = find_event(value)) != NULL;
    }
    if (strcmp(option, "--user") == 0) {
        w->user = value;
        return true;
    }
    if (strcmp(option, "--since") == 0) {
        return w->since_given = clock_parse_time(str_of(value), &w->since);
    }
    return strcmp(option, "--limit") == 0 && str_to_uint(str_of(value), &w->limit) && w->limit > 0 &&
           w->limit <= LIMIT_MAX;
}

static int read_arguments(struct wish *w, int argc, char *const *argv)
{
    int i = 1;
    if (argc > 1 && strcmp(argv[1], "prune") == 0) {
        w->prune = true;
        i++;
    }
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0 && !w->prune) {
            w->json = true;
        } else if (i + 1 == argc || !read_option(w, argv[i], argv[i + 1])) {
            return command_misused("audit", "audit%s does not know `%s`, or not its value",
                                   w->prune ? " prune" : "", argv[i]);
        } else {
            i++;
        }
    }
    return EXIT_DONE;
}

int command_audit(int argc, char *const *argv)
{
    struct wish w = {.limit = LIMIT_DEFAULT};
    int status = read_arguments(&w, argc, argv);
    return status == EXIT_DONE ? command_on_database(w.prune ? prune : list, &w) : status;
}
