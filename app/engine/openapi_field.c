#include <stdlib.h>

#include "engine/openapi.h"

/* bcrypt cuts what is longer; a password of more bytes is refused, so one of more characters is too. */
enum { PASSWORD_MOST = 72 };

static const char uuid_example[] = "0190d3f5-5d3c-7b6e-9c3a-2f1b8c7d6e5f";

static void put_type(struct doc *d, const char *type, bool nullable)
{
    if (!nullable) {
        doc_c(d, "type", type);
        return;
    }
    doc_list(d, "type");
    doc_c(d, NULL, type);
    doc_c(d, NULL, "null");
    doc_end(d);
}

static void put_example(struct doc *d, const char *text)
{
    doc_list(d, "examples");
    doc_c(d, NULL, text);
    doc_end(d);
}

static void put_int(struct doc *d, const struct field *f, enum openapi_use use, bool nullable)
{
    bool counted = f->type == FIELD_COUNT;
    put_type(d, "integer", nullable);
    doc_c(d, "format", "int64");
    if (f->type == FIELD_INT && use != OPENAPI_SHOWN) {
        if (f->bounded || f->min != 0) {
            doc_int(d, "minimum", f->min);
        }
        if ((f->bounded || f->max != 0) && f->max != INT64_MAX) {
            doc_int(d, "maximum", f->max);
        }
    } else if (counted) {
        doc_int(d, "minimum", 0);
    }
}

/* A moment may be given as a day. */
static void put_time(struct doc *d, enum openapi_use use, bool nullable)
{
    if (use == OPENAPI_SHOWN) {
        put_type(d, "string", nullable);
        doc_c(d, "format", "date-time");
        put_example(d, "2026-03-01T09:30:00.123456Z");
        return;
    }
    doc_list(d, "anyOf");
    for (int day = 0; day < 2; day++) {
        doc_object(d, NULL);
        put_type(d, "string", nullable);
        doc_c(d, "format", day ? "date" : "date-time");
        doc_end(d);
    }
    doc_end(d);
}

static void put_choice(struct doc *d, const struct field *f, bool nullable)
{
    put_type(d, "string", nullable);
    doc_list(d, "enum");
    for (const struct choice *c = f->choices; c->name != NULL; c++) {
        doc_c(d, NULL, c->name);
    }
    if (nullable) {
        doc_json(d, NULL, "null");
    }
    doc_end(d);
}

static const char *text_format(const struct field *f)
{
    switch ((int)f->type) {
    case FIELD_EMAIL:
        return "idn-email"; /* the domain, and what stands before it, may be in any script */
    case FIELD_URL:
        return (f->flags & LOCAL) != 0 ? "iri-reference" : "iri";
    case FIELD_PASSWORD:
        return "password";
    default:
        return NULL;
    }
}

static const char *text_example(const struct field *f)
{
    if (f->example != NULL) {
        return f->example;
    }
    return f->type == FIELD_EMAIL ? "ada@example.com"
           : f->type == FIELD_URL ? "https://example.com/ada"
                                  : NULL;
}

static void put_text(struct doc *d, const struct field *f, enum openapi_use use, bool nullable)
{
    const char *format = text_format(f);
    const char *example = text_example(f);
    int64_t most = f->type == FIELD_PASSWORD && f->max == 0 ? PASSWORD_MOST : f->max;
    put_type(d, "string", nullable);
    if (format != NULL) {
        doc_c(d, "format", format);
    }
    if (use != OPENAPI_SHOWN && f->type != FIELD_EMAIL) { /* an address is measured after it is normalised */
        if (f->min > 0) {
            doc_int(d, "minLength", f->min);
        }
        if (most > 0) {
            doc_int(d, "maxLength", most);
        }
    }
    if (f->pattern != NULL) {
        doc_list(d, "enum");
        doc_c(d, NULL, f->pattern);
        doc_end(d);
    } else if (example != NULL) {
        put_example(d, example);
    }
}

static void put_uuid(struct doc *d, bool nullable)
{
    put_type(d, "string", nullable);
    doc_c(d, "format", "uuid");
    put_example(d, uuid_example);
}

static void put_date(struct doc *d, bool nullable)
{
    put_type(d, "string", nullable);
    doc_c(d, "format", "date");
    put_example(d, "1815-12-10");
}

