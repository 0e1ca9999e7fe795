/*
 * openapi: declared tables and forms as the schemas of an OpenAPI 3.1 document (JSON Schema 2020-12), and the
 * parameters of their lists. What a document says and what engine/validate and engine/query read comes from the same
 * tables.
 *
 * A schema is written where it is first needed as a reference, and remembered; openapi_put_models() writes all that
 * was referred to, and what those refer to in turn. Input is described as it is meant to be sent: that "12" is also
 * taken for 12 is kindness, no promise. No schema forbids further members: unknown ones are ignored in input, and
 * clients must expect new ones in answers. What a shape shows is required in it, relations on request are not.
 *
 *     struct openapi o;
 *     openapi_init(&o, a, &out);
 *     openapi_ref_shape(&o, "schema", post_resource.shape, true);     // {"$ref":"#/components/schemas/Post"}
 *     doc_object(&o.doc, "schemas");
 *     openapi_put_models(&o);
 *     doc_end(&o.doc);
 */
#ifndef QUIRE_ENGINE_OPENAPI_H
#define QUIRE_ENGINE_OPENAPI_H

#include "base/doc.h"
#include "engine/validate.h"

struct arena;

enum { OPENAPI_MAX_MODELS = 160 };

/* A schema that is referred to: a form as it is read, or a shape. */
struct openapi_model {
    const struct resource *form;
    enum validate_mode mode;
    const struct shape *shape;
    bool relations; /* those on request may stand in it */
    bool part;      /* only the members that were asked for */
    bool tree;      /* with rows of its own kind within */
    const char *nested;
};

struct openapi {
    struct doc doc;
    struct arena *arena;
    struct openapi_model models[OPENAPI_MAX_MODELS];
    size_t model_count;
};

/* What a field is described for. */
enum openapi_use {
    OPENAPI_WHOLE, /* sent in a body that makes or replaces an object */
    OPENAPI_PATCH, /* sent in a body that changes one */
    OPENAPI_QUERY, /* sent as a parameter */
    OPENAPI_SHOWN  /* shown in answers */
};

void openapi_init(struct openapi *o, struct arena *a, struct buf *out);

/* The schema of one field as member `name` of what is open in o->doc. */
void openapi_put_field(struct openapi *o, const char *name, const struct field *f, enum openapi_use use);

/* References, as member `name`. A form read in that mode: */
void openapi_ref_form(struct openapi *o, const char *name, const struct resource *form,
                      enum validate_mode mode);
/* A shape; `relations`: with those that a request may ask for. */
void openapi_ref_shape(struct openapi *o, const char *name, const struct shape *shape, bool relations);
/* The members of a shape that `fields` names. */
void openapi_ref_part(struct openapi *o, const char *name, const struct shape *shape, bool relations);
/* A shape with a list of its own kind as member `nested`. */
void openapi_ref_tree(struct openapi *o, const char *name, const struct shape *shape, const char *nested);
/* Any of them. doc: what it is here; NULL: nothing beyond what the schema says of itself. */
void openapi_ref_model(struct openapi *o, const char *name, const struct openapi_model *m, const char *doc);

/* Writes every schema referred to so far as members of what is open, and what they refer to. */
void openapi_put_models(struct openapi *o);
/* The name that a schema has in the document. */
str openapi_model_name(struct arena *a, const struct openapi_model *m);

/* Parameters, as elements of the list that is open. */

/* All that engine/query reads of a list: page, order, filters, search. */
void openapi_put_list_parameters(struct openapi *o, const struct resource *r);
/* Those that say how rows are shown: fields, and where there are relations include. */
void openapi_put_view_parameters(struct openapi *o, const struct shape *shape, bool relations);
/* Those of a form of a route's own. */
void openapi_put_form_parameters(struct openapi *o, const struct resource *form);
/* The parameters that all lists share, as members of components/parameters. */
void openapi_put_shared_parameters(struct openapi *o);

#endif
