#include "base/arena.h"
#include "base/buf.h"
#include "engine/openapi.h"
#include "engine/query.h"

/* Opens a parameter of the query; the caller writes its schema and closes it. */
static void open_parameter(struct openapi *o, str name, str description)
{
    doc_object(&o->doc, NULL);
    doc_str(&o->doc, "name", name);
    doc_c(&o->doc, "in", "query");
    doc_str(&o->doc, "description", description);
}

/* Comma-separated names. */
static void put_names(struct openapi *o, const char *name, str description, const struct query_names *names,
                      bool signs, int most)
{
    struct doc *d = &o->doc;
    open_parameter(o, str_of(name), description);
    doc_c(d, "style", "form");
    doc_bool(d, "explode", false);
    doc_object(d, "schema");
    doc_c(d, "type", "array");
    doc_int(d, "minItems", 1);
    doc_int(d, "maxItems", most);
    doc_object(d, "items");
    doc_c(d, "type", "string");
    doc_list(d, "enum");
    for (size_t i = 0; i < names->n; i++) {
        doc_c(d, NULL, names->list[i]);
        if (signs) {
            doc_format(d, NULL, "-%s", names->list[i]);
        }
    }
    doc_end(d);
    doc_end(d);
    doc_end(d);
    doc_end(d);
}

static void put_filter(struct openapi *o, str name, str description, const struct field *how)
{
    open_parameter(o, name, description);
    openapi_put_field(o, "schema", how, OPENAPI_QUERY);
    doc_end(&o->doc);
}

static void put_filters(struct openapi *o, const struct field *f)
{
    struct field how = query_filter(f);
    how.initial = (struct initial){.kind = INITIAL_NONE};
    how.example = NULL;
    if (f->type == FIELD_MANY) {
        put_filter(o, str_of(f->alias),
                   str_format(o->arena, "only rows whose %s include this %s", f->name, how.name), &how);
        return;
    }
    put_filter(o, str_of(f->name), str_format(o->arena, "only rows whose %s is this", f->name), &how);
    for (size_t i = 0; field_is_ordered(f) && i < QUERY_RANGES; i++) {
        const struct query_range *range = &query_ranges[i];
        put_filter(o, str_format(o->arena, "%s%.*s", f->name, STR_ARGS(range->suffix)),
                   str_format(o->arena, "only rows whose %s is %s this", f->name, range->words), &how);
    }
}

static void put_text_parameter(struct openapi *o, const char *name, str description)
{
    open_parameter(o, str_of(name), description);
    doc_object(&o->doc, "schema");
    doc_c(&o->doc, "type", "string");
    doc_end(&o->doc);
    doc_end(&o->doc);
}

static void put_searches(struct openapi *o, const struct resource *r)
{
    const struct key *fulltext = resource_key_of_kind(r, KEY_FULLTEXT);
    for (size_t i = 0; i < r->field_count; i++) {
        if ((r->fields[i].flags & SEARCH) != 0) {
            put_text_parameter(o, "search",
                               str_format(o->arena,
                                          "only rows whose %s contains this, ignoring case and accents",
                                          r->fields[i].name));
        }
    }
    if (fulltext != NULL) {
        struct buf b;
        buf_init(&b, o->arena, 128, 1024);
        buf_lit(&b, "full-text search, the best match first; in ");
        for (unsigned i = 0; i < fulltext->count; i++) {
            buf_printf(&b, "%s%s", i == 0 ? "" : ", ", r->fields[fulltext->fields[i]].name);
        }
        put_text_parameter(o, "q", buf_view(&b));
    }
}

static void refer(struct openapi *o, const char *name)
{
    doc_object(&o->doc, NULL);
    doc_format(&o->doc, "$ref", "#/components/parameters/%s", name);
    doc_end(&o->doc);
}

void openapi_put_list_parameters(struct openapi *o, const struct resource *r)
{
    struct query_names names;
    refer(o, "limit");
    refer(o, "skip");
    refer(o, "cursor");
    refer(o, "count");
    query_sort_names(r, &names);
    if (names.n > 0) {
        put_names(o, "sort_by",
                  STR("the order: fields, `-` before one for falling; the key decides between equals"),
                  &names, true, QUERY_SORT_MAX);
    }
    for (size_t i = 0; i < r->field_count; i++) {
        if ((r->fields[i].flags & FILTER) != 0) {
            put_filters(o, &r->fields[i]);
        }
    }
    put_searches(o, r);
}

void openapi_put_view_parameters(struct openapi *o, const struct shape *shape, bool relations)
{
    struct query_names names = {.n = 0};
    struct query_names related = {.n = 0};
    query_member_names(shape, &names);
    if (relations) {
        query_relation_names(shape->resource, &related);
    }
    for (size_t i = 0; i < related.n; i++) {
        bool shown = false;
        for (size_t j = 0; j < names.n; j++) {
            shown = shown || str_eq(str_of(names.list[j]), str_of(related.list[i]));
        }
        if (!shown) {
            names.list[names.n++] = related.list[i];
        }
    }
    str doc = related.n > 0
                  ? STR("show these members only; one that is embedded on request needs `include` as well")
                  : STR("show these members only");
    put_names(o, "fields", doc, &names, false, PLAN_MAX_ONLY);
    if (related.n > 0) {
        put_names(o, "include", STR("relations to embed"), &related, false, PLAN_MAX_ONLY);
    }
}

void openapi_put_form_parameters(struct openapi *o, const struct resource *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = &form->fields[i];
        open_parameter(o, str_of(f->name), str_of(f->doc != NULL ? f->doc : form->doc));
        if ((f->flags & REQUIRED) != 0) {
            doc_bool(&o->doc, "required", true);
        }
        openapi_put_field(o, "schema", f, OPENAPI_QUERY);
        doc_end(&o->doc);
    }
}

/* A shared parameter, to which lists refer by its name; the caller writes its schema and closes it. */
static void open_shared(struct openapi *o, const char *name, const char *description)
{
    doc_object(&o->doc, name);
    doc_c(&o->doc, "name", name);
    doc_c(&o->doc, "in", "query");
    doc_c(&o->doc, "description", description);
}

void openapi_put_shared_parameters(struct openapi *o)
{
    struct doc *d = &o->doc;
    struct field limit = query_limit;
    struct field skip = query_skip;
    limit.initial = (struct initial){INITIAL_INT, QUERY_LIMIT_DEFAULT, NULL};
    skip.initial = (struct initial){INITIAL_INT, 0, NULL};
    open_shared(o, "limit", "how many rows at most");
    openapi_put_field(o, "schema", &limit, OPENAPI_QUERY);
    doc_end(d);
    open_shared(o, "skip",
                "how many rows to leave out at the beginning; a cursor is the better way to go far");
    openapi_put_field(o, "schema", &skip, OPENAPI_QUERY);
    doc_end(d);
    open_shared(o, "cursor", "a position in the list, as the Link header has it; not made by hand");
    doc_object(d, "schema");
    doc_c(d, "type", "string");
    doc_end(d);
    doc_end(d);
    open_shared(o, "count", "`exact` adds X-Total-Count: how many rows there are on all pages");
    doc_object(d, "schema");
    doc_c(d, "type", "string");
    doc_list(d, "enum");
    doc_c(d, NULL, "exact");
    doc_end(d);
    doc_end(d);
    doc_end(d);
}
