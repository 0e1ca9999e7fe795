#include "schema/resource.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

bool resource_has_key(const struct resource *r)
{
    const struct key *primary = resource_key_of_kind(r, KEY_PRIMARY);
    return primary != NULL && primary->count == 1;
}

int resource_key(const struct resource *r)
{
    if (!resource_has_key(r)) {
        abort();
    }
    return resource_key_of_kind(r, KEY_PRIMARY)->fields[0];
}

int resource_version(const struct resource *r)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].type == FIELD_VERSION) {
            return (int)i;
        }
    }
    return -1;
}

const struct key *resource_key_of_kind(const struct resource *r, enum key_kind kind)
{
    for (size_t i = 0; i < r->key_count; i++) {
        if (r->keys[i].kind == kind) {
            return &r->keys[i];
        }
    }
    return NULL;
}

const struct field *resource_compared(const struct resource *r, const struct field *f, bool *folded)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].type == FIELD_FOLD && &r->fields[r->fields[i].of] == f) {
            *folded = true;
            return &r->fields[i];
        }
    }
    *folded = false;
    return f;
}

/* Where the field stands in a key that finds rows by it: at the beginning, or behind references that a list below a
 * parent fixes; else k->count. */
static unsigned place_in(const struct resource *r, const struct key *k, size_t field, bool below)
{
    for (unsigned i = 0; k->kind != KEY_FULLTEXT && i < k->count; i++) {
        if (k->fields[i] == field) {
            return i;
        }
        if (!below || k->fields[i] >= r->field_count || r->fields[k->fields[i]].type != FIELD_REF) {
            break;
        }
    }
    return k->count;
}

bool resource_is_found_by(const struct resource *r, size_t field, bool below)
{
    for (size_t i = 0; i < r->key_count; i++) {
        if (place_in(r, &r->keys[i], field, below) < r->keys[i].count) {
            return true;
        }
    }
    return false;
}

/* Whether behind the first n fields of k the primary key follows, which ends every order; of that, what is not among
 * those n. InnoDB has it at the end of every key anyway. */
static bool primary_follows(const struct resource *r, const struct key *k, unsigned n)
{
    const struct key *primary = resource_key_of_kind(r, KEY_PRIMARY);
    unsigned at = n;
    for (unsigned i = 0; primary != NULL && i < primary->count && at < k->count; i++) {
        if (memchr(k->fields, primary->fields[i], n) == NULL && primary->fields[i] != k->fields[at++]) {
            return false;
        }
    }
    return at == k->count;
}

bool resource_is_ordered_by(const struct resource *r, size_t field, bool below)
{
    for (size_t i = 0; i < r->key_count; i++) {
        unsigned at = place_in(r, &r->keys[i], field, below);
        if (at < r->keys[i].count && primary_follows(r, &r->keys[i], at + 1)) {
            return true;
        }
    }
    return false;
}

int resource_find(const struct resource *r, str name)
{
    for (size_t i = 0; i < r->field_count; i++) {
        const char *candidate = r->fields[i].name; /* NULL: a hole, which schema_check() is about to name */
        if (candidate != NULL && str_eq(str_of(candidate), name)) {
            return (int)i;
        }
    }
    return -1;
}

str resource_key_name(struct arena *a, const struct resource *r, const struct key *k)
{
    static const char *const kinds[] = {[KEY_UNIQUE] = "uq", [KEY_INDEX] = "ix", [KEY_FULLTEXT] = "ft"};
    struct buf name;
    if (k->kind == KEY_PRIMARY) {
        return STR("PRIMARY");
    }
    buf_init(&name, a, 64, 4096);
    buf_printf(&name, "%s_%s", kinds[k->kind], r->table);
    for (unsigned i = 0; i < k->count; i++) {
        buf_printf(&name, "_%s", r->fields[k->fields[i]].name);
    }
    return buf_view(&name);
}

str resource_reference_name(struct arena *a, const struct resource *r, const struct field *f)
{
    return str_format(a, "fk_%s_%s_%s", r->table, f->name, f->to->table);
}

str resource_check_name(struct arena *a, const struct resource *r, const struct field *f)
{
    return str_format(a, "ck_%s_%s", r->table, f->name);
}

/* Takes word and a following "_" (or the end) off the front. */
static bool take_word(str *s, const char *word)
{
    str w = str_of(word);
    if (!str_starts(*s, w) || (s->n > w.n && s->p[w.n] != '_')) {
        return false;
    }
    *s = str_slice(*s, s->n > w.n ? w.n + 1 : w.n, s->n);
    return true;
}

const struct field *resource_of_key_name(const struct resource *r, str key_name)
{
    if (!take_word(&key_name, "uq") || r->table == NULL || !take_word(&key_name, r->table)) {
        return NULL;
    }
    int i = resource_find(r, key_name);
    if (i < 0) {
        return NULL;
    }
    const struct field *f = &r->fields[i];
    return f->type == FIELD_FOLD ? &r->fields[f->of] : f;
}

static bool is_named_by(const struct resource *r, const struct key *key, str name)
{
    bool so = take_word(&name, "uq") && take_word(&name, r->table);
    for (unsigned i = 0; so && i < key->count; i++) {
        so = take_word(&name, r->fields[key->fields[i]].name);
    }
    return so && name.n == 0;
}

const struct key *resource_key_of_several(const struct resource *r, str key_name)
{
    for (size_t i = 0; r->table != NULL && i < r->key_count; i++) {
        if (r->keys[i].kind == KEY_UNIQUE && r->keys[i].count > 1 && is_named_by(r, &r->keys[i], key_name)) {
            return &r->keys[i];
        }
    }
    return NULL;
}
