#include "http/openapi.h"

#include <string.h>

#include "base/arena.h"
#include "conf/settings.h"
#include "http/crud.h"
#include "http/openapi_part.h"

enum { FIRST_BYTES = 512 << 10, MOST_BYTES = 8 << 20, MAX_GROUPS = 64 };

/* What is on every page of the documentation. */
static const char about[] = "The backend of a publishing community: posts and notes, votes, comments, tags, "
                            "books and their reviews.\n\n"
                            "JSON in and out. Unknown members are ignored, and so are those that the server "
                            "sets. Lists are arrays; walk "
                            "the `next` links of the `Link` header. Errors are `{\"detail\": ...}` with "
                            "`X-Error-Code`, or RFC 9457 for who "
                            "accepts `application/problem+json`.\n\n"
                            "HEAD works wherever GET does, OPTIONS answers 204 with `Allow`, and every path "
                            "may end in a slash. What is no "
                            "operation of this document is 404 `no_route` or 405 `method_not_allowed`.";

/* The groups that operations are sorted under, as they are met. */
struct groups {
    struct route_group list[MAX_GROUPS];
    size_t n;
};

struct visit {
    struct openapi_writer *w;
    struct groups *groups;
    bool bare;
};

/* What a route is about: what it says, else the table of its crud or of its first key, else its first segment. */
static struct route_group group_of(struct arena *a, const struct route *r)
{
    const struct resource *about_it = r->crud != NULL ? r->crud->resource : r->keys[0];
    str path = str_of(r->path);
    if (r->group != NULL) {
        return *r->group;
    }
    if (about_it != NULL) {
        return (struct route_group){about_it->table, about_it->doc};
    }
    return (struct route_group){str_c(a, str_slice(path, 1, str_find(path, '/', 1))), NULL};
}

static void note_group(struct groups *groups, struct route_group group)
{
    size_t i = 0;
    while (i < groups->n && strcmp(groups->list[i].name, group.name) != 0) {
        i++;
    }
    if (i == MAX_GROUPS) {
        abort();
    }
    if (i == groups->n) {
        groups->list[groups->n++] = group;
    } else if (groups->list[i].doc == NULL) {
        groups->list[i].doc = group.doc;
    }
}

static void put_operations(const struct visit *v, const struct route *const *arrays, const char *path)
{
    for (; *arrays != NULL; arrays++) {
        for (const struct route *r = *arrays; r->path != NULL; r++) {
            struct route_facts facts;
            if (strcmp(r->path, path) != 0) {
                continue;
            }
            struct route_group group = group_of(v->w->o.arena, r);
            note_group(v->groups, group);
            route_facts_read(v->w->source, r, v->bare, &facts);
            openapi_put_operation(v->w, &facts, &group);
        }
    }
}

/* Whether the path of r stands in an earlier route. */
static bool is_repeated(const struct route *const *arrays, const struct route *r)
{
    for (; *arrays != NULL; arrays++) {
        for (const struct route *earlier = *arrays; earlier->path != NULL; earlier++) {
            if (earlier == r) {
                return false;
            }
            if (strcmp(earlier->path, r->path) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void put_server(struct doc *d, str url, const char *description)
{
    doc_list(d, "servers");
    doc_object(d, NULL);
    doc_str(d, "url", url);
    doc_c(d, "description", description);
    doc_end(d);
    doc_end(d);
}

static void put_paths(const struct visit *v, const struct route *const *arrays)
{
    struct doc *d = &v->w->o.doc;
    for (const struct route *const *array = arrays; *array != NULL; array++) {
        for (const struct route *r = *array; r->path != NULL; r++) {
            if (is_repeated(arrays, r)) {
                continue;
            }
            doc_object(d, r->path);
            if (v->bare) {
                put_server(d, STR("/"), "Outside the base path");
            }
            put_operations(v, arrays, r->path);
            doc_end(d);
        }
    }
}

static void put_info(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    doc_object(d, "info");
    doc_c(d, "title", "Quire");
    doc_c(d, "version", w->source->version);
    doc_c(d, "description", about);
    doc_object(d, "contact");
    doc_c(d, "name", "Quire contributors");
    doc_end(d);
    doc_object(d, "license");
    doc_c(d, "name", "MIT License");
    doc_c(d, "identifier", "MIT");
    doc_end(d);
    doc_end(d);
}

static void put_security_schemes(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    doc_object(d, "securitySchemes");
    doc_object(d, "oauth2");
    doc_c(d, "type", "oauth2");
    doc_c(d, "description", "Log in with an e-mail address or a username, and a password");
    doc_object(d, "flows");
    doc_object(d, "password");
    doc_format(d, "tokenUrl", "%.*s/login", STR_ARGS(w->source->settings->base_path));
    doc_object(d, "scopes");
    doc_end(d);
    doc_end(d);
    doc_end(d);
    doc_end(d);
    doc_object(d, "bearer");
    doc_c(d, "type", "http");
    doc_c(d, "scheme", "bearer");
    doc_c(d, "bearerFormat", "JWT");
    doc_c(d, "description", "The access_token of a log-in");
    doc_end(d);
    doc_object(d, "cookie");
    doc_c(d, "type", "apiKey");
    doc_c(d, "in", "cookie");
    doc_c(d, "name", "__Host-quire_access");
    doc_c(d, "description",
          "What a log-in with `\"mode\":\"cookie\"` sets, for browsers. What writes with it wants an "
          "`Origin` that is "
          "this site's or listed in CORS_ORIGINS. Over plain http on the own machine it is called "
          "`quire_access`.");
    doc_end(d);
    doc_end(d);
}

static void put_components(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    doc_object(d, "components");
    put_security_schemes(w);
    doc_object(d, "parameters");
    openapi_put_shared_parameters(&w->o);
    doc_end(d);
    doc_object(d, "headers");
    openapi_put_headers(w);
    doc_end(d);
    doc_object(d, "responses");
    openapi_put_refusals(w);
    doc_end(d);
    doc_object(d, "schemas");
    openapi_put_models(&w->o);
    openapi_put_error_schemas(w);
    doc_end(d);
    doc_end(d);
}

static void put_groups(struct doc *d, const struct groups *groups)
{
    doc_list(d, "tags");
    for (size_t i = 0; i < groups->n; i++) {
        doc_object(d, NULL);
        doc_c(d, "name", groups->list[i].name);
        if (groups->list[i].doc != NULL) {
            doc_c(d, "description", groups->list[i].doc);
        }
        doc_end(d);
    }
    doc_end(d);
}

str openapi_make(struct arena *a, const struct openapi_source *source)
{
    struct openapi_writer *w = ARENA_NEW(a, struct openapi_writer);
    struct groups *groups = ARENA_NEW(a, struct groups);
    struct buf out;
    buf_init(&out, a, FIRST_BYTES, MOST_BYTES);
    w->source = source;
    openapi_init(&w->o, a, &out);
    struct doc *d = &w->o.doc;
    doc_object(d, NULL);
    doc_c(d, "openapi", "3.1.0");
    put_info(w);
    put_server(d, source->settings->base_path, "This server");
    doc_object(d, "paths");
    put_paths(&(struct visit){w, groups, false}, source->routes);
    put_paths(&(struct visit){w, groups, true}, source->bare);
    doc_end(d);
    put_components(w);
    put_groups(d, groups);
    doc_end(d);
    buf_char(&out, '\n');
    if (out.full || d->depth != 0) {
        abort();
    }
    return buf_view(&out);
}