/* A list of objects, in input. */
static void put_list(struct openapi *o, const struct field *f)
{
    doc_c(&o->doc, "type", "array");
    doc_int(&o->doc, "maxItems", f->max);
    openapi_ref_form(o, "items", f->to, VALIDATE_CREATE);
}

/* A list of texts. */
static void put_texts(struct openapi *o, const struct field *f, enum openapi_use use, bool nullable)
{
    put_type(&o->doc, "array", nullable);
    if (use != OPENAPI_SHOWN) {
        doc_int(&o->doc, "minItems", f->min);
        doc_int(&o->doc, "maxItems", f->max);
    }
    openapi_put_field(o, "items", f->item, use == OPENAPI_WHOLE ? OPENAPI_PATCH : use);
}

static void put_default(struct doc *d, const struct field *f)
{
    const struct initial *initial = &f->initial;
    if (initial->kind == INITIAL_TEXT) {
        doc_c(d, "default", initial->text);
    } else if (initial->kind == INITIAL_INT && f->type == FIELD_BOOL) {
        doc_bool(d, "default", initial->i != 0);
    } else if (initial->kind == INITIAL_INT && f->type == FIELD_CHOICE) {
        for (const struct choice *c = f->choices; c->name != NULL; c++) {
            if (c->stored == initial->i) {
                doc_c(d, "default", c->name);
            }
        }
    } else if (initial->kind == INITIAL_INT) {
        doc_int(d, "default", initial->i);
    }
}

/* What kind of value it is. */
static void put_kind(struct openapi *o, const struct field *f, enum openapi_use use)
{
    struct doc *d = &o->doc;
    bool nullable = (f->flags & NULLABLE) != 0 && use != OPENAPI_QUERY;
    if (f->type == FIELD_CHOICE) {
        put_choice(d, f, nullable);
        return;
    }
    if (f->type == FIELD_PASSWORD) {
        put_text(d, f, use, nullable);
        return;
    }
    if (f->type == FIELD_TEXTS) {
        put_texts(o, f, use, nullable);
        return;
    }
    switch (field_kind(f)) {
    case VALUE_INT:
        put_int(d, f, use, nullable);
        return;
    case VALUE_BOOL:
        put_type(d, "boolean", nullable);
        return;
    case VALUE_DOUBLE:
        put_type(d, "number", nullable);
        doc_c(d, "format", "double");
        return;
    case VALUE_TEXT:
        put_text(d, f, use, nullable);
        return;
    case VALUE_TIME:
        put_time(d, use, nullable);
        return;
    case VALUE_DATE:
        put_date(d, nullable);
        return;
    case VALUE_BYTES:
        put_uuid(d, nullable);
        return;
    case VALUE_LIST:
        put_list(o, f);
        return;
    case VALUE_ABSENT:
    case VALUE_NULL:
        break;
    }
    abort(); /* no kind of value that is sent or shown */
}

/* A default in a body stands one level deeper: generators of types (openapi-typescript) take one beside `type` for a
 * promise that the member is there, and would ask senders for what they may leave out. */
static void put_kind_of_body(struct openapi *o, const struct field *f)
{
    struct doc *d = &o->doc;
    bool deeper = f->initial.kind == INITIAL_TEXT || f->initial.kind == INITIAL_INT;
    if (deeper) {
        doc_list(d, "allOf");
        doc_object(d, NULL);
    }
    put_kind(o, f, OPENAPI_WHOLE);
    put_default(d, f);
    if (deeper) {
        doc_end(d);
        doc_end(d);
    }
}

void openapi_put_field(struct openapi *o, const char *name, const struct field *f, enum openapi_use use)
{
    struct doc *d = &o->doc;
    doc_object(d, name);
    if (use == OPENAPI_WHOLE) {
        put_kind_of_body(o, f);
    } else {
        put_kind(o, f, use);
    }
    if (f->doc != NULL && use != OPENAPI_QUERY) { /* a parameter has its own */
        doc_c(d, "description", f->doc);
    }
    if (use == OPENAPI_QUERY) {
        put_default(d, f);
    }
    if (f->type == FIELD_PASSWORD || (f->flags & WRITE_ONLY) != 0) {
        doc_bool(d, "writeOnly", true);
    }
    doc_end(d);
}
