#include <inttypes.h>

#include "schema/check_part.h"

/* What MariaDB and MySQL have room for, with InnoDB: a name, a key, a row without what stands outside of it. */
enum { NAME_BYTES = 64, KEY_MAX_BYTES = 3072, ROW_MAX_BYTES = 65535 };

/* What a long text leaves in its row: its length and where it is. */
enum { OUTSIDE_BYTES = 11 };

/* -- names -- */

static const char *too_long(struct findings *s, str name)
{
    return name.n <= NAME_BYTES
               ? NULL
               : str_format(s->arena, "the name %.*s is longer than %d bytes", STR_ARGS(name), NAME_BYTES).p;
}

/* Of constraints. */
static void check_names(struct findings *s, const struct resource *r, const struct field *f)
{
    bool bounded = f->bounded || f->min != 0 || f->max != 0;
    const char *mistake = NULL;
    if (f->type == FIELD_CHOICE || (f->type == FIELD_INT && bounded)) {
        mistake = too_long(s, resource_check_name(s->arena, r, f));
    } else if (f->type == FIELD_REF && f->to != NULL && f->to->table != NULL) {
        mistake = too_long(s, resource_reference_name(s->arena, r, f));
    }
    if (mistake != NULL) {
        SAY(s, r, f, "%s", mistake);
    }
}

/* -- bytes -- */

/* What a value takes at most; a list of texts has no bound. */
static int64_t bytes_of(const struct field *f)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_URL:
        return f->max * UTF8_MOST;
    case FIELD_BYTES:
    case FIELD_FOLD:
        return f->max;
    case FIELD_TEXTS:
        return INT64_MAX;
    case FIELD_UUID:
        return 16;
    case FIELD_BOOL:
    case FIELD_CHOICE:
        return 1;
    case FIELD_DATE:
        return 3;
    case FIELD_REF:
        return check_holds_a_key(f) ? bytes_of(field_target(f)) : 0;
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_TIME:
    case FIELD_COUNT:
    case FIELD_SUM:
    case FIELD_AVERAGE:
    case FIELD_VERSION:
        return 8;
    case FIELD_NONE:
    case FIELD_PASSWORD:
    case FIELD_ONE:
    case FIELD_HAS:
    case FIELD_MANY:
    case FIELD_LIST:
    case FIELD_MARK:
    case FIELD__MAX:
        break;
    }
    return 0; /* has no column */
}

static void check_key(struct findings *s, const struct resource *r, const struct key *k)
{
    int64_t all = 0;
    for (unsigned i = 0; i < k->count; i++) {
        const struct field *f = &r->fields[k->fields[i]];
        if (bytes_of(f) > KEY_MAX_BYTES) {
            SAY(s, r, f, "is too long for a key: 768 characters are the most, or %d bytes", KEY_MAX_BYTES);
            return;
        }
        all += bytes_of(f);
    }
    if (all > KEY_MAX_BYTES) {
        SAY(s, r, &r->fields[k->fields[0]],
            "the key that begins with it takes %" PRId64 " bytes, and %d are the most", all, KEY_MAX_BYTES);
    }
}

/* A text or bytes of their own length, which is in one or two bytes; or outside of the row. */
static int64_t bytes_in_row(const struct field *f)
{
    bool varies = f->type == FIELD_TEXT || f->type == FIELD_EMAIL || f->type == FIELD_URL ||
                  f->type == FIELD_BYTES || f->type == FIELD_FOLD || f->type == FIELD_TEXTS;
    int64_t bytes = bytes_of(f);
    return !varies                           ? bytes
           : bytes > VARCHAR_MAX * UTF8_MOST ? OUTSIDE_BYTES
                                             : bytes + (bytes > UINT8_MAX ? 2 : 1);
}

static void check_row(struct findings *s, const struct resource *r)
{
    int64_t all = 1; /* which of them are null, a bit each */
    for (size_t i = 0; i < r->field_count; i++) {
        all += field_has_column(&r->fields[i]) ? bytes_in_row(&r->fields[i]) : 0;
        all += i % 8 == 7;
    }
    if (all > ROW_MAX_BYTES) {
        SAY_OF(s, r,
               "a row takes %" PRId64
               " bytes, and %d are the most: texts of more than %d characters are kept "
               "outside of it",
               all, ROW_MAX_BYTES, VARCHAR_MAX);
    }
}

static bool has_columns(const struct resource *r, const struct key *k)
{
    bool yes = k->count > 0;
    for (unsigned i = 0; i < k->count; i++) {
        yes = yes && k->fields[i] < r->field_count && field_has_column(&r->fields[k->fields[i]]);
    }
    return yes;
}

void check_sizes(struct findings *s, const struct resource *r)
{
    if (r->table == NULL) {
        return;
    }
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].name != NULL && field_has_column(&r->fields[i])) {
            check_names(s, r, &r->fields[i]);
        }
    }
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        if (!has_columns(r, k)) {
            continue;
        }
        const char *mistake = too_long(s, resource_key_name(s->arena, r, k));
        if (mistake != NULL) {
            SAY_OF(s, r, "%s", mistake);
        }
        if (k->kind != KEY_FULLTEXT) {
            check_key(s, r, k);
        }
    }
    check_row(s, r);
}
