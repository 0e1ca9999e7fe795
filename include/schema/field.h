/*
 * field: one member of a resource, declared once; everything else is derived from it.
 *
 * A field says how it is read, checked, stored, shown and referred to. The macros below name its type and
 * leave the rest to designated initialisers, so that a misspelt attribute or a field given twice does not
 * compile. Pure data: nothing here allocates or fails.
 *
 *     static const struct field post_fields[POST__MAX] = {
 *         [POST_ID] = ID("id"),
 *         [POST_TITLE] = TEXT("title", .min = 1, .max = 200, .flags = REQUIRED | SORT | SEARCH),
 *         [POST_OWNER_ID] = REF("owner_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY),
 *         [POST_OWNER] = ONE("owner", .key = POST_OWNER_ID, .to = &user_resource, .show = &user_brief),
 *         [POST_VOTES] = COUNT("votes", .to = &vote_resource, .key = VOTE_POST_ID, .flags = SORT),
 *         [POST_TAGS] = MANY("tags", .to = &tag_resource, .via = &post_tag_resource, .key = POST_TAG_POST_ID,
 *                            .far_key = POST_TAG_TAG_UID, .show = &tag_whole, .max = 100),
 *     };
 */
#ifndef QUIRE_SCHEMA_FIELD_H
#define QUIRE_SCHEMA_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"

struct resource;
struct shape;

/* X(type, has a column, what a cell is): the closed list of field types. */
#define FIELD_TYPES(X)                                                                                      \
    X(FIELD_ID, true, VALUE_INT)  /* the 64-bit number that the database hands out; the key */              \
    X(FIELD_INT, true, VALUE_INT) /* min and max are bounds; 64 bits */                                     \
    X(FIELD_BOOL, true, VALUE_BOOL)                                                                         \
    X(FIELD_TEXT, true, VALUE_TEXT)      /* min and max count code points */                                \
    X(FIELD_EMAIL, true, VALUE_TEXT)     /* checked and normalised */                                       \
    X(FIELD_URL, true, VALUE_TEXT)       /* an http or https address, kept as sent */                       \
    X(FIELD_PASSWORD, false, VALUE_TEXT) /* input only; what is stored is another field's hash */           \
    X(FIELD_CHOICE, true, VALUE_INT)     /* a name outside, a small number in the database */               \
    X(FIELD_TIME, true, VALUE_TIME)                                                                         \
    X(FIELD_DATE, true, VALUE_DATE)                                                                         \
    X(FIELD_UUID, true, VALUE_BYTES)     /* sixteen bytes */                                                \
    X(FIELD_BYTES, true, VALUE_BYTES)    /* hashes; max counts bytes */                                     \
    X(FIELD_FOLD, true, VALUE_BYTES)     /* field `of` of this row in lower case: unique ignoring case */   \
    X(FIELD_REF, true, VALUE_INT)        /* field `of` (the first: the key) of a row of `to` */             \
    X(FIELD_COUNT, true, VALUE_INT)      /* stored: how many rows of `to` have `key` pointing here */       \
    X(FIELD_SUM, true, VALUE_INT)        /* stored: the sum of their field `of` */                          \
    X(FIELD_AVERAGE, true, VALUE_DOUBLE) /* stored: SUM `of` by COUNT `key` of this row; null for none */   \
    X(FIELD_VERSION, true, VALUE_INT)    /* how often the row was written: what If-Match is held against */ \
    X(FIELD_ONE, false, VALUE_NULL)      /* the row of `to` that the REF `key` of this row points to */     \
    X(FIELD_HAS, false, VALUE_NULL)      /* the row of `to`, at most one, whose REF `key` points here */    \
    X(FIELD_MANY, false, VALUE_NULL)     /* the rows of `to` whose REF `key`, or `via`, points here */      \
    X(FIELD_LIST, false, VALUE_LIST)     /* input only: a list of objects of the form `to` */               \
    X(FIELD_MARK, false, VALUE_BOOL)     /* shown: whether `of` of this row is what the plan marks */       \
    X(FIELD_TEXTS, true, VALUE_TEXT)     /* min to max texts, each as `item` says; the cell is a JSON array */

