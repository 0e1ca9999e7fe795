#include "migrate/conversion.h"

#include <stdint.h>

enum family {
    FAMILY_OTHER,
    FAMILY_INTEGER,
    FAMILY_REAL,
    FAMILY_TEXT,
    FAMILY_BYTES,
    FAMILY_DATE,
    FAMILY_TIME
};

/* A type as a family and how much it holds: bytes of integers, characters or bytes of strings, digits of
 * fractions of a second. */
struct type {
    enum family family;
    uint64_t size;
    bool padded; /* BINARY, which fills values up with zero bytes */
    bool from_zero;
};

static const struct {
    str name;
    struct type type;
} known[] = {
    {STR_INIT("TINYINT"), {FAMILY_INTEGER, 1, false, false}},
    {STR_INIT("SMALLINT"), {FAMILY_INTEGER, 2, false, false}},
    {STR_INIT("MEDIUMINT"), {FAMILY_INTEGER, 3, false, false}},
    {STR_INIT("INT"), {FAMILY_INTEGER, 4, false, false}},
    {STR_INIT("BIGINT"), {FAMILY_INTEGER, 8, false, false}},
    {STR_INIT("FLOAT"), {FAMILY_REAL, 4, false, false}},
    {STR_INIT("DOUBLE"), {FAMILY_REAL, 8, false, false}},
    {STR_INIT("CHAR"), {FAMILY_TEXT, 1, false, false}},
    {STR_INIT("VARCHAR"), {FAMILY_TEXT, 1, false, false}},
    {STR_INIT("TINYTEXT"), {FAMILY_TEXT, 63, false, false}},
    {STR_INIT("TEXT"), {FAMILY_TEXT, 16383, false, false}},
    {STR_INIT("MEDIUMTEXT"), {FAMILY_TEXT, 4194303, false, false}},
    {STR_INIT("LONGTEXT"), {FAMILY_TEXT, 1073741823, false, false}},
    {STR_INIT("BINARY"), {FAMILY_BYTES, 1, true, false}},
    {STR_INIT("VARBINARY"), {FAMILY_BYTES, 1, false, false}},
    {STR_INIT("TINYBLOB"), {FAMILY_BYTES, 255, false, false}},
    {STR_INIT("BLOB"), {FAMILY_BYTES, 65535, false, false}},
    {STR_INIT("MEDIUMBLOB"), {FAMILY_BYTES, 16777215, false, false}},
    {STR_INIT("LONGBLOB"), {FAMILY_BYTES, 4294967295, false, false}},
    {STR_INIT("DATE"), {FAMILY_DATE, 0, false, false}},
    {STR_INIT("DATETIME"), {FAMILY_TIME, 0, false, false}},
};

/* VARCHAR(200) is VARCHAR of size 200; DATETIME(6) DATETIME with six digits; the 1 of TINYINT(1) means nothing. */
static struct type read_type(str text)
{
    size_t open = str_find(text, '(', 0);
    size_t blank = str_find(text, ' ', 0);
    str name = str_slice(text, 0, open < blank ? open : blank);
    str rest = blank < text.n ? str_slice(text, blank + 1, text.n) : STR("");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!str_eq(known[i].name, name)) {
            continue;
        }
        struct type t = known[i].type;
        uint64_t size = 0;
        bool sized = t.family == FAMILY_TEXT || t.family == FAMILY_BYTES || t.family == FAMILY_TIME;
        if (sized && open < text.n &&
            str_to_uint(str_slice(text, open + 1, str_find(text, ')', open)), &size)) {
            t.size = size;
        }
        t.from_zero = str_eq(rest, STR("UNSIGNED"));
        if (rest.n > 0 && !t.from_zero) {
            t.family = FAMILY_OTHER;
        }
        return t;
    }
    return (struct type){.family = FAMILY_OTHER};
}

static enum conversion within_integers(struct type from, struct type to)
{
    bool same_sign = from.from_zero == to.from_zero;
    bool fits = same_sign ? to.size >= from.size : from.from_zero && to.size > from.size;
    return fits ? CONVERSION_KEEPS : CONVERSION_LOSES;
}

static enum conversion within_strings(struct type from, struct type to)
{
    bool same = from.padded == to.padded ? from.size == to.size || !to.padded : from.padded;
    return same && to.size >= from.size ? CONVERSION_KEEPS : CONVERSION_LOSES;
}

static enum conversion within(struct type from, struct type to)
{
    switch (from.family) {
    case FAMILY_INTEGER:
        return within_integers(from, to);
    case FAMILY_TEXT:
    case FAMILY_BYTES:
        return within_strings(from, to);
    case FAMILY_REAL:
    case FAMILY_DATE:
    case FAMILY_TIME:
        return to.size >= from.size ? CONVERSION_KEEPS : CONVERSION_LOSES;
    case FAMILY_OTHER:
        break;
    }
    return CONVERSION_NONE;
}

enum conversion conversion_of(str from, str to)
{
    enum { WHOLE_IN_DOUBLE = 4, DIGITS_OF_INTEGER = 20 };
    struct type f = read_type(from);
    struct type t = read_type(to);
    if (f.family == t.family) {
        return within(f, t);
    }
    if (f.family == FAMILY_DATE && t.family == FAMILY_TIME) {
        return CONVERSION_KEEPS;
    }
    if (f.family == FAMILY_INTEGER && t.family == FAMILY_REAL) {
        return f.size <= WHOLE_IN_DOUBLE && t.size == sizeof(double) ? CONVERSION_KEEPS : CONVERSION_LOSES;
    }
    if (f.family == FAMILY_INTEGER && t.family == FAMILY_TEXT) {
        return t.size >= DIGITS_OF_INTEGER ? CONVERSION_KEEPS : CONVERSION_LOSES;
    }
    bool cuts = (f.family == FAMILY_TIME && t.family == FAMILY_DATE) ||
                (f.family == FAMILY_REAL && t.family == FAMILY_INTEGER);
    return cuts ? CONVERSION_LOSES : CONVERSION_NONE;
}
