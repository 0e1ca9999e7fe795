#include "engine/validate.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "engine/coerce.h"

/* What a body is read with. */
struct reading {
    struct problems *problems;
    struct arena *arena;
    enum validate_mode mode;
    validate_check *check; /* NULL: the table says all */
};

bool validate_text(struct problems *p, struct arena *a, const struct field *f, const struct place *at,
                   str text, struct value *out)
{
    struct source s = {p, a, f, at, input_text(text)};
    s.input.secret = (f->flags & SECRET) != 0;
    return coerce(&s, out);
}

/* What an absent field is when the whole object is being written. */
static struct value initial_value(const struct field *f)
{
    switch (f->initial.kind) {
    case INITIAL_INT:
        return f->type == FIELD_BOOL ? value_bool(f->initial.i != 0) : value_int(f->initial.i);
    case INITIAL_TEXT:
        return value_text(str_of(f->initial.text));
    case INITIAL_NOW:
        return (struct value){.kind = VALUE_ABSENT};
    case INITIAL_NONE:
        break;
    }
    return (f->flags & NULLABLE) != 0 ? value_null() : (struct value){.kind = VALUE_ABSENT};
}

/* Deals with an absent field; true when it was required and the caller has to complain. */
static bool absent(const struct field *f, enum validate_mode mode, struct value *out)
{
    if (mode == VALIDATE_PATCH) {
        return false;
    }
    *out = initial_value(f);
    return (f->flags & REQUIRED) != 0;
}

/* What was sent in place of an object: where a secret was expected nobody knows where in it that stands. */
static struct input no_object(const struct resource *form, const struct json *sent)
{
    struct input input = input_json(sent);
    for (size_t i = 0; i < form->field_count; i++) {
        input.secret = input.secret || (form->fields[i].flags & SECRET) != 0;
    }
    return input;
}

static void validate_object(const struct reading *r, const struct resource *form, const struct place *at,
                            const struct json *object, struct value *row);

/* One value, by the table and then by the check. False: a problem was noted. */
static bool read_value(const struct reading *r, const struct field *f, const struct place *at,
                       const struct json *json, struct value *out)
{
    struct source s = {r->problems, r->arena, f, at, input_json(json)};
    unsigned before = r->problems->count;
    s.input.secret = (f->flags & SECRET) != 0;
    if (!coerce(&s, out)) {
        return false;
    }
    err e = r->check == NULL ? NULL : r->check(&s, *out);
    if (e != NULL) {
        r->problems->broken = e;
    }
    return r->problems->count == before;
}

/* Whether what was sent is a list of as many items as f wants: *n. */
static bool is_list(const struct reading *r, const struct field *f, const struct place *at,
                    const struct json *list, size_t *n)
{
    if (list->type != JSON_ARRAY) {
        problem_add(r->problems, at, "list_type", input_json(list), NULL, "Input should be a valid list");
        return false;
    }
    *n = 0;
    for (const struct json *item = list->first; item != NULL; item = item->next) {
        ++*n;
    }
    if (*n > (size_t)f->max || *n < (size_t)f->min) {
        problem_count(r->problems, at, input_json(list), *n > (size_t)f->max,
                      *n > (size_t)f->max ? f->max : f->min, *n);
        return false;
    }
    return true;
}

/* A list of objects. pydantic counts the items before it looks at them. */
static void validate_list(const struct reading *r, const struct field *f, const struct place *at,
                          const struct json *list, struct value *out)
{
    struct reading whole = *r; /* items are new, whatever becomes of what they are in */
    size_t n = 0;
    if (!is_list(r, f, at, list, &n)) {
        return;
    }
    whole.mode = VALIDATE_CREATE;
    struct value *rows = ARENA_ARRAY(r->arena, struct value, n * f->to->field_count);
    const struct json *item = list->first;
    for (size_t i = 0; i < n; i++, item = item->next) {
        struct place here = {.within = at, .index = (long)i};
        validate_object(&whole, f->to, &here, item, rows + i * f->to->field_count);
    }
    *out = (struct value){.kind = VALUE_LIST, .list = {rows, n}};
}

