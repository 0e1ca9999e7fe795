/*
 * query: the parameters of a list, read against the declared table into a plan: limit, skip, sort_by, search, q,
 * cursor, count, include, fields, and one filter for each FILTER field, with _gt, _gte, _lt, _lte where it is ordered.
 * Unknown parameters are ignored; of several with one name the last counts. Pure.
 *
 *     struct query q = {.pairs = pairs, .count = count, .shape = post_resource.shape, .relations = true};
 *     struct plan p;
 *     TRY(query_read(&problems, a, &q, &post_resource, &p));
 */
#ifndef QUIRE_ENGINE_QUERY_H
#define QUIRE_ENGINE_QUERY_H

#include "base/url.h"
#include "engine/cursor.h"
#include "engine/plan.h"
#include "engine/problem.h"

enum { QUERY_LIMIT_MAX = 100, QUERY_LIMIT_DEFAULT = 10, QUERY_SORT_MAX = 4, QUERY_PAIRS_MAX = 64 };

/* What was asked, and how it is to be read. */
struct query {
    const struct pair *pairs;
    size_t count;
    const struct shape *shape; /* what is shown when nothing else is asked for */
    bool relations;            /* `include` may add the resource's ON_REQUEST relations */
    bool unseen;               /* or may not, for this reader: the names are checked, and add nothing */
    const char *by_default;    /* what sort_by is when it is not sent ("-created_at"); NULL: the key alone */
    struct seal seal;          /* of cursors */
};

/* Reads a list's parameters into the plan: shape, page, order (ended by the key), conditions, position. What is wrong
 * is added to problems. ERROR_BAD_CURSOR, when nothing else is wrong, for a cursor that was not made for this list. */
MUST_USE err query_read(struct problems *problems, struct arena *a, const struct query *q,
                        const struct resource *r, struct plan *p);
/* Reads what matters for a single row: include and fields. */
void query_read_view(struct problems *problems, struct arena *a, const struct query *q,
                     const struct resource *r, struct plan *p);

/* What the parameters of lists are, for the document that describes them; the functions above read no others. Beside
 * these there are sort_by, include and fields (comma-separated names), search, q, cursor and count=exact. */

/* Names that a parameter allows. */
struct query_names {
    const char *list[2 * ROW_MAX_FIELDS];
    size_t n;
};

/* <name><suffix>=value: how an ordered field is compared. */
enum { QUERY_RANGES = 4 };
struct query_range {
    str suffix;
    enum op op;
    const char *words; /* "at least" */
};
extern const struct query_range query_ranges[QUERY_RANGES];
extern const struct field query_limit;
extern const struct field query_skip;

/* How the value of a FILTER field is read: of a FIELD_MANY, what is compared with. */
struct field query_filter(const struct field *f);
/* Whether that is the name of a parameter by which lists of the resource are sorted, searched, filtered or cut to
 * members. */
bool query_is_choosy(const struct resource *r, str name);
/* What sort_by takes, each perhaps behind a `-`; at most QUERY_SORT_MAX of them. */
void query_sort_names(const struct resource *r, struct query_names *names);
/* What include takes. */
void query_relation_names(const struct resource *r, struct query_names *names);
/* Adds what fields takes of a shape. */
void query_member_names(const struct shape *shape, struct query_names *names);

/* Whether `by` is an order that lists of the resource can have. */
bool query_can_sort(const struct resource *r, const char *by);

#endif
