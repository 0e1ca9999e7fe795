#include <string.h>

#include "base/arena.h"
#include "engine/query_part.h"

static bool is_member(const struct shape *shape, str name)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        bool inside = (f->flags & FLAT) != 0 && field_is_one(f);
        if (inside ? is_member(f->show, name) : str_eq(name, str_of(f->name))) {
            return true;
        }
    }
    return false;
}

void query_member_names(const struct shape *shape, struct query_names *names)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if ((f->flags & FLAT) != 0 && field_is_one(f)) {
            query_member_names(f->show, names);
        } else if (names->n < sizeof names->list / sizeof *names->list) {
            names->list[names->n++] = f->name;
        }
    }
}

/* Reads the names of members into the plan; false for an unknown one. */
static bool read_only(struct plan *p, const struct shape *whole, str text)
{
    str name = {0};
    for (size_t at = 0; query_next_name(text, &at, &name);) {
        if (!is_member(whole, name) || p->only_count == PLAN_MAX_ONLY) {
            return false;
        }
        p->only[p->only_count++] = name;
    }
    return true;
}

void query_relation_names(const struct resource *r, struct query_names *names)
{
    names->n = 0;
    for (size_t i = 0; i < r->field_count; i++) {
        if ((r->fields[i].flags & ON_REQUEST) != 0) {
            names->list[names->n++] = r->fields[i].name;
        }
    }
}

/* The relation of that name that may be asked for, or -1. */
static int relation_named(const struct resource *r, str name)
{
    int i = resource_find(r, name);
    return i >= 0 && (r->fields[i].flags & ON_REQUEST) != 0 ? i : -1;
}

/* Adds the relations asked for to the members of a shape; asked[field] says which those are. */
static size_t read_include(const struct query_reading *r, unsigned char *members, size_t n, bool *asked)
{
    const struct query *q = r->query;
    const struct pair *pair = q->relations || q->unseen ? query_sent(r, STR("include")) : NULL;
    str name = {0};
    for (size_t at = 0; pair != NULL && query_next_name(pair->value, &at, &name);) {
        struct query_names allowed;
        int field = relation_named(r->plan->resource, name);
        query_relation_names(r->plan->resource, &allowed);
        if (allowed.n == 0) {
            return n; /* a resource without relations knows no such parameter */
        }
        if (field < 0) {
            query_refuse(r, STR("include"), pair->value, &allowed);
            return n;
        }
        if (q->unseen) {
            continue;
        }
        asked[field] = true;
        if (memchr(members, field, n) == NULL) {
            members[n++] = (unsigned char)field;
        }
    }
    return n;
}

/* Reads `fields`: names of members of what would be shown without it. */
static void read_fields(const struct query_reading *r, const struct shape *whole, str names)
{
    if (!query_few_names(r, STR("fields"), names, PLAN_MAX_ONLY)) {
        return;
    }
    if (!read_only(r->plan, whole, names)) {
        struct query_names allowed = {.n = 0};
        query_member_names(whole, &allowed);
        query_refuse(r, STR("fields"), names, &allowed);
        r->plan->only_count = 0;
    }
}

void query_show(const struct query_reading *r)
{
    const struct shape *usual = r->query->shape;
    const struct pair *fields = query_sent(r, STR("fields"));
    unsigned char members[SHAPE_MAX_FIELDS];
    bool asked[ROW_MAX_FIELDS] = {false};
    memcpy(members, usual->fields, usual->count);
    size_t n = read_include(r, members, usual->count, asked);
    if (fields == NULL && n == usual->count) {
        plan_show(r->plan, usual);
        return;
    }
    struct shape whole = *usual;
    whole.fields = members;
    whole.count = n;
    if (fields != NULL) {
        read_fields(r, &whole, fields->value);
    }
    struct shape *view = arena_alloc(r->arena, sizeof *view);
    unsigned char *kept = arena_alloc(r->arena, n);
    *view = whole;
    view->fields = kept;
    view->count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct field *f = &usual->resource->fields[members[i]];
        bool flat = (f->flags & FLAT) != 0 && field_is_one(f); /* fields names what is inside of it */
        /* what was asked for by include is shown, whatever fields says */
        if (asked[members[i]] || flat || plan_shows(r->plan, f)) {
            kept[view->count++] = members[i];
        }
    }
    plan_show(r->plan, view);
}

void query_read_view(struct problems *problems, struct arena *a, const struct query *q,
                     const struct resource *r, struct plan *p)
{
    struct query_reading reading = {problems, a, q, p};
    plan_start(p, r);
    if (q->count == 0) {
        plan_show(p, q->shape);
    } else {
        query_show(&reading);
    }
}
