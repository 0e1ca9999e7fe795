#include <stdio.h>

#include "base/arena.h"
#include "conf/settings.h"
#include "http/crud.h"
#include "http/openapi_part.h"

/* "voted-posts" as "VotedPosts". */
static void put_camel(struct buf *b, str word)
{
    bool upper = true;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (c == '-' || c == '_' || c == '.') {
            upper = true;
            continue;
        }
        buf_char(b, (char)(upper && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
        upper = false;
    }
}

static str singular(str word)
{
    return word.n > 1 && word.p[word.n - 1] == 's' ? str_slice(word, 0, word.n - 1) : word;
}

static const char *verb_of(const struct route *r)
{
    switch (r->method) {
    case METHOD_POST:
        return "create";
    case METHOD_PUT:
        return "replace";
    case METHOD_PATCH:
        return "update";
    case METHOD_DELETE:
        return "delete";
    case METHOD_GET:
    case METHOD_HEAD:
    case METHOD_OPTIONS:
    case METHOD_OTHER:
    case METHOD__MAX:
        break;
    }
    return r->is_list ? "list" : "get";
}

/* A verb, then what the path names: what stands before a key is one of many, and so is what is made. */
str openapi_operation(struct arena *a, const struct route *route)
{
    struct buf b;
    str path = str_of(route->path);
    if (route->operation != NULL) {
        return str_of(route->operation);
    }
    buf_init(&b, a, 64, 256);
    buf_c(&b, verb_of(route));
    for (size_t at = 1; at < path.n;) {
        size_t end = str_find(path, '/', at);
        str word = str_slice(path, at, end);
        bool key_follows = end + 1 < path.n && path.p[end + 1] == '{';
        bool last = end == path.n;
        bool me_follows = str_starts(str_slice(path, end, path.n), STR("/me"));
        at = end + 1;
        if (word.p[0] == '{' || me_follows) {
            continue;
        }
        if (str_eq(word, STR("me"))) {
            buf_c(&b, last ? "Me" : "My");
        } else {
            put_camel(&b, key_follows || (last && !route->is_list) ? singular(word) : word);
        }
    }
    return buf_view(&b);
}

static void put_path_keys(struct openapi_writer *w, const struct route *r)
{
    struct doc *d = &w->o.doc;
    for (unsigned i = 0; i < CALL_MAX_KEYS && r->keys[i] != NULL; i++) {
        const struct field *key = &r->keys[i]->fields[resource_key(r->keys[i])];
        struct field plain = *key;
        plain.example = NULL;
        doc_object(d, NULL);
        doc_str(d, "name", route_key_name(r, i));
        doc_c(d, "in", "path");
        doc_bool(d, "required", true);
        doc_format(d, "description", "the %s's %s", r->keys[i]->name, key->name);
        openapi_put_field(&w->o, "schema", &plain, OPENAPI_QUERY);
        doc_end(d);
    }
}

static void put_header_parameter(struct doc *d, const char *name, const char *description, bool required,
                                 const char *schema)
{
    doc_object(d, NULL);
    doc_c(d, "name", name);
    doc_c(d, "in", "header");
    doc_c(d, "description", description);
    if (required) {
        doc_bool(d, "required", true);
    }
    doc_json(d, "schema", schema);
    doc_end(d);
}

static void put_header_parameters(struct openapi_writer *w, const struct route_facts *f)
{
    static const char text[] = "{\"type\":\"string\"}";
    struct doc *d = &w->o.doc;
    if (f->conditional) {
        put_header_parameter(d, "If-Match",
                             "an ETag: nothing is changed when somebody has edited it since (412)",
                             f->must_match, text);
    }
    if (f->etag && f->route->method == METHOD_GET) {
        put_header_parameter(d, "If-None-Match", "an ETag: 304 when it still holds", false, text);
    }
    if (f->route->later != NULL) {
        put_header_parameter(
            d, "Prefer",
            "respond-async: an answer at once (202); wait=SECONDS: at the latest then (RFC 7240)", false,
            text);
    }
    if (f->idempotent) {
        put_header_parameter(
            d, "Idempotency-Key",
            "any text: sent again within a day, the same request with the same key is done once", false,
            "{\"type\":\"string\",\"minLength\":1,\"maxLength\":255,\"pattern\":\"^[ -~]+$\"}");
    }
}

static void put_parameters(struct openapi_writer *w, const struct route_facts *f)
{
    const struct route *r = f->route;
    struct openapi *o = &w->o;
    if (r->keys[0] == NULL && !f->view && r->params == NULL && !f->conditional && !f->etag &&
        !f->idempotent) {
        return;
    }
    doc_list(&o->doc, "parameters");
    put_path_keys(w, r);
    if (r->params != NULL) {
        openapi_put_form_parameters(o, r->params);
    }
    if (r->is_list) {
        openapi_put_list_parameters(o, r->crud->resource);
    }
    if (f->view) {
        openapi_put_view_parameters(o, r->is_list ? crud_shape(r->crud) : crud_shape_of_one(r->crud),
                                    f->relations);
    }
    put_header_parameters(w, f);
    doc_end(&o->doc);
}

static void put_content(struct openapi_writer *w, const struct route *r, const char *type)
{
    doc_object(&w->o.doc, type);
    openapi_ref_form(&w->o, "schema", r->body, r->mode);
    doc_end(&w->o.doc);
}

static void put_upload(struct doc *d)
{
    doc_object(d, "multipart/form-data");
    doc_json(d, "schema",
             "{\"type\":\"object\",\"properties\":{\"file\":{\"description\":\"a PNG, JPEG or WebP\","
             "\"type\":\"string\",\"format\":\"binary\"}},\"required\":[\"file\"]}");
    doc_json(d, "encoding", "{\"file\":{\"contentType\":\"image/png, image/jpeg, image/webp\"}}");
    doc_end(d);
}

static void put_request_body(struct openapi_writer *w, const struct route *r)
{
    struct doc *d = &w->o.doc;
    if (r->body == NULL && !r->upload) {
        return;
    }
    doc_object(d, "requestBody");
    doc_bool(d, "required", !r->body_optional);
    doc_object(d, "content");
    if (r->upload) {
        put_upload(d);
    } else if (r->body_is_form) {
        put_content(w, r, "application/x-www-form-urlencoded");
        put_content(w, r, "multipart/form-data");
    } else {
        put_content(w, r, "application/json");
    }
    doc_end(d);
    doc_end(d);
}

static void put_scheme(struct doc *d, const char *name)
{
    doc_object(d, NULL);
    if (name != NULL) {
        doc_list(d, name);
        doc_end(d);
    }
    doc_end(d);
}

static void put_security(struct openapi_writer *w, const struct route *r)
{
    struct doc *d = &w->o.doc;
    doc_list(d, "security");
    if (r->access == ACCESS_READ && w->source->settings->public_read) {
        put_scheme(d, NULL);
    }
    if (r->access != ACCESS_OPEN) {
        put_scheme(d, "oauth2");
        put_scheme(d, "bearer");
        put_scheme(d, "cookie");
    }
    doc_end(d);
}

static const char *who_may(const struct openapi_writer *w, const struct route_facts *f)
{
    switch (f->route->access) {
    case ACCESS_OPEN:
        return "Anybody may.";
    case ACCESS_READ:
        return w->source->settings->public_read ? "Anybody may; a token that is sent must be good."
                                                : "Whoever is signed in may.";
    case ACCESS_USER:
        return f->owned || (f->route->fails & FAILS(ERROR_FORBIDDEN)) != 0 ? "Its owner and admins may."
                                                                           : "Whoever is signed in may.";
    case ACCESS_MODERATOR:
        return "Moderators and admins may.";
    case ACCESS_ADMIN:
        return "Admins may.";
    }
    abort();
}

static void put_description(struct openapi_writer *w, const struct route_facts *f)
{
    const struct route *r = f->route;
    struct buf b;
    buf_init(&b, w->o.arena, 256, 2048);
    buf_c(&b, who_may(w, f));
    if (r->is_list) {
        const char *by_default = r->crud->by_default;
        const char *quote = by_default != NULL ? "`" : "";
        buf_printf(&b, " Sorted by %s%s%s where nothing else is asked for.", quote,
                   by_default != NULL ? by_default : "the key", quote);
    }
    if (f->gives[0] == 201 && f->gives[1] == 200) {
        buf_lit(&b, " 201 when it is made, 200 when it was there.");
    }
    if (r->mode == VALIDATE_REPLACE && r->body != NULL) {
        buf_lit(&b, " What is left out returns to its default.");
    } else if (r->mode == VALIDATE_PATCH && r->body != NULL) {
        buf_lit(&b, " Only what is sent is changed.");
    }
    if (r->doc != NULL) {
        buf_printf(&b, " %s", r->doc);
    }
    doc_str(&w->o.doc, "description", buf_view(&b));
}

void openapi_put_operation(struct openapi_writer *w, const struct route_facts *f,
                           const struct route_group *group)
{
    struct doc *d = &w->o.doc;
    const struct route *r = f->route;
    char method[8];
    size_t n = 0;
    for (const char *c = method_name(r->method); *c != '\0' && n + 1 < sizeof method; c++) {
        method[n++] = (char)(*c - 'A' + 'a');
    }
    method[n] = '\0';
    doc_object(d, method);
    doc_str(d, "operationId", openapi_operation(w->o.arena, r));
    if (r->summary != NULL) {
        doc_c(d, "summary", r->summary);
    }
    put_description(w, f);
    doc_list(d, "tags");
    doc_c(d, NULL, group->name);
    doc_end(d);
    put_security(w, r);
    put_parameters(w, f);
    put_request_body(w, r);
    openapi_put_answers(w, f);
    doc_end(d);
}
