#include "controllers/export.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "engine/load.h"
#include "engine/render.h"
#include "io/db.h"
#include "models/all.h"
#include "models/user.h"

/* A statement reads at most PAGE_ROWS rows, and fewer where texts are long, so that none comes near STMT_MAX_BYTES. */
enum { PAGE_BLOCK = 256 << 10, PAGE_ROWS = 100, PAGE_BYTES = STMT_MAX_BYTES - (4 << 20), UTF8_MOST = 4 };

/* Of one export. Rows are read into an arena of their own, page by page: only the document grows. */
struct export
{
    struct call *call;
    struct arena page;
};

/* The reference that says whose a row is, or NULL: the first one to users. (A later one says who else had to do with
 * it, as who assigned a role.) */
static const struct field *owner_of(const struct resource *r)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].type == FIELD_REF && r->fields[i].to == &user_resource) {
            return &r->fields[i];
        }
    }
    return NULL;
}

/* What of a row is exported: columns that are neither secret nor internal, and rows of others that make it
 * understandable: what it refers to (users apart: that is its owner) and what is linked to it (the tags of a post). */
static bool is_exported(const struct field *f)
{
    if ((f->flags & (HIDDEN | WRITE_ONLY | SECRET)) != 0 || f->type == FIELD_BYTES || f->type == FIELD_FOLD) {
        return false;
    }
    if (f->type == FIELD_MANY) {
        return f->via != NULL;
    }
    if (f->type == FIELD_ONE) {
        return f->to != &user_resource && (f->flags & (FLAT | ON_REQUEST)) == 0;
    }
    return field_has_column(f);
}

static const struct shape *shape_of(struct arena *a, const struct resource *r)
{
    unsigned char *fields = arena_alloc(a, r->field_count);
    struct shape *shape = ARENA_NEW(a, struct shape);
    *shape = (struct shape){.name = r->name, .resource = r, .fields = fields};
    for (size_t i = 0; i < r->field_count; i++) {
        if (is_exported(&r->fields[i])) {
            fields[shape->count++] = (unsigned char)i;
        }
    }
    return shape;
}

static int64_t rows_at_once(const struct shape *shape)
{
    int64_t width = 1;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        int64_t one = f->item == NULL ? f->max : f->max * f->item->max;
        width += field_kind(f) == VALUE_TEXT && field_has_column(f) ? one * UTF8_MOST : 0;
    }
    int64_t rows = PAGE_BYTES / width;
    return rows > PAGE_ROWS ? PAGE_ROWS : rows > 0 ? rows : 1;
}

static err too_large(struct call *c)
{
    return error_new(
        c->arena, ERROR_ANSWER_TOO_LARGE,
        "the export is over %d MiB: read the lists of what is yours instead, such as /users/%lld/posts",
        REPLY_MAX_BYTES >> 20, (long long)c->actor.user_id);
}

/* Where the page ended: its last row's sort values, kept beyond the page. */
static void go_on(struct export *x, struct plan *p, const struct rows *rows)
{
    const struct value *last = rows->cells + (rows->n - 1) * rows->columns;
    p->seek.given = true;
    for (unsigned i = 0; i < p->order_count; i++) {
        struct value v = last[p->order[i].column];
        if (v.kind == VALUE_TEXT || v.kind == VALUE_BYTES) {
            v.text = str_copy(x->call->arena, v.text);
        }
        p->seek.values[i] = v;
    }
}

/* All rows of a resource whose `whose` is the value, separated by commas. */
static err put_rows(struct export *x, const struct resource *r, const struct field *whose, struct value value)
{
    struct call *c = x->call;
    struct buf *out = &c->reply->body;
    const struct shape *shape = shape_of(c->arena, r);
    bool first = true;
    struct page page;
    struct plan *p = ARENA_NEW(c->arena, struct plan);
    plan_init(p, r, shape);
    where_add(&p->where, whose, OP_EQ, value);
    plan_order_by_key(p);
    plan_close(p);
    p->limit = rows_at_once(shape);
    p->peek = true;
    do {
        arena_reset(&x->page);
        TRY(load_page(c->db, &x->page, p, &page));
        for (size_t i = 0; i < page.rows.n; i++) {
            buf_c(out, first ? "" : ",");
            first = false;
            render_row(out, p, &page, i);
        }
        if (out->full) {
            return too_large(c);
        }
        if (page.more) {
            go_on(x, p, &page.rows);
        }
    } while (page.more);
    return NULL;
}

static err put_everything(struct export *x)
{
    struct call *c = x->call;
    struct buf *out = &c->reply->body;
    const struct value id = value_int(c->actor.user_id);
    const struct value uid = value_bytes(c->actor.user_uid, sizeof c->actor.user_uid);
    buf_lit(out, "{\"exported_at\":");
    render_value(out, &user_resource.fields[USER_CREATED_AT], value_time(clock_now()));
    buf_lit(out, ",\"user\":");
    TRY(put_rows(x, &user_resource, &user_resource.fields[USER_ID], id));
    for (size_t i = 0; i < models.count; i++) {
        const struct resource *r = models.resources[i];
        const struct field *owner = owner_of(r);
        if (owner != NULL) {
            buf_printf(out, ",\"%s\":[", r->table);
            TRY(put_rows(x, r, owner, field_target(owner)->type == FIELD_UUID ? uid : id));
            buf_char(out, ']');
        }
    }
    buf_char(out, '}');
    return NULL;
}

static void end_page(void *page)
{
    arena_free(page);
}

/* All statements see the same moment. */
static err export_mine(struct call *c)
{
    struct export *x = ARENA_NEW(c->arena, struct export);
    x->call = c;
    arena_init(&x->page, PAGE_BLOCK);
    arena_defer(c->arena, end_page, &x->page);
    TRY(db_snapshot(c->db, c->arena));
    TRY(put_everything(x));
    reply_header_str(c->reply, "Content-Disposition", STR("attachment; filename=\"export.json\""));
    return NULL;
}

static const struct route_group users = {"users", NULL};

const struct route export_routes[] = {
    {METHOD_GET, "/users/me/export", export_mine, ACCESS_USER, .caching = CACHING_NEVER, .group = &users,
     .summary = "Take everything that is yours with you",
     .doc = "One JSON document: `exported_at`, `user` (your account), and for each kind of thing a list of "
            "all that are "
            "yours, drafts included, as it is at one moment: profile, roles, sessions, posts with their "
            "tags, votes, "
            "comments, microposts, books, reviews, threads and their histories. Secrets are not in it. Where "
            "all that "
            "would be over 48 MiB, read the lists page by page.",
     .operation = "exportMe", .fails = FAILS(ERROR_ANSWER_TOO_LARGE)},
    ROUTES_END,
};
