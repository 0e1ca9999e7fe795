/*
 * query: the parameters of a list, read against the declared table into a plan: limit, skip, sort_by, search,
 * and one filter for each FILTER field, with _gt, _gte, _lt, _lte where it is ordered. Unknown parameters are
 * ignored; of several with one name the last counts. Pure.
 *
 *     plan_init(&p, &post_resource, post_resource.shape);
 *     query_read(&problems, a, pairs, count, NULL, &p);
 */
#ifndef QUIRE_ENGINE_QUERY_H
#define QUIRE_ENGINE_QUERY_H

#include "base/url.h"
#include "engine/plan.h"
#include "engine/problem.h"

enum { QUERY_LIMIT_MAX = 100, QUERY_LIMIT_DEFAULT = 10, QUERY_SORT_MAX = 4, QUERY_PAIRS_MAX = 64 };

/* Reads pairs into the plan: page, order (ended by the key), conditions. by_default is what sort_by is when
 * it is not sent ("-created_at"), NULL for the key alone. What is wrong is added to problems. */
void query_read(struct problems *problems, struct arena *a, const struct pair *pairs, size_t count,
                const char *by_default, struct plan *p);

/* Whether `by` is an order that lists of the resource can have. */
bool query_can_sort(const struct resource *r, const char *by);

#endif
