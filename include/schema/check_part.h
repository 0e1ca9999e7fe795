/*
 * check_part: what the files of schema_check() share. Nobody else has a use for it.
 *
 * Mistakes are collected, a line each: check_relation.c finds those in what a field says of other resources,
 * check_key.c those in the keys, check_size.c what is too long for the database, schema_check.c all others.
 *
 *     SAY(s, r, f, "SORT wants a column");        // "post.tags: SORT wants a column"
 */
#ifndef QUIRE_SCHEMA_CHECK_PART_H
#define QUIRE_SCHEMA_CHECK_PART_H

#include "base/buf.h"
#include "schema/registry.h"

enum { UTF8_MOST = 4 }; /* bytes of a code point */

struct findings {
    struct buf text;
    struct arena *arena;
    const struct registry *all; /* NULL: forms alone are looked at */
};

#define SAY(s, r, f, ...)                                                                       \
    do {                                                                                        \
        buf_printf(&(s)->text, "%s%s.%s: ", (s)->text.n > 0 ? "\n" : "", (r)->name, (f)->name); \
        buf_printf(&(s)->text, __VA_ARGS__);                                                    \
    } while (0)
#define SAY_OF(s, r, ...)                                                         \
    do {                                                                          \
        buf_printf(&(s)->text, "%s%s: ", (s)->text.n > 0 ? "\n" : "", (r)->name); \
        buf_printf(&(s)->text, __VA_ARGS__);                                      \
    } while (0)

/* The kind of the field's cells, whatever else is wrong with it. */
static inline bool check_is_kind(const struct field *f, enum value_kind kind)
{
    return f->type != FIELD_REF && field_kind(f) == kind;
}

/* Whether what a reference holds, itself perhaps a reference, is read as numbers and UUIDs are, and is always there. */
bool check_holds_a_key(const struct field *ref);
/* What a field says of other resources. */
void check_relation(struct findings *s, const struct resource *r, const struct field *f);
/* Whether keys serve what field number i promises. */
void check_served(struct findings *s, const struct resource *r, size_t i);
/* The keys by themselves. */
void check_keys(struct findings *s, const struct resource *r);
/* Whether the database has room for the names that are derived, for each key and for a row. */
void check_sizes(struct findings *s, const struct resource *r);

#endif
