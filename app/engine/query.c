#include "engine/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "engine/validate.h"

static const struct place query_root = {.name = STR_INIT("query")};

/* What is read and what it is read from. */
struct reading {
    struct problems *problems;
    struct arena *arena;
    const struct pair *pairs;
    size_t count;
    struct plan *plan;
};

/* Reads an optional parameter of the field's type and name; false when it is absent or wrong. */
static bool read_param(const struct reading *r, const struct field *f, str name, struct value *out)
{
    const struct pair *pair = url_find(r->pairs, r->count, name);
    if (pair == NULL) {
        return false;
    }
    struct place at = {.within = &query_root, .name = name};
    return validate_text(r->problems, r->arena, f, &at, pair->value, out);
}

static void read_page(const struct reading *r)
{
    static const struct field count_field = INT("limit", .bounded = true, .min = 0, .max = QUERY_LIMIT_MAX);
    static const struct field page_field = INT("limit", .bounded = true, .min = 1, .max = QUERY_LIMIT_MAX);
    static const struct field skip_field = INT("skip", .bounded = true, .min = 0, .max = INT64_MAX);
    struct value v = value_int(QUERY_LIMIT_DEFAULT);
    /* a negative number is refused as a number of rows, nought as a page: the contract has a sentence for
     * each */
    if (read_param(r, &count_field, STR("limit"), &v) && v.i == 0) {
        (void)read_param(r, &page_field, STR("limit"), &v);
    }
    r->plan->limit = v.i;
    v = value_int(0);
    (void)read_param(r, &skip_field, STR("skip"), &v);
    r->plan->offset = v.i;
}

static void read_search(const struct reading *r)
{
    const struct pair *pair = url_find(r->pairs, r->count, STR("search"));
    if (pair == NULL || pair->value.n == 0) {
        return;
    }
    for (size_t i = 0; i < r->plan->resource->field_count; i++) {
        const struct field *f = &r->plan->resource->fields[i];
        if ((f->flags & SEARCH) != 0) {
            where_add(&r->plan->where, f, OP_CONTAINS, value_text(pair->value));
            return;
        }
    }
}

static const struct field *sortable(const struct resource *r, str name)
{
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        bool named = str_eq(name, str_of(f->name)) || (f->alias != NULL && str_eq(name, str_of(f->alias)));
        if ((f->flags & SORT) != 0 && named) {
            return f;
        }
    }
    return NULL;
}

/* 'id', 'title' or 'date' */
static str sortable_names(struct arena *a, const struct resource *r)
{
    const char *names[2 * ROW_MAX_FIELDS];
    size_t n = 0;
    for (size_t i = 0; i < r->field_count; i++) {
        if ((r->fields[i].flags & SORT) != 0) {
            names[n++] = r->fields[i].name;
            if (r->fields[i].alias != NULL) {
                names[n++] = r->fields[i].alias;
            }
        }
    }
    struct buf b;
    buf_init(&b, a, 128, 4096);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s'%s'", i == 0 ? "" : i + 1 == n ? " or " : ", ", names[i]);
    }
    return buf_view(&b);
}

static void refuse_sort(const struct reading *r, str sent)
{
    struct place at = {.within = &query_root, .name = STR("sort_by")};
    str names = sortable_names(r->arena, r->plan->resource);
    struct buf ctx;
    buf_init(&ctx, r->arena, 128, 8192);
    buf_lit(&ctx, "{\"expected\":");
    json_put_str(&ctx, names);
    buf_char(&ctx, '}');
    problem_add(r->problems, &at, "literal_error", input_text(sent), str_c(r->arena, buf_view(&ctx)),
                "Input should be %.*s", STR_ARGS(names));
}

static bool sorted_by(const struct plan *p, const struct field *f)
{
    for (unsigned i = 0; i < p->order_count; i++) {
        if (p->order[i].field == f) {
            return true;
        }
    }
    return false;
}

/* Reads "-votes,title" into the plan; false for a name that is not sortable and for too many. Of a name that comes
 * twice the first decides. */
static bool read_order(struct plan *p, str text)
{
    for (size_t at = 0, n = 0; at <= text.n; n++) {
        size_t end = str_find(text, ',', at);
        str name = str_slice(text, at, end);
        bool descending = str_starts(name, STR("-"));
        const struct field *f = sortable(p->resource, str_slice(name, descending ? 1 : 0, name.n));
        if (f == NULL || n == QUERY_SORT_MAX) {
            return false;
        }
        if (!sorted_by(p, f)) {
            plan_order(p, f, descending);
        }
        at = end + 1;
    }
    return true;
}

static void read_sort(const struct reading *r, const char *by_default)
{
    const struct pair *pair = url_find(r->pairs, r->count, STR("sort_by"));
    if (pair != NULL) {
        if (!read_order(r->plan, pair->value)) {
            refuse_sort(r, pair->value);
            return;
        }
    } else if (by_default != NULL && !read_order(r->plan, str_of(by_default))) {
        abort(); /* http/route has checked it */
    }
    plan_order_by_key(r->plan);
}

bool query_can_sort(const struct resource *r, const char *by)
{
    struct plan p = {.resource = r};
    return read_order(&p, str_of(by));
}

/* Whether a parameter is called name with suffix behind it; *full is then that name. */
static bool name_sent(const struct reading *r, str name, str suffix, str *full)
{
    for (size_t i = 0; i < r->count; i++) {
        str sent = r->pairs[i].name;
        if (sent.n == name.n + suffix.n && str_starts(sent, name) &&
            str_eq(str_slice(sent, name.n, sent.n), suffix)) {
            *full = sent;
            return true;
        }
    }
    return false;
}

static void read_filter(const struct reading *r, const struct field *f)
{
    static const struct {
        str suffix;
        enum op op;
    } ranges[] = {{STR_INIT("_gte"), OP_GE},
                  {STR_INIT("_gt"), OP_GT},
                  {STR_INIT("_lte"), OP_LE},
                  {STR_INIT("_lt"), OP_LT}};
    str name = str_of(f->name);
    struct value v;
    struct field loose = *f;
    if (field_kind(f) == VALUE_TEXT) {
        loose.min = 0; /* too short to be stored is not wrong to ask for */
    }
    if (read_param(r, &loose, name, &v)) {
        where_add(&r->plan->where, f, OP_EQ, v);
    }
    for (size_t i = 0; field_is_ordered(f) && i < sizeof ranges / sizeof ranges[0]; i++) {
        str with_suffix = {0};
        if (name_sent(r, name, ranges[i].suffix, &with_suffix) && read_param(r, f, with_suffix, &v)) {
            where_add(&r->plan->where, f, ranges[i].op, v);
        }
    }
}

void query_read(struct problems *problems, struct arena *a, const struct pair *pairs, size_t count,
                const char *by_default, struct plan *p)
{
    struct reading r = {problems, a, pairs, count, p};
    p->limit = QUERY_LIMIT_DEFAULT;
    if (count == 0) {
        read_sort(&r, by_default);
        return;
    }
    read_page(&r);
    read_sort(&r, by_default);
    read_search(&r);
    for (size_t i = 0; i < p->resource->field_count; i++) {
        if ((p->resource->fields[i].flags & FILTER) != 0) {
            read_filter(&r, &p->resource->fields[i]);
        }
    }
}
