#include "schema/check_part.h"

/* A key serves the field it begins with, and one behind references: lists below a parent fix those. */
static bool served_by_key(const struct resource *r, size_t field)
{
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        for (unsigned j = 0; j < k->count; j++) {
            if (k->fields[j] == field) {
                return true;
            }
            if (k->fields[j] >= r->field_count || r->fields[k->fields[j]].type != FIELD_REF) {
                break;
            }
        }
    }
    return false;
}

/* A yes-or-no column splits a table in two: an index on it alone serves nobody, so none is asked for. */
static bool wants_key(const struct field *f)
{
    return (f->flags & SORT) != 0 || ((f->flags & FILTER) != 0 && f->type != FIELD_BOOL) ||
           f->type == FIELD_REF;
}

void check_served(struct findings *s, const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    if (r->table != NULL && field_has_column(f) && wants_key(f) && !served_by_key(r, i)) {
        SAY(s, r, f, "is filtered, sorted by or a reference, but no key serves it");
    }
}

void check_keys(struct findings *s, const struct resource *r)
{
    unsigned primary = 0;
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        primary += k->kind == KEY_PRIMARY;
        for (unsigned j = 0; j < k->count; j++) {
            if (k->fields[j] >= r->field_count || !field_has_column(&r->fields[k->fields[j]])) {
                SAY_OF(s, r, "key %zu names a field that has no column", i);
            } else if (k->kind == KEY_FULLTEXT && !check_is_kind(&r->fields[k->fields[j]], VALUE_TEXT)) {
                SAY(s, r, &r->fields[k->fields[j]], "only texts can be in a FULLTEXT key");
            }
        }
    }
    if (r->table != NULL && primary != 1) {
        SAY_OF(s, r, "has %u primary keys", primary);
    }
}
