#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "cmd/command.h"
#include "cmd/user.h"
#include "engine/load.h"
#include "http/account.h"
#include "models/role.h"
#include "models/user.h"

/* Users are read so many at a time, each part behind the last id of the one before; all of them twice, for how wide the
 * columns are is known only at the end. */
enum { PART = 100, LIMIT_MAX = 1000000000 };

enum column {
    COLUMN_ID,
    COLUMN_USERNAME,
    COLUMN_EMAIL,
    COLUMN_ACTIVE,
    COLUMN_ROLES,
    COLUMN_CREATED,
    COLUMNS
};

/* What was asked for on the command line. */
struct wish {
    const char *role;
    uint64_t limit;
};

static const unsigned char fields[] = {USER_ID,        USER_USERNAME,   USER_EMAIL,
                                       USER_IS_ACTIVE, USER_CREATED_AT, USER_ROLES};
static const struct shape shape = SHAPE("UserLine", &user_resource, fields);

struct table {
    struct arena *a;
    size_t widths[COLUMNS]; /* in code points */
    bool measured;          /* the second time: print */
};

static void put_line(const struct table *t, const str *cells)
{
    for (int i = 0; i < COLUMNS; i++) {
        size_t pad = t->widths[i] - text_length(cells[i]);
        (void)fwrite(cells[i].p, 1, cells[i].n, stdout);
        (void)printf("%*s", i + 1 == COLUMNS ? 0 : (int)pad + 2, "");
    }
    (void)putchar('\n');
}

/* The names of the roles of one user: the rows of one parent stand together. */
static str roles_of(struct arena *a, const struct plan *grants, const struct rows *many, int64_t id)
{
    unsigned name = 0;
    struct buf b;
    buf_init(&b, a, 64, 1 << 16);
    while (grants->columns[name].field != &role_resource.fields[ROLE_NAME]) {
        name++;
    }
    for (size_t i = 0; i < many->n; i++) {
        const struct value *cells = many->cells + i * many->columns;
        if (cells[0].i == id) {
            buf_c(&b, b.n == 0 ? "" : ", ");
            buf_str(&b, text_printable(a, cells[1 + name].text));
        }
    }
    return b.n == 0 ? STR("-") : buf_view(&b);
}

static str time_text(struct arena *a, int64_t micros)
{
    struct buf b;
    buf_init(&b, a, 40, 40);
    clock_put_time(&b, micros - micros % 1000000);
    return buf_view(&b);
}

static void put_page(struct table *t, const struct page *page, bool first)
{
    static const str titles[COLUMNS] = {STR_INIT("id"),     STR_INIT("username"), STR_INIT("email"),
                                        STR_INIT("active"), STR_INIT("roles"),    STR_INIT("created")};
    struct plan grants;
    str(*lines)[COLUMNS] = arena_alloc(t->a, sizeof *lines * (page->rows.n + 1));
    plan_init(&grants, &user_role_resource, &user_role_grant);
    memcpy(lines[0], titles, sizeof titles);
    for (size_t i = 0; i < page->rows.n; i++) {
        const struct value *user = page->rows.cells + i * page->rows.columns;
        str *line = lines[i + 1];
        line[COLUMN_ID] = str_format(t->a, "%" PRId64, user[0].i);
        line[COLUMN_USERNAME] = text_printable(t->a, user[1].text);
        line[COLUMN_EMAIL] = text_printable(t->a, user[2].text);
        line[COLUMN_ACTIVE] = user[3].i != 0 ? STR("yes") : STR("no");
        line[COLUMN_CREATED] = time_text(t->a, user[4].i);
        line[COLUMN_ROLES] = roles_of(t->a, &grants, &page->many[0], user[0].i);
    }
    for (size_t i = 0; i <= page->rows.n; i++) {
        for (int c = 0; c < COLUMNS; c++) {
            size_t width = text_length(lines[i][c]);
            t->widths[c] = width > t->widths[c] ? width : t->widths[c];
        }
    }
    for (size_t i = first ? 0 : 1; t->measured && i <= page->rows.n; i++) {
        put_line(t, lines[i]);
    }
}

static err walk(struct table *t, struct db *db, const struct wish *w, int64_t role_id)
{
    const struct field *grant = user_role_resource.fields;
    const struct relation held = {&user_role_resource, &grant[USER_ROLE_USER_ID], &grant[USER_ROLE_ROLE_ID],
                                  NULL};
    int64_t last = 0;
    for (uint64_t left = w->limit, n = PART; n == PART && left > 0; left -= n) {
        struct arena_mark mark = arena_mark(t->a);
        struct plan p;
        struct page page;
        plan_init(&p, &user_resource, &shape);
        where_add(&p.where, &user_resource.fields[USER_ID], OP_GT, value_int(last));
        if (w->role != NULL) {
            where_related(&p.where, 0, &user_resource.fields[USER_ID], &held, value_int(role_id));
        }
        plan_order(&p, &user_resource.fields[USER_ID], false);
        p.limit = (int64_t)(left < PART ? left : PART);
        TRY(load_page(db, t->a, &p, &page));
        put_page(t, &page, last == 0);
        n = page.rows.n;
        last = n == 0 ? last : page.rows.cells[(n - 1) * page.rows.columns].i;
        arena_rewind(t->a, mark);
    }
    return NULL;
}

static int read_arguments(struct wish *w, int argc, char *const *argv)
{
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--role") == 0 && i + 1 < argc) {
            w->role = argv[++i];
        } else if (strcmp(argv[i], "--limit") == 0 && i + 1 < argc) {
            if (!str_to_uint(str_of(argv[++i]), &w->limit) || w->limit == 0 || w->limit > LIMIT_MAX) {
                return command_misused("user", "--limit must be a number from 1 to %d, not `%s`", LIMIT_MAX,
                                       argv[i]);
            }
        } else {
            return command_misused("user", "user list does not know `%s`, or it lacks its value", argv[i]);
        }
    }
    return EXIT_DONE;
}

static err list(struct db *db, struct arena *a, const struct settings *s, const void *with)
{
    (void)s;
    const struct wish *w = with;
    int64_t role_id = 0;
    if (w->role != NULL) {
        if (!text_is_utf8(str_of(w->role))) {
            return error_new(a, ERROR_NOT_FOUND, "what is no UTF-8 is no role");
        }
        err e = account_find_role(db, a, str_of(w->role), &role_id);
        if (e != NULL && e->code != ERROR_CONFLICT) {
            return e;
        }
        if (role_id == 0) {
            return error_new(a, ERROR_NOT_FOUND, "there is no role called %s", w->role);
        }
    }
    struct table t = {.a = a};
    TRY(walk(&t, db, w, role_id));
    t.measured = true;
    TRY(walk(&t, db, w, role_id));
    return fflush(stdout) == 0 && ferror(stdout) == 0
               ? NULL
               : error_cause(a, ERROR_INTERNAL, "cannot write to standard output");
}

int user_list(int argc, char *const *argv)
{
    struct wish w = {.limit = LIMIT_MAX};
    int status = read_arguments(&w, argc, argv);
    return status == EXIT_DONE ? command_on_database(list, &w) : status;
}
