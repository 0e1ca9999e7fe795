#include "http/openapi_part.h"

static const struct {
    const char *name;
    const char *doc;
    bool always;
    const char *schema;
} headers[] = {
    {"X-Request-ID", "Names the request; our log has it, too", true,
     "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9._-]{8,64}$\"}"},
    {"ETag", "The version of the object, for If-Match and If-None-Match", true,
     "{\"type\":\"string\",\"pattern\":\"^(W/)?\\\"[^\\\"]+\\\"$\"}"},
    {"Preference-Applied", "respond-async, when Prefer asked for it (RFC 7240)", false,
     "{\"type\":\"string\",\"enum\":[\"respond-async\"]}"},
    {"Location", "The path of the object", true, "{\"type\":\"string\",\"format\":\"uri-reference\"}"},
    {"Link", "The first, next and previous page (RFC 8288); walk `next` until there is none", false,
     "{\"type\":\"string\"}"},
    {"X-Total-Count", "How many rows there are, when count=exact asks for it", false,
     "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":0}"},
    {"Idempotent-Replayed", "This is the answer of the first request with this Idempotency-Key", false,
     "{\"type\":\"string\",\"enum\":[\"true\"]}"},
    {"Cache-Control", "Who may keep the answer", true, "{\"type\":\"string\"}"},
    {"Retry-After", "Seconds after which to try again", true, "{\"type\":\"integer\",\"minimum\":1}"},
    {"RateLimit-Limit", "How often this may be asked for at once, of the limit with the least left", false,
     "{\"type\":\"integer\",\"minimum\":1}"},
    {"RateLimit-Remaining", "How often it still may", false, "{\"type\":\"integer\",\"minimum\":0}"},
    {"RateLimit-Reset", "Seconds until all of it is free again; after 429, until the next is", false,
     "{\"type\":\"integer\",\"minimum\":0}"},
    {"WWW-Authenticate", "How to say who one is (RFC 6750)", true,
     "{\"type\":\"string\",\"pattern\":\"^Bearer\"}"},
};

void openapi_put_headers(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        doc_object(d, headers[i].name);
        doc_c(d, "description", headers[i].doc);
        if (headers[i].always) {
            doc_bool(d, "required", true);
        }
        doc_json(d, "schema", headers[i].schema);
        doc_end(d);
    }
}

void openapi_put_header(struct doc *d, const char *name)
{
    doc_object(d, name);
    doc_format(d, "$ref", "#/components/headers/%s", name);
    doc_end(d);
}

void openapi_put_limit_headers(struct doc *d)
{
    openapi_put_header(d, "RateLimit-Limit");
    openapi_put_header(d, "RateLimit-Remaining");
    openapi_put_header(d, "RateLimit-Reset");
}