#define FIELD_ENUM(type, column, kind) type,
enum field_type { FIELD_NONE, FIELD_TYPES(FIELD_ENUM) FIELD__MAX };
#undef FIELD_ENUM

enum field_flags {
    KEY = 1 << 0,         /* part of the primary key */
    REQUIRED = 1 << 1,    /* must be sent when creating and replacing */
    NULLABLE = 1 << 2,    /* may be null */
    READ_ONLY = 1 << 3,   /* the server sets it; ignored in input */
    WRITE_ONLY = 1 << 4,  /* never shown */
    HIDDEN = 1 << 5,      /* neither read nor shown */
    SECRET = 1 << 6,      /* masked wherever input is echoed */
    FILTER = 1 << 7,      /* a query parameter of lists; with _gt, _gte, _lt, _lte for numbers and times */
    SORT = 1 << 8,        /* allowed in sort_by */
    SEARCH = 1 << 9,      /* what `search` looks into; one a resource */
    GENERATED = 1 << 10,  /* FIELD_UUID: made by the program when a row is created */
    TOUCHED = 1 << 11,    /* FIELD_TIME: set to now by every edit */
    FLAT = 1 << 12,       /* FIELD_ONE by a key that is never null: its members stand in this row */
    ON_REQUEST = 1 << 13, /* a relation that is shown only where a shape or a request (`include`) names it */
    NEWEST_FIRST = 1 << 14, /* FIELD_MANY: in the order of falling keys */
    LOCAL = 1 << 15         /* FIELD_URL: may also be a path of this site, as the server itself gives out */
};

enum on_delete { RESTRICT, CASCADE, SET_NULL };

/* What a field is when it is absent on create or replace. */
enum initial_kind { INITIAL_NONE, INITIAL_INT, INITIAL_TEXT, INITIAL_NOW };

struct initial {
    enum initial_kind kind;
    int64_t i;
    const char *text;
};

/* A value of a FIELD_CHOICE; a list of them ends with a NULL name. */
struct choice {
    const char *name;
    int stored;
};

struct field {
    enum field_type type;
    const char *name;
    str member;        /* ,"name": as JSON has it; the macros below see to it */
    const char *was;   /* the column's name before it was renamed: for migrations */
    const char *alias; /* another name in sort_by; FIELD_MANY with FILTER: the parameter's name */
    unsigned flags;
    int64_t min, max; /* max 0: no bound; FIELD_MANY: at most so many rows are shown of each */
    bool bounded;     /* FIELD_INT: min and max hold, also where they are 0 */
    struct initial initial;
    const struct choice *choices;
    const struct resource *to;
    int key;
    int of; /* FIELD_MANY with FILTER: the text of `to` that the parameter is compared with */
    const struct resource *via; /* FIELD_MANY by a link table: its REF `key` points here, `far_key` there */
    int far_key;
    const struct shape *show; /* FIELD_ONE, FIELD_HAS, FIELD_MANY: what is shown of `to` */
    enum on_delete on_delete;
    const struct field *item; /* FIELD_TEXTS: the FIELD_TEXT that each of them is */
    const char *pattern;      /* FIELD_TEXT: the one value allowed, as the contract's pattern has it */
    const char *doc;
    const char *example; /* a text as it might be, for the document */
};

/* The first of several arguments, a literal, as a member of a JSON object behind another one. */
#define FIELD_FIRST(first, ...) first
#define FIELD_MEMBER(...)       STR_INIT(",\"" FIELD_FIRST(__VA_ARGS__, 0) "\":")
#define FIELD(type_, ...)                                                         \
    {                                                                             \
        .type = (type_), .member = FIELD_MEMBER(__VA_ARGS__), .name = __VA_ARGS__ \
    }
