#include "base/json_in.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/encoding.h"
#include "base/json_out.h"
#include "base/json_string.h"
#include "base/names.h"
#include "base/text.h"

const struct json_limits json_default_limits = {.depth = 64, .values = 100000};

enum { FEW = 16 }; /* among this many members a name is looked for one by one */

/* An array or object that is still open. Levels are kept for reuse, so there
 * are never more than the depth. */
struct level {
    struct level *outer;
    struct level *inner;
    struct json *container;
    struct json *last;
    struct names *names; /* of an object with many members; else NULL */
};

struct reader {
    struct arena *arena;
    const struct json_limits *limits;
    const char *at;
    const char *end;
    struct level outermost; /* stands for the text itself */
    struct level *level;
    unsigned depth;
    unsigned values;
    bool limited;
    const char *message;
};

static bool fail(struct reader *r, const char *at, const char *message)
{
    r->at = at;
    r->message = message;
    return false;
}

static bool exceed(struct reader *r, const char *message)
{
    r->limited = true;
    return fail(r, r->at, message);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')) {
        r->at++;
    }
}

static bool is_digit(const struct reader *r, const char *p)
{
    return p < r->end && *p >= '0' && *p <= '9';
}

static bool read_string(struct reader *r, struct json_string *s)
{
    const char *at = r->at;
    const char *wrong = json_string_read(r->arena, &at, r->end, s);
    if (wrong != NULL) {
        return fail(r, at, wrong);
    }
    r->at = at;
    return true;
}

static bool read_string_value(struct reader *r, struct json *v)
{
    struct json_string s;
    if (!read_string(r, &s)) {
        return false;
    }
    v->type = JSON_STRING;
    v->text = s.text;
    v->lone_surrogate = s.lone_surrogate;
    v->has_nul = s.has_nul;
    return true;
}

static bool read_word(struct reader *r, struct json *v, str word, enum json_type type)
{
    if ((size_t)(r->end - r->at) < word.n || memcmp(r->at, word.p, word.n) != 0) {
        return fail(r, r->at, "Expecting value");
    }
    v->type = type;
    v->truth = word.p[0] == 't';
    if (type == JSON_FLOAT) {
        v->text = (str){r->at, word.n};
    }
    r->at += word.n;
    return true;
}

static bool read_number(struct reader *r, struct json *v)
{
    const char *p = r->at + (*r->at == '-');
    if (!is_digit(r, p)) {
        return read_word(r, v, STR("-Infinity"), JSON_FLOAT);
    }
    v->type = JSON_INT;
    bool zero = *p++ == '0';
    while (!zero && is_digit(r, p)) {
        p++;
    }
    if (p < r->end && *p == '.' && is_digit(r, p + 1)) {
        v->type = JSON_FLOAT;
        p += 2;
        while (is_digit(r, p)) {
            p++;
        }
    }
    if (p < r->end && (*p == 'e' || *p == 'E')) {
        const char *digit = p + 1;
        digit += digit < r->end && (*digit == '+' || *digit == '-');
        if (is_digit(r, digit)) {
            v->type = JSON_FLOAT;
            p = digit + 1;
            while (is_digit(r, p)) {
                p++;
            }
        }
    }
    v->text = (str){r->at, (size_t)(p - r->at)};
    r->at = p;
    return true;
}

static bool open_container(struct reader *r, struct json *v, enum json_type type)
{
    if (r->depth == r->limits->depth) {
        return exceed(r, "Too deeply nested");
    }
    struct level *inner = r->level->inner;
    if (inner == NULL) {
        inner = ARENA_NEW(r->arena, struct level);
        inner->outer = r->level;
        r->level->inner = inner;
    }
    v->type = type;
    inner->container = v;
    inner->last = NULL;
    inner->names = NULL;
    r->level = inner;
    r->depth++;
    r->at++;
    return true;
}

/* Reads a value that is no container, or the opening bracket of one that is. */
static bool begin_value(struct reader *r, struct json *v)
{
    if (r->at == r->end) {
        return fail(r, r->at, "Expecting value");
    }
    if (r->values == r->limits->values) {
        return exceed(r, "Too many values");
    }
    r->values++;
    switch (*r->at) {
    case '"':
        return read_string_value(r, v);
    case '{':
        return open_container(r, v, JSON_OBJECT);
    case '[':
        return open_container(r, v, JSON_ARRAY);
    case 'n':
        return read_word(r, v, STR("null"), JSON_NULL);
    case 't':
        return read_word(r, v, STR("true"), JSON_BOOL);
    case 'f':
        return read_word(r, v, STR("false"), JSON_BOOL);
    case 'N':
        return read_word(r, v, STR("NaN"), JSON_FLOAT);
    case 'I':
        return read_word(r, v, STR("Infinity"), JSON_FLOAT);
    default:
        return *r->at == '-' || is_digit(r, r->at) ? read_number(r, v) : fail(r, r->at, "Expecting value");
    }
}

/* The open object's member of that name, or NULL. */
static struct json *find_member(struct reader *r, str name)
{
    struct level *l = r->level;
    struct json *m = l->container->first;
    if (l->container->count <= FEW) {
        while (m != NULL && !str_eq(m->key, name)) {
            m = m->next;
        }
        return m;
    }
    if (l->names == NULL) {
        l->names = ARENA_NEW(r->arena, struct names);
        names_init(l->names, r->arena);
        for (; m != NULL; m = m->next) {
            names_add(l->names, m->key, m);
        }
    }
    return names_find(l->names, name);
}

