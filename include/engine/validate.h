/*
 * validate: input checked against a declared table, all errors together, in the words of the contract.
 *
 * Input comes as JSON (a body) or as text (a path segment, a query parameter, a form member); both end as
 * values of a row indexed by the resource's enum. Coercions are those of pydantic's lax mode. Pure: no
 * database, no HTTP.
 *
 *     struct value row[POST__MAX];
 *     validate_body(&problems, a, &post_resource, VALIDATE_CREATE, body, row);
 *     validate_text(&problems, a, &post_fields[POST_ID], &place, segment, &id);
 */
#ifndef QUIRE_ENGINE_VALIDATE_H
#define QUIRE_ENGINE_VALIDATE_H

#include "base/url.h"
#include "engine/problem.h"
#include "schema/resource.h"

/* CREATE and REPLACE: absent fields take their initial value (or null), required ones must be there. PATCH:
 * absent fields stay absent. */
enum validate_mode { VALIDATE_CREATE, VALIDATE_REPLACE, VALIDATE_PATCH };

struct source;

/* What no table can say of a value that is good by the table: notes what is wrong with it (engine/coerce). An error is
 * that it could not be told. */
typedef err validate_check(const struct source *s, struct value v);

/* Reads a body into row (resource->field_count values, all written). body NULL stands for no body at all. */
void validate_body(struct problems *p, struct arena *a, const struct resource *form, enum validate_mode mode,
                   const struct json *body, struct value *row);
/* The same; `check`, which may be NULL, is asked about each value and each text of a list, in their order. */
void validate_body_checked(struct problems *p, struct arena *a, const struct resource *form,
                           enum validate_mode mode, validate_check *check, const struct json *body,
                           struct value *row);
/* The same as validate_body() for a form's pairs; of several with one name the last counts. */
void validate_form(struct problems *p, struct arena *a, const struct resource *form, const struct pair *pairs,
                   size_t count, struct value *row);
/* The same for query parameters, which are named as such when they are wrong. */
void validate_query(struct problems *p, struct arena *a, const struct resource *form,
                    const struct pair *pairs, size_t count, struct value *row);
/* Reads one value from text; *out is written only when it is right. False: a problem was noted. */
bool validate_text(struct problems *p, struct arena *a, const struct field *f, const struct place *at,
                   str text, struct value *out);

#endif
