#include <stdlib.h>

#include "base/json_out.h"
#include "base/text.h"
#include "engine/query_part.h"
#include "engine/validate.h"

static const struct place query_root = {.name = STR_INIT("query")};

const struct pair *query_sent(const struct query_reading *r, str name)
{
    return url_find(r->query->pairs, r->query->count, name);
}

void query_refuse(const struct query_reading *r, str parameter, str value, const struct query_names *allowed)
{
    struct place at = {.within = &query_root, .name = parameter};
    struct buf names;
    struct buf ctx;
    buf_init(&names, r->arena, 128, 4096);
    for (size_t i = 0; i < allowed->n; i++) {
        const char *before = i == 0 ? "" : i + 1 == allowed->n ? " or " : ", ";
        buf_printf(&names, "%s'%s'", before, allowed->list[i]);
    }
    buf_init(&ctx, r->arena, 128, 8192);
    buf_lit(&ctx, "{\"expected\":");
    json_put_str(&ctx, buf_view(&names));
    buf_char(&ctx, '}');
    problem_add(r->problems, &at, "literal_error", input_text(value), str_c(r->arena, buf_view(&ctx)),
                "Input should be %.*s", STR_ARGS(buf_view(&names)));
}

bool query_next_name(str list, size_t *at, str *name)
{
    if (*at > list.n) {
        return false;
    }
    size_t end = str_find(list, ',', *at);
    *name = str_slice(list, *at, end);
    *at = end + 1;
    return true;
}

bool query_few_names(const struct query_reading *r, str parameter, str list, size_t most)
{
    struct place at = {.within = &query_root, .name = parameter};
    size_t n = 0;
    str name;
    for (size_t i = 0; query_next_name(list, &i, &name);) {
        n++;
    }
    if (n > most) {
        problem_count(r->problems, &at, input_text(list), true, (int64_t)most, n);
    }
    return n <= most;
}

/* Reads an optional parameter of the field's type and name; false when it is absent or wrong. */
static bool read_param(const struct query_reading *r, const struct field *f, str name, struct value *out)
{
    const struct pair *pair = query_sent(r, name);
    if (pair == NULL) {
        return false;
    }
    struct place at = {.within = &query_root, .name = name};
    return validate_text(r->problems, r->arena, f, &at, pair->value, out);
}

const struct field query_limit = INT("limit", .bounded = true, .min = 1, .max = QUERY_LIMIT_MAX);
const struct field query_skip = INT("skip", .bounded = true, .min = 0, .max = INT64_MAX);

static void read_page(const struct query_reading *r)
{
    struct field count_field = query_limit;
    struct value v = value_int(QUERY_LIMIT_DEFAULT);
    /* a negative number is refused as a number of rows, nought as a page: the contract has a sentence for
     * each */
    count_field.min = 0;
    if (read_param(r, &count_field, STR("limit"), &v) && v.i == 0) {
        (void)read_param(r, &query_limit, STR("limit"), &v);
    }
    r->plan->limit = v.i;
    v = value_int(0);
    (void)read_param(r, &query_skip, STR("skip"), &v);
    r->plan->offset = v.i;
}