static struct json *append_child(struct reader *r)
{
    struct level *l = r->level;
    struct json *v = ARENA_NEW(r->arena, struct json);
    if (l->last == NULL) {
        l->container->first = v;
    } else {
        l->last->next = v;
    }
    l->last = v;
    l->container->count++;
    return v;
}

/* Reads a name and its colon; *out is the member, emptied when it was there
 * already. */
static bool begin_member(struct reader *r, struct json **out)
{
    struct json_string name;
    if (r->at == r->end || *r->at != '"') {
        return fail(r, r->at, "Expecting property name enclosed in double quotes");
    }
    if (!read_string(r, &name)) {
        return false;
    }
    skip_blanks(r);
    if (r->at == r->end || *r->at != ':') {
        return fail(r, r->at, "Expecting ':' delimiter");
    }
    r->at++;
    skip_blanks(r);
    struct json *member = find_member(r, name.text);
    if (member != NULL) {
        *member = (struct json){.key = member->key, .next = member->next};
    } else {
        member = append_child(r);
        member->key = name.text;
        if (r->level->names != NULL) {
            names_add(r->level->names, member->key, member);
        }
    }
    *out = member;
    return true;
}

/* Moves on to the next value in the open container, or to NULL when it ends
 * here. fresh: it was only just opened. */
static bool next_child(struct reader *r, bool fresh, struct json **out)
{
    bool object = r->level->container->type == JSON_OBJECT;
    skip_blanks(r);
    if (r->at < r->end && *r->at == (object ? '}' : ']')) {
        r->at++;
        r->level = r->level->outer;
        r->depth--;
        *out = NULL;
        return true;
    }
    if (!fresh) {
        if (r->at == r->end || *r->at != ',') {
            return fail(r, r->at, "Expecting ',' delimiter");
        }
        r->at++;
        skip_blanks(r);
    }
    if (object) {
        return begin_member(r, out);
    }
    *out = append_child(r);
    return true;
}

static bool read_tree(struct reader *r, struct json *root)
{
    struct json *v = root;
    skip_blanks(r);
    while (v != NULL) {
        unsigned depth = r->depth;
        if (!begin_value(r, v)) {
            return false;
        }
        bool fresh = r->depth > depth;
        v = NULL;
        while (v == NULL && r->depth > 0) {
            if (!next_child(r, fresh, &v)) {
                return false;
            }
            fresh = false;
        }
    }
    skip_blanks(r);
    return r->at == r->end || fail(r, r->at, "Extra data");
}

enum json_read_result json_read(struct arena *a, str text, const struct json_limits *limits,
                                struct json **out, struct json_failure *why)
{
    str utf8;
    if (!encoding_to_utf8(a, text, &utf8)) {
        return JSON_READ_ENCODING;
    }
    if (utf8.n == 0) {
        utf8 = STR("");
    }
    struct reader r = {.arena = a, .limits = limits, .at = utf8.p, .end = utf8.p + utf8.n};
    struct json *root = ARENA_NEW(a, struct json);
    r.level = &r.outermost;
    if (read_tree(&r, root)) {
        *out = root;
        return JSON_READ_OK;
    }
    why->message = r.message;
    why->position = text_length(str_slice(utf8, 0, (size_t)(r.at - utf8.p)));
    return r.limited ? JSON_READ_LIMIT : JSON_READ_SYNTAX;
}

const struct json *json_member(const struct json *object, str name)
{
    if (object == NULL || object->type != JSON_OBJECT) {
        return NULL;
    }
    const struct json *m = object->first;
    while (m != NULL && !str_eq(m->key, name)) {
        m = m->next;
    }
    return m;
}

/* NaN and the infinities have no number in JSON. */
static void put_float(struct buf *b, str text)
{
    if (str_eq(text, STR("NaN"))) {
        buf_lit(b, "\"nan\"");
    } else if (str_eq(text, STR("Infinity"))) {
        buf_lit(b, "\"inf\"");
    } else if (str_eq(text, STR("-Infinity"))) {
        buf_lit(b, "\"-inf\"");
    } else {
        buf_str(b, text);
    }
}

static void put_scalar(struct buf *b, const struct json *value)
{
    switch (value->type) {
    case JSON_NULL:
        buf_lit(b, "null");
        break;
    case JSON_BOOL:
        json_put_bool(b, value->truth);
        break;
    case JSON_FLOAT:
        put_float(b, value->text);
        break;
    case JSON_STRING:
        json_put_str(b, value->text);
        break;
    case JSON_INT:
    case JSON_ARRAY:
    case JSON_OBJECT:
        buf_str(b, value->text);
        break;
    }
}

void json_put(struct buf *b, const struct json *value, bool (*hide)(str key))
{
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) {
        put_scalar(b, value);
        return;
    }
    bool object = value->type == JSON_OBJECT;
    buf_char(b, object ? '{' : '[');
    for (const struct json *v = value->first; v != NULL; v = v->next) {
        if (v != value->first) {
            buf_char(b, ',');
        }
        if (object) {
            json_put_str(b, v->key);
            buf_char(b, ':');
        }
        if (object && hide != NULL && hide(v->key)) {
            buf_lit(b, "\"**********\"");
        } else {
            json_put(b, v, hide); /* as deep as the reader's limit let the tree become */
        }
    }
    buf_char(b, object ? '}' : ']');
}
