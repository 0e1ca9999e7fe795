#include <stdlib.h>

#include "base/arena.h"
#include "engine/openapi.h"

void openapi_init(struct openapi *o, struct arena *a, struct buf *out)
{
    *o = (struct openapi){.doc = doc_over(out), .arena = a};
}

str openapi_model_name(struct arena *a, const struct openapi_model *m)
{
    static const char *const modes[] = {
        [VALIDATE_CREATE] = "Create", [VALIDATE_REPLACE] = "Replace", [VALIDATE_PATCH] = "Patch"};
    if (m->form != NULL && m->form->shape == NULL) {
        return str_of(m->form->name);
    }
    const char *name = m->form != NULL ? m->form->shape->name : m->shape->name;
    return str_format(a, "%s%s", name,
                      m->form != NULL ? modes[m->mode]
                      : m->part       ? "Part"
                      : m->tree       ? "Tree"
                                      : "");
}

static bool same_model(const struct openapi_model *a, const struct openapi_model *b)
{
    return a->form == b->form && a->mode == b->mode && a->shape == b->shape && a->part == b->part &&
           a->tree == b->tree;
}

void openapi_ref_model(struct openapi *o, const char *name, const struct openapi_model *m, const char *doc)
{
    size_t i = 0;
    while (i < o->model_count && !same_model(&o->models[i], m)) {
        i++;
    }
    if (i == OPENAPI_MAX_MODELS) {
        abort();
    }
    if (i == o->model_count) {
        o->models[o->model_count++] = *m;
    }
    o->models[i].relations = o->models[i].relations || m->relations;
    doc_object(&o->doc, name);
    doc_format(&o->doc, "$ref", "#/components/schemas/%.*s", STR_ARGS(openapi_model_name(o->arena, m)));
    if (doc != NULL) {
        doc_c(&o->doc, "description", doc);
    }
    doc_end(&o->doc);
}

void openapi_ref_form(struct openapi *o, const char *name, const struct resource *form,
                      enum validate_mode mode)
{
    openapi_ref_model(o, name, &(struct openapi_model){.form = form, .mode = mode}, NULL);
}

void openapi_ref_shape(struct openapi *o, const char *name, const struct shape *shape, bool relations)
{
    openapi_ref_model(o, name, &(struct openapi_model){.shape = shape, .relations = relations}, NULL);
}

void openapi_ref_part(struct openapi *o, const char *name, const struct shape *shape, bool relations)
{
    openapi_ref_model(o, name, &(struct openapi_model){.shape = shape, .relations = relations, .part = true},
                      NULL);
}

void openapi_ref_tree(struct openapi *o, const char *name, const struct shape *shape, const char *nested)
{
    openapi_ref_model(o, name, &(struct openapi_model){.shape = shape, .tree = true, .nested = nested}, NULL);
}
