/*
 * resource: a table of fields with its keys; or, without a table, the form of a request's body.
 *
 * Rows are arrays of struct value indexed by the resource's enum. A shape is a selection of fields to show,
 * in order, with the name it has in the API's documents. All of it is constant data, linked by pointers,
 * checked once by schema_check() at start.
 *
 *     const struct resource post_resource = {
 *         .name = "post", .table = "posts", FIELDS(post_fields), KEYS(post_keys), .shape = &post_shape,
 *     };
 */
#ifndef QUIRE_SCHEMA_RESOURCE_H
#define QUIRE_SCHEMA_RESOURCE_H

#include "schema/field.h"

struct arena;

/* Explicit limits, held by schema_check(). Of WHERE_MAX conditions WHERE_RESERVE are the program's own (keys, access
 * rules); the rest is what a client can add by naming every filter of a resource. */
enum {
    KEY_MAX_FIELDS = 4,
    ROW_MAX_FIELDS = 40,
    SHAPE_MAX_COLUMNS = 64,
    SHAPE_MAX_JOINS = 8,
    SHAPE_MAX_MANY = 4,
    SHAPE_MAX_FIELDS = ROW_MAX_FIELDS,
    VARCHAR_MAX = 1000, /* characters: a longer text is a MEDIUMTEXT, outside of its row */
    WHERE_MAX = 64,
    WHERE_RESERVE = 8
};

enum key_kind { KEY_PRIMARY, KEY_UNIQUE, KEY_INDEX, KEY_FULLTEXT };

/* A key of the table; its name is derived: PRIMARY, uq_<table>_<column>, ix_<table>_<column>, ft_<table>_<column>. */
struct key {
    enum key_kind kind;
    unsigned count;
    unsigned char fields[KEY_MAX_FIELDS];
};

#define KEY_COUNT(...) (sizeof((unsigned char[]){__VA_ARGS__}))
#define PRIMARY(...)                         \
    {                                        \
        KEY_PRIMARY, KEY_COUNT(__VA_ARGS__), \
        {                                    \
            __VA_ARGS__                      \
        }                                    \
    }
#define UNIQUE(...)                         \
    {                                       \
        KEY_UNIQUE, KEY_COUNT(__VA_ARGS__), \
        {                                   \
            __VA_ARGS__                     \
        }                                   \
    }
#define INDEX(...)                         \
    {                                      \
        KEY_INDEX, KEY_COUNT(__VA_ARGS__), \
        {                                  \
            __VA_ARGS__                    \
        }                                  \
    }

#define FULLTEXT(...)                         \
    {                                         \
        KEY_FULLTEXT, KEY_COUNT(__VA_ARGS__), \
        {                                     \
            __VA_ARGS__                       \
        }                                     \
    }

/* Fields to show, in order. A shape that another resource embeds begins with a column that is never null. */
struct shape {
    const char *name;
    const struct resource *resource;
    const unsigned char *fields;
    size_t count;
};

#define SHAPE(name_, resource_, fields_)                                                        \
    {                                                                                           \
        .name = (name_), .resource = (resource_), .fields = (fields_), .count = sizeof(fields_) \
    }

struct resource {
    const char *name;  /* singular, as in "post with id: 7 not found" */
    const char *table; /* NULL: a form */
    const char *was;   /* the table's name before it was renamed: for migrations */
    const struct field *fields;
    size_t field_count;
    const struct key *keys;
    size_t key_count;
    const struct shape *shape; /* what is shown of it where nothing else is said; NULL for a form */
    const char *doc;
};

#define FIELDS(table_) .fields = (table_), .field_count = sizeof(table_) / sizeof((table_)[0])
#define KEYS(table_)   .keys = (table_), .key_count = sizeof(table_) / sizeof((table_)[0])

/* Whether the primary key is one field. */
bool resource_has_key(const struct resource *r);
/* The primary key's only field; aborts for a resource that has several. */
int resource_key(const struct resource *r);
/* The field that counts its edits, or -1: then it has no ETag. */
int resource_version(const struct resource *r);
/* The key of that kind (the first), or NULL. */
const struct key *resource_key_of_kind(const struct resource *r, enum key_kind kind);
/* The field that a reader compares texts with: the FOLD of f when there is one (*folded), else f. */
const struct field *resource_compared(const struct resource *r, const struct field *f, bool *folded);
/* Whether a key finds rows by that field: one that begins with it or, in lists `below` a parent, has it behind
 * references, which such a list fixes. */
bool resource_is_found_by(const struct resource *r, size_t field, bool below);
/* Whether such a key has them in the order of the field and, of equal ones, in that of the primary key, as lists
 * have. */
bool resource_is_ordered_by(const struct resource *r, size_t field, bool below);
/* The field of that name, or -1. */
int resource_find(const struct resource *r, str name);
/* Derived names, in the arena: of a key (uq_users_email_fold, or PRIMARY), of a reference (fk_posts_owner_id_users), of
 * the check of a column (ck_books_page_count). */
str resource_key_name(struct arena *a, const struct resource *r, const struct key *k);
str resource_reference_name(struct arena *a, const struct resource *r, const struct field *f);
str resource_check_name(struct arena *a, const struct resource *r, const struct field *f);
/* The field that a derived key name such as uq_users_email_fold speaks about (for a FOLD the field it folds),
 * or NULL when the key is not this resource's. */
const struct field *resource_of_key_name(const struct resource *r, str key_name);
/* The key of several fields that has that derived name, uq_reviews_user_uid_book_uid, or NULL. */
const struct key *resource_key_of_several(const struct resource *r, str key_name);

#endif