static void read_search(const struct query_reading *r)
{
    const struct pair *pair = query_sent(r, STR("search"));
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

void query_sort_names(const struct resource *r, struct query_names *names)
{
    names->n = 0;
    for (size_t i = 0; i < r->field_count; i++) {
        if ((r->fields[i].flags & SORT) != 0) {
            names->list[names->n++] = r->fields[i].name;
            if (r->fields[i].alias != NULL) {
                names->list[names->n++] = r->fields[i].alias;
            }
        }
    }
}

static void refuse_sort(const struct query_reading *r, str value)
{
    struct query_names names;
    query_sort_names(r->plan->resource, &names);
    query_refuse(r, STR("sort_by"), value, &names);
}

/* Reads "-votes,title" into the plan; false for a name that is not sortable and for too many. Of a name that comes
 * twice the first decides. */
static bool read_order(struct plan *p, str text)
{
    str name = {0};
    size_t at = 0;
    for (size_t n = 0; query_next_name(text, &at, &name); n++) {
        bool descending = str_starts(name, STR("-"));
        const struct field *f = sortable(p->resource, str_slice(name, descending ? 1 : 0, name.n));
        if (f == NULL || n == QUERY_SORT_MAX) {
            return false;
        }
        if (!plan_is_ordered_by(p, f)) {
            plan_order(p, f, descending);
        }
    }
    return true;
}

/* What was asked for; else, of a full-text search, the best match first; else what the list has by default. */
static void read_sort(const struct query_reading *r)
{
    const struct pair *pair = query_sent(r, STR("sort_by"));
    const char *by_default = r->query->by_default;
    if (pair != NULL) {
        if (!query_few_names(r, STR("sort_by"), pair->value, QUERY_SORT_MAX)) {
            return;
        }
        if (!read_order(r->plan, pair->value)) {
            refuse_sort(r, pair->value);
            return;
        }
    } else if (r->plan->match.key != NULL) {
        plan_order(r->plan, NULL, true);
    } else if (by_default != NULL && !read_order(r->plan, str_of(by_default))) {
        abort(); /* http/route has checked it */
    }
    plan_order_by_key(r->plan);
}

bool query_can_sort(const struct resource *r, const char *by)
{
    struct plan p;
    plan_start(&p, r);
    return read_order(&p, str_of(by));
}

/* Whether a parameter is called name with suffix behind it; *full is then that name. */
static bool name_sent(const struct query_reading *r, str name, str suffix, str *full)
{
    for (size_t i = 0; i < r->query->count; i++) {
        str given = r->query->pairs[i].name;
        if (given.n == name.n + suffix.n && str_starts(given, name) &&
            str_eq(str_slice(given, name.n, given.n), suffix)) {
            *full = given;
            return true;
        }
    }
    return false;
}

const struct query_range query_ranges[QUERY_RANGES] = {{STR_INIT("_gte"), OP_GE, "at least"},
                                                       {STR_INIT("_gt"), OP_GT, "more than"},
                                                       {STR_INIT("_lte"), OP_LE, "at most"},
                                                       {STR_INIT("_lt"), OP_LT, "less than"}};

struct field query_filter(const struct field *f)
{
    struct field loose = f->type == FIELD_MANY ? f->to->fields[f->of] : *f;
    if (field_kind(&loose) == VALUE_TEXT) {
        loose.min = 0; /* too short to be stored is not wrong to ask for */
    }
    return loose;
}

static void read_filter(const struct query_reading *r, const struct field *f)
{
    str name = str_of(f->name);
    struct value v;
    struct field loose = query_filter(f);
    if (read_param(r, &loose, name, &v)) {
        where_add(&r->plan->where, f, OP_EQ, v);
    }
    for (size_t i = 0; field_is_ordered(f) && i < QUERY_RANGES; i++) {
        str with_suffix = {0};
        if (name_sent(r, name, query_ranges[i].suffix, &with_suffix) && read_param(r, f, with_suffix, &v)) {
            where_add(&r->plan->where, f, query_ranges[i].op, v);
        }
    }
}

/* The rows that have this text behind a relation: tag=fiction. */
static void read_related(const struct query_reading *r, const struct field *many)
{
    bool folded;
    struct value v;
    const struct field *of = &many->to->fields[many->of];
    struct field loose = query_filter(many);
    const struct resource *link = many->via;
    if (!read_param(r, &loose, str_of(many->alias), &v)) {
        return;
    }
    struct relation by = {link, &link->fields[many->key], &link->fields[many->far_key],
                          resource_compared(many->to, of, &folded)};
    if (folded) {
        str text = text_fold(r->arena, v.text);
        v = value_bytes(text.p, text.n);
    }
    where_related(&r->plan->where, 0, field_target(by.near), &by, v);
}

static void read_filters(const struct query_reading *r)
{
    for (size_t i = 0; i < r->plan->resource->field_count; i++) {
        const struct field *f = &r->plan->resource->fields[i];
        if ((f->flags & FILTER) == 0) {
            continue;
        }
        if (f->type == FIELD_MANY) {
            read_related(r, f);
        } else {
            read_filter(r, f);
        }
    }
}

static void read_match(const struct query_reading *r)
{
    const struct pair *pair = query_sent(r, STR("q"));
    const struct key *key = resource_key_of_kind(r->plan->resource, KEY_FULLTEXT);
    if (pair != NULL && pair->value.n > 0 && key != NULL) {
        r->plan->match = (struct match){key, match_words(r->arena, pair->value)};
    }
}

static void read_count(const struct query_reading *r)
{
    const struct pair *pair = query_sent(r, STR("count"));
    r->plan->count = pair != NULL;
    if (pair != NULL && !str_eq(pair->value, STR("exact"))) {
        query_refuse(r, STR("count"), pair->value, &(struct query_names){{"exact"}, 1});
    }
}

static bool is_filter(const struct field *f, str name)
{
    str own = str_of(f->type == FIELD_MANY ? f->alias : f->name);
    bool yes = str_eq(name, own);
    for (size_t i = 0; field_is_ordered(f) && str_starts(name, own) && i < QUERY_RANGES; i++) {
        yes = yes || str_eq(str_slice(name, own.n, name.n), query_ranges[i].suffix);
    }
    return yes && (f->flags & FILTER) != 0;
}

bool query_is_choosy(const struct resource *r, str name)
{
    static const char *const names[] = {"sort_by", "search", "q", "fields", "include"};
    bool yes = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        yes = yes || str_eq(name, str_of(names[i]));
    }
    for (size_t i = 0; i < r->field_count; i++) {
        yes = yes || is_filter(&r->fields[i], name);
    }
    return yes;
}

err query_read(struct problems *problems, struct arena *a, const struct query *q, const struct resource *r,
               struct plan *p)
{
    struct query_reading reading = {problems, a, q, p};
    plan_start(p, r);
    p->limit = QUERY_LIMIT_DEFAULT;
    p->peek = true;
    if (q->count == 0) {
        plan_show(p, q->shape);
        read_sort(&reading);
        plan_close(p);
        return NULL;
    }
    read_page(&reading);
    read_match(&reading);
    read_sort(&reading);
    read_search(&reading);
    read_filters(&reading);
    read_count(&reading);
    query_show(&reading);
    if (problems->count > 0) {
        return NULL; /* whoever sees to the problems refuses the request */
    }
    plan_close(p);
    const struct pair *cursor = query_sent(&reading, STR("cursor"));
    if (cursor != NULL && !cursor_read(a, cursor->value, &q->seal, p)) {
        return error_new(a, ERROR_BAD_CURSOR, "the cursor is none of this list in this order");
    }
    return NULL;
}
