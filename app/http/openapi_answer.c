#include <stdio.h>

#include "base/arena.h"
#include "http/crud.h"
#include "http/openapi_part.h"

static void put_success_headers(struct openapi_writer *w, const struct route_facts *f, unsigned status)
{
    struct doc *d = &w->o.doc;
    const struct crud *crud = f->route->crud;
    doc_object(d, "headers");
    openapi_put_header(d, "X-Request-ID");
    openapi_put_header(d, "Cache-Control");
    if (f->etag) {
        openapi_put_header(d, "ETag");
    }
    bool goes_on = status == 202 && f->route->later != NULL;
    bool makes = f->route->method == METHOD_PUT || (crud != NULL && crud->location != NULL);
    if (goes_on || (status == 201 && makes)) {
        openapi_put_header(d, "Location");
    }
    if (goes_on) {
        openapi_put_header(d, "Preference-Applied");
    }
    if (f->route->limits[0] != NULL) {
        openapi_put_limit_headers(d);
    }
    if (f->route->is_list) {
        openapi_put_header(d, "Link");
        openapi_put_header(d, "X-Total-Count");
    }
    if (f->idempotent) {
        openapi_put_header(d, "Idempotent-Replayed");
    }
    doc_end(d);
}

/* The forms that one row of the answer can have, as elements of an anyOf. */
static void put_forms(struct openapi_writer *w, const struct route_facts *f)
{
    struct openapi *o = &w->o;
    for (size_t i = 0; f->shown[i] != NULL; i++) {
        bool relations =
            f->relations && (f->route->seen_as == NULL || f->shown[i] == crud_shape_of_one(f->route->crud));
        openapi_ref_shape(o, NULL, f->shown[i], relations);
        if (f->view) {
            openapi_ref_part(o, NULL, f->shown[i], relations);
        }
        if (f->route->nested != NULL) {
            openapi_ref_tree(o, NULL, f->shown[i], f->route->nested);
        }
    }
}

static void put_row(struct openapi_writer *w, const struct route_facts *f, const char *name)
{
    struct doc *d = &w->o.doc;
    if (f->shown[0] != NULL && f->shown[1] == NULL && !f->view) {
        openapi_ref_shape(&w->o, name, f->shown[0], f->relations);
        return;
    }
    doc_object(d, name);
    if (f->shown[0] == NULL) {
        doc_c(d, "type", "object");
        doc_bool(d, "additionalProperties", true); /* said, for generators take silence for an empty object */
    } else {
        doc_list(d, "anyOf");
        put_forms(w, f);
        doc_end(d);
    }
    doc_end(d);
}

/* Rows in an object that says which page they are. */
static void put_page(struct openapi_writer *w, const struct route_facts *f)
{
    static const struct {
        const char *name, *doc;
    } counts[] = {{"total_count", "how many rows there are on all pages"},
                  {"page", "which page this is; 1 is the first"},
                  {"page_size", "how many rows a page has, the last one apart"}};
    struct doc *d = &w->o.doc;
    doc_object(d, "schema");
    doc_c(d, "type", "object");
    doc_object(d, "properties");
    doc_object(d, f->route->paged);
    doc_c(d, "type", "array");
    put_row(w, f, "items");
    doc_c(d, "description", "the rows of this page");
    doc_end(d);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        doc_object(d, counts[i].name);
        doc_c(d, "description", counts[i].doc);
        doc_c(d, "type", "integer");
        doc_c(d, "format", "int64");
        doc_int(d, "minimum", 0);
        doc_end(d);
    }
    doc_end(d);
    doc_list(d, "required");
    doc_c(d, NULL, f->route->paged);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        doc_c(d, NULL, counts[i].name);
    }
    doc_end(d);
    doc_end(d);
}

static void put_body(struct openapi_writer *w, const struct route_facts *f, unsigned status)
{
    struct doc *d = &w->o.doc;
    const char *media = f->route->media;
    doc_object(d, "content");
    doc_object(d, media != NULL ? media : "application/json");
    if (media != NULL) {
        doc_json(d, "schema", "{\"type\":\"string\"}");
        doc_end(d);
        doc_end(d);
        return;
    }
    if (status == 202 && f->route->later != NULL) {
        openapi_ref_shape(&w->o, "schema", f->route->later, false);
    } else if (f->route->paged != NULL) {
        put_page(w, f);
    } else if (f->route->is_list || f->route->several) {
        doc_object(d, "schema");
        doc_c(d, "type", "array");
        put_row(w, f, "items");
        doc_end(d);
    } else {
        put_row(w, f, "schema");
    }
    doc_end(d);
    doc_end(d);
}

static const char *describe(const struct route_facts *f, unsigned status)
{
    if (status == 204) {
        return "Done; there is no body";
    }
    if (status == 201) {
        return "It is made";
    }
    if (status == 202) {
        return f->route->later == NULL ? "It will be done" : "It goes on; Location leads to how far it is";
    }
    return f->route->is_list                          ? "A page of the list"
           : f->gives[1] == 201 || f->gives[0] == 201 ? "It was there"
                                                      : "Done";
}

static void put_success(struct openapi_writer *w, const struct route_facts *f, unsigned status)
{
    struct doc *d = &w->o.doc;
    char member[8];
    (void)snprintf(member, sizeof member, "%u", status);
    doc_object(d, member);
    doc_c(d, "description", describe(f, status));
    put_success_headers(w, f, status);
    if (status != 204) {
        put_body(w, f, status);
    }
    doc_end(d);
}

static void put_not_modified(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    doc_object(d, "304");
    doc_c(d, "description", "It is as the ETag in If-None-Match says; there is no body");
    doc_object(d, "headers");
    openapi_put_header(d, "X-Request-ID");
    openapi_put_header(d, "Cache-Control");
    openapi_put_header(d, "ETag");
    doc_end(d);
    doc_end(d);
}

void openapi_put_answers(struct openapi_writer *w, const struct route_facts *f)
{
    doc_object(&w->o.doc, "responses");
    for (unsigned status = 200; status < 300; status++) {
        if (f->gives[0] == status || f->gives[1] == status) {
            put_success(w, f, status);
        }
    }
    if (f->etag && f->route->method == METHOD_GET) {
        put_not_modified(w);
    }
    for (unsigned status = 400; status < 600; status++) {
        openapi_put_refusals_of(w, f, status);
    }
    doc_end(&w->o.doc);
}
