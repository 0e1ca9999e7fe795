/*
 * json_in: JSON text read into a tree, exactly as the contract's original reads it (Python's json module),
 * with every limit explicit.
 *
 * The tree lives in the arena. Its strings lie there too, or, where nothing had to be decoded, in the text
 * itself, which must live as long. Numbers keep their text, so that no digit is lost and an error can show
 * what was sent. Syntax only: what the members mean is the business of engine/validate.
 *
 * Reading fails with a message and the position, counted in code points, where Python's decoder would stop.
 * Accepted beyond RFC 8259, because the original does: NaN, Infinity, -Infinity, a byte order mark, UTF-16
 * and UTF-32. A lone surrogate escape becomes U+FFFD and marks its string. Of duplicate members the last one
 * wins, in the place of the first.
 *
 *     struct json *body;
 *     struct json_failure why;
 *     switch (json_read(a, text, &json_default_limits, &body, &why)) {
 *     case JSON_READ_OK: title = json_member(body, STR("title")); ...
 */
#ifndef QUIRE_BASE_JSON_IN_H
#define QUIRE_BASE_JSON_IN_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_FLOAT, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    bool truth;          /* JSON_BOOL */
    bool lone_surrogate; /* JSON_STRING: an escape of half a pair stood in it */
    bool has_nul;        /* JSON_STRING: U+0000 stands in it */
    unsigned count;      /* JSON_ARRAY, JSON_OBJECT: elements or members */
    str text;           /* JSON_STRING: decoded UTF-8; JSON_INT, JSON_FLOAT: as written (NaN, Infinity too) */
    str key;            /* the name, when this is a member of an object */
    struct json *first; /* JSON_ARRAY, JSON_OBJECT: its elements or members, in order */
    struct json *next;  /* the next element or member of the same parent */
};

struct json_limits {
    unsigned depth;  /* arrays and objects in one another */
    unsigned values; /* values in all; names not counted, members given twice counted twice */
};

/* 64 levels; 100,000 values. */
extern const struct json_limits json_default_limits;

enum json_read_result {
    JSON_READ_OK,
    JSON_READ_SYNTAX,   /* why says where and what */
    JSON_READ_ENCODING, /* ill-formed UTF-8 (or -16 or -32: see encoding): no position */
    JSON_READ_LIMIT     /* too deep or too many values; why says where and what */
};

struct json_failure {
    size_t position;     /* in code points from the start */
    const char *message; /* "Expecting value", "Expecting ',' delimiter", … */
};

/* Reads the whole of text. *out is written on JSON_READ_OK, *why on SYNTAX and LIMIT. */
enum json_read_result json_read(struct arena *a, str text, const struct json_limits *limits,
                                struct json **out, struct json_failure *why);
/* The member of that name, or NULL; NULL also when object is NULL or no object. Names compare byte for byte.
 */
const struct json *json_member(const struct json *object, str name);
/* Writes a value again as JSON. Strings for NaN and infinities ("nan", "inf", "-inf"). Under a member for
 * which hide(key) is true, at any depth, the value is written as "**********"; hide may be NULL. */
void json_put(struct buf *b, const struct json *value, bool (*hide)(str key));

#endif