#define FIELD_WITH(type_, flags_, ...)                                                               \
    {                                                                                                \
        .type = (type_), .flags = (flags_), .member = FIELD_MEMBER(__VA_ARGS__), .name = __VA_ARGS__ \
    }

#define ID(...)       FIELD_WITH(FIELD_ID, KEY | READ_ONLY | SORT, __VA_ARGS__)
#define INT(...)      FIELD(FIELD_INT, __VA_ARGS__)
#define BOOL(...)     FIELD(FIELD_BOOL, __VA_ARGS__)
#define TEXT(...)     FIELD(FIELD_TEXT, __VA_ARGS__)
#define EMAIL(...)    FIELD(FIELD_EMAIL, __VA_ARGS__)
#define URL(...)      FIELD(FIELD_URL, __VA_ARGS__)
#define PASSWORD(...) FIELD(FIELD_PASSWORD, __VA_ARGS__)
#define CHOICE(...)   FIELD(FIELD_CHOICE, __VA_ARGS__)
#define TIME(...)     FIELD(FIELD_TIME, __VA_ARGS__)
#define DATE(...)     FIELD(FIELD_DATE, __VA_ARGS__)
#define UUID(...)     FIELD(FIELD_UUID, __VA_ARGS__)
#define BYTES(...)    FIELD(FIELD_BYTES, __VA_ARGS__)
#define FOLD(...)     FIELD(FIELD_FOLD, __VA_ARGS__)
#define REF(...)      FIELD(FIELD_REF, __VA_ARGS__)
#define COUNT(...)    FIELD(FIELD_COUNT, __VA_ARGS__)
#define SUM(...)      FIELD(FIELD_SUM, __VA_ARGS__)
#define AVERAGE(...)  FIELD(FIELD_AVERAGE, __VA_ARGS__)
#define HAS(...)      FIELD(FIELD_HAS, __VA_ARGS__)
#define VERSION(...)  FIELD_WITH(FIELD_VERSION, READ_ONLY | HIDDEN, __VA_ARGS__)
#define ONE(...)      FIELD(FIELD_ONE, __VA_ARGS__)
#define MANY(...)     FIELD(FIELD_MANY, __VA_ARGS__)
#define LIST(...)     FIELD(FIELD_LIST, __VA_ARGS__)
#define TEXTS(...)    FIELD(FIELD_TEXTS, __VA_ARGS__)
#define MARK(...)     FIELD_WITH(FIELD_MARK, READ_ONLY, __VA_ARGS__)

#define INITIAL_TRUE                \
    {                               \
        .kind = INITIAL_INT, .i = 1 \
    }
#define INITIAL_ZERO                \
    {                               \
        .kind = INITIAL_INT, .i = 0 \
    }
#define AT_CREATION         \
    {                       \
        .kind = INITIAL_NOW \
    }

/* The name with its length. */
static inline str field_name(const struct field *f)
{
    return (str){f->member.p + 2, f->member.n - 4};
}

/* Whether the field is a column of its table. */
bool field_has_column(const struct field *f);
/* What a cell of it is; for a REF, what its target's key is. */
enum value_kind field_kind(const struct field *f);
/* The field of `to` that a REF holds. */
const struct field *field_target(const struct field *ref);
/* Whether it is one embedded row, joined in the same statement. */
bool field_is_one(const struct field *f);
/* Whether a client may send it. */
bool field_is_input(const struct field *f);
/* Whether it is shown unasked. */
bool field_is_output(const struct field *f);
/* Whether it is one value that can be sent, as a text too: what engine/coerce reads. */
bool field_is_scalar(const struct field *f);
/* The choice that is stored as this number, or NULL. */
const struct choice *field_choice(const struct field *f, int64_t stored);
/* Whether it is ordered, so that ranges make sense. */
bool field_is_ordered(const struct field *f);
/* The type's name, for messages to programmers. */
const char *field_type_name(enum field_type type);

#endif
