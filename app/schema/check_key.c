#include "schema/check_part.h"

/* A yes-or-no column splits a table in two: an index on it alone serves nobody, so none is asked for. */
static const char *unserved(const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    if (f->type == FIELD_REF && !resource_is_found_by(r, i, false)) {
        return "is a reference, but no key begins with it";
    }
    if ((f->flags & SORT) != 0 && !resource_is_ordered_by(r, i, true)) {
        return "is sorted by, but no key has it in front, or behind references alone, and behind it at most "
               "the primary key";
    }
    if ((f->flags & FILTER) != 0 && f->type != FIELD_BOOL && !resource_is_found_by(r, i, true)) {
        return "is filtered by, but no key has it in front, or behind references alone";
    }
    return NULL;
}

void check_served(struct findings *s, const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    const char *mistake = r->table != NULL && field_has_column(f) ? unserved(r, i) : NULL;
    if (mistake != NULL) {
        SAY(s, r, f, "%s", mistake);
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