/* A list of texts, which becomes the text of a JSON array. */
static void validate_texts(const struct reading *r, const struct field *f, const struct place *at,
                           const struct json *list, struct value *out)
{
    struct buf b;
    size_t n = 0;
    bool sound = is_list(r, f, at, list, &n);
    if (!sound) {
        return;
    }
    buf_init(&b, r->arena, 256, SIZE_MAX / 4); /* the body's limit is this one's */
    const struct json *item = list->first;
    for (size_t i = 0; i < n; i++, item = item->next) {
        struct place here = {.within = at, .index = (long)i};
        struct value text;
        bool fine = read_value(r, f->item, &here, item, &text);
        sound = sound && fine;
        if (fine) {
            buf_c(&b, i > 0 ? "," : "[");
            json_put_str(&b, text.text);
        }
    }
    buf_c(&b, n == 0 ? "[]" : "]");
    if (sound) {
        *out = value_text(buf_view(&b));
    }
}

static void validate_member(const struct reading *r, const struct field *f, const struct place *within,
                            const struct json *body, struct value *out)
{
    struct place at = {.within = within, .name = str_of(f->name)};
    const struct json *member = json_member(body, at.name);
    if (member == NULL) {
        if (absent(f, r->mode, out)) {
            problem_add(r->problems, &at, "missing", input_json(body), NULL, "Field required");
        }
        return;
    }
    if (member->type == JSON_NULL && (f->flags & NULLABLE) != 0) {
        *out = value_null();
        return;
    }
    if (f->type == FIELD_LIST) {
        validate_list(r, f, &at, member, out);
        return;
    }
    if (f->type == FIELD_TEXTS) {
        validate_texts(r, f, &at, member, out);
        return;
    }
    (void)read_value(r, f, &at, member, out);
}

static void validate_object(const struct reading *r, const struct resource *form, const struct place *at,
                            const struct json *object, struct value *row)
{
    for (size_t i = 0; i < form->field_count; i++) {
        row[i] = (struct value){.kind = VALUE_ABSENT};
    }
    if (object->type != JSON_OBJECT) {
        problem_add(r->problems, at, "model_attributes_type", no_object(form, object), NULL,
                    "Input should be a valid dictionary or object to extract fields from");
        return;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        if (field_is_input(&form->fields[i])) {
            validate_member(r, &form->fields[i], at, object, &row[i]);
        }
    }
}

void validate_body_checked(struct problems *p, struct arena *a, const struct resource *form,
                           enum validate_mode mode, validate_check *check, const struct json *body,
                           struct value *row)
{
    const struct reading r = {p, a, mode, check};
    static const struct place root = {.name = STR_INIT("body")};
    if (body == NULL || body->type == JSON_NULL) {
        for (size_t i = 0; i < form->field_count; i++) {
            row[i] = (struct value){.kind = VALUE_ABSENT};
        }
        problem_add(p, &root, "missing", input_json(NULL), NULL, "Field required");
        return;
    }
    validate_object(&r, form, &root, body, row);
}

void validate_body(struct problems *p, struct arena *a, const struct resource *form, enum validate_mode mode,
                   const struct json *body, struct value *row)
{
    validate_body_checked(p, a, form, mode, NULL, body, row);
}

/* Members sent as texts. */
static void validate_pairs(struct problems *p, struct arena *a, const struct resource *form,
                           const struct place *root, const struct pair *pairs, size_t count,
                           struct value *row)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = &form->fields[i];
        struct place at = {.within = root, .name = str_of(f->name)};
        const struct pair *last = url_find(pairs, count, at.name);
        row[i] = (struct value){.kind = VALUE_ABSENT};
        if (!field_is_input(f)) {
            continue;
        }
        if (last != NULL) {
            (void)validate_text(p, a, f, &at, last->value, &row[i]);
        } else if (absent(f, VALIDATE_CREATE, &row[i])) {
            problem_add(p, &at, "missing", input_json(NULL), NULL, "Field required");
        }
    }
}

void validate_form(struct problems *p, struct arena *a, const struct resource *form, const struct pair *pairs,
                   size_t count, struct value *row)
{
    static const struct place root = {.name = STR_INIT("body")};
    validate_pairs(p, a, form, &root, pairs, count, row);
}

void validate_query(struct problems *p, struct arena *a, const struct resource *form,
                    const struct pair *pairs, size_t count, struct value *row)
{
    static const struct place root = {.name = STR_INIT("query")};
    validate_pairs(p, a, form, &root, pairs, count, row);
}
