#include "engine/openapi.h"

#include <string.h>

#include "base/arena.h"

static void put_form(struct openapi *o, const struct openapi_model *m)
{
    const struct resource *form = m->form;
    enum openapi_use use = m->mode == VALIDATE_PATCH ? OPENAPI_PATCH : OPENAPI_WHOLE;
    struct doc *d = &o->doc;
    bool any = false;
    doc_c(d, "type", "object");
    doc_object(d, "properties");
    for (size_t i = 0; i < form->field_count; i++) {
        if (field_is_input(&form->fields[i])) {
            openapi_put_field(o, form->fields[i].name, &form->fields[i], use);
        }
    }
    doc_end(d);
    for (size_t i = 0; use == OPENAPI_WHOLE && i < form->field_count; i++) {
        const struct field *f = &form->fields[i];
        if (field_is_input(f) && (f->flags & REQUIRED) != 0) {
            if (!any) {
                doc_list(d, "required");
            }
            any = true;
            doc_c(d, NULL, f->name);
        }
    }
    if (any) {
        doc_end(d);
    }
}

/* Rows of another table, in answers, as member of what is open. */
static void put_related(struct openapi *o, const struct field *f, const struct shape *within, bool on_request)
{
    struct doc *d = &o->doc;
    bool always = f->type == FIELD_ONE && (within->resource->fields[f->key].flags & NULLABLE) == 0;
    const char *doc = f->doc == NULL || !on_request
                          ? f->doc
                          : str_format(o->arena, "%s; only on request: include=%s", f->doc, f->name).p;
    if (always) {
        openapi_ref_model(o, f->name, &(struct openapi_model){.shape = f->show}, doc);
        return;
    }
    doc_object(d, f->name);
    if (f->type == FIELD_MANY) {
        doc_c(d, "type", "array");
        doc_int(d, "maxItems", f->max);
        openapi_ref_shape(o, "items", f->show, false);
    } else {
        doc_list(d, "anyOf");
        openapi_ref_shape(o, NULL, f->show, false);
        doc_object(d, NULL);
        doc_c(d, "type", "null");
        doc_end(d);
        doc_end(d);
    }
    if (doc != NULL) {
        doc_c(d, "description", doc);
    }
    doc_end(d);
}

static bool is_flat(const struct field *f)
{
    return (f->flags & FLAT) != 0 && field_is_one(f);
}

static void put_members(struct openapi *o, const struct shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (is_flat(f)) {
            put_members(o, f->show);
        } else if (field_is_one(f) || f->type == FIELD_MANY) {
            put_related(o, f, shape, false);
        } else {
            openapi_put_field(o, f->name, f, OPENAPI_SHOWN);
        }
    }
}

/* The relations on request that are not there anyway. */
static void put_relations(struct openapi *o, const struct shape *shape)
{
    for (size_t i = 0; i < shape->resource->field_count; i++) {
        const struct field *f = &shape->resource->fields[i];
        if ((f->flags & ON_REQUEST) != 0 && memchr(shape->fields, (int)i, shape->count) == NULL) {
            put_related(o, f, shape, true);
        }
    }
}

static void put_required(struct openapi *o, const struct shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (is_flat(f)) {
            put_required(o, f->show);
        } else {
            doc_c(&o->doc, NULL, f->name);
        }
    }
}

static void put_shape(struct openapi *o, const struct openapi_model *m)
{
    struct doc *d = &o->doc;
    doc_c(d, "type", "object");
    doc_object(d, "properties");
    put_members(o, m->shape);
    if (m->relations) {
        put_relations(o, m->shape);
    }
    doc_end(d);
    if (!m->part) {
        doc_list(d, "required");
        put_required(o, m->shape);
        doc_end(d);
    }
}

static void put_tree(struct openapi *o, const struct openapi_model *m)
{
    struct doc *d = &o->doc;
    doc_list(d, "allOf");
    openapi_ref_shape(o, NULL, m->shape, false);
    doc_object(d, NULL);
    doc_c(d, "type", "object");
    doc_object(d, "properties");
    doc_object(d, m->nested);
    doc_c(d, "type", "array");
    openapi_ref_tree(o, "items", m->shape, m->nested);
    doc_c(d, "description", "those that answer it, the oldest first");
    doc_end(d);
    doc_end(d);
    doc_list(d, "required");
    doc_c(d, NULL, m->nested);
    doc_end(d);
    doc_end(d);
    doc_end(d);
}

static void put_model(struct openapi *o, const struct openapi_model *m)
{
    const struct resource *r = m->form != NULL ? m->form : m->shape->resource;
    const char *doc = r->doc != NULL ? r->doc : r->name;
    doc_object_str(&o->doc, openapi_model_name(o->arena, m));
    doc_format(&o->doc, "description", "%s%s", doc,
               m->part   ? ": the members that `fields` names"
               : m->tree ? ", with all that answers it"
                         : "");
    if (m->form != NULL) {
        put_form(o, m);
    } else if (m->tree) {
        put_tree(o, m);
    } else {
        put_shape(o, m);
    }
    doc_end(&o->doc);
}

void openapi_put_models(struct openapi *o)
{
    for (size_t i = 0; i < o->model_count; i++) { /* writing one may add others */
        const struct openapi_model m = o->models[i];
        put_model(o, &m);
    }
}
