#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/openapi_part.h"

/* What each code means to who gets it. */
static const char *const meanings[FAIL__MAX] = {
    [ERROR_BAD_REQUEST] = "the request cannot be read",
    [ERROR_BODY_UNREADABLE] = "the body is not UTF-8, or not what its type says",
    [ERROR_ANSWER_TOO_LARGE] = "the answer would be too large: ask for fewer rows",
    [ERROR_BAD_CURSOR] = "the cursor is none of this list in this order",
    [ERROR_MAIL_TOKEN] = "the token of a mail is used up, expired, replaced, or never was one",
    [ERROR_UNAUTHENTICATED] = "no token was sent",
    [ERROR_INVALID_TOKEN] = "the token is not good, has expired, or its session has ended",
    [ERROR_INVALID_CREDENTIALS] = "no such account, or not its password",
    [ERROR_FORBIDDEN] = "who asks may not do this",
    [ERROR_INACTIVE] = "the account is switched off",
    [ERROR_FOREIGN_ORIGIN] = "a page of another origin may not write with these cookies",
    [ERROR_WRONG_PASSWORD] = "the current password is wrong",
    [ERROR_NOT_FOUND] = "there is no such thing, or not for who asks; the detail names it",
    [ERROR_NO_ROUTE] = "there is no such path",
    [ERROR_METHOD_NOT_ALLOWED] = "the path has no such method; Allow lists them",
    [ERROR_CONFLICT] = "a state forbids it, what it refers to has gone, or its Idempotency-Key is at work",
    [ERROR_DUPLICATE] = "a value that must be unique is taken; the detail names the field",
    [ERROR_LAST_ADMIN] = "the last admin stays one",
    [ERROR_STALE] = "somebody has edited it since (If-Match), or it is there (If-None-Match)",
    [ERROR_TOO_LARGE] = "the body is too large",
    [ERROR_MEDIA_TYPE] = "the body is of another type than this takes",
    [ERROR_INVALID] = "what was sent has mistakes; detail lists them all",
    [ERROR_JSON_INVALID] = "the body is not JSON",
    [ERROR_KEY_REUSED] = "the Idempotency-Key was used for another request",
    [ERROR_NO_CONDITION] = "If-Match is required here",
    [ERROR_TOO_MANY] = "too many attempts from this address",
    [ERROR_INTERNAL] = "our fault",
    [ERROR_PROVIDER] = "the provider of threads failed",
    [ERROR_UNAVAILABLE] = "the database cannot be reached, or took too long",
    [ERROR_BUSY] = "too many passwords are being checked",
    [ERROR_OUTCOME_UNKNOWN] =
        "the connection was lost while the work was being completed: look before repeating",
    [ERROR_DEADLOCK] = "too many want to write the same at once",
    [ERROR_LOCK_TIMEOUT] = "somebody else was writing the same for longer than it was waited for",
    [ERROR_CONNECTION_LOST] = "the database went away; nothing was changed",
    [ERROR_NOT_READY] = "it should not be asked now; the detail says which part is not ready",
    [ERROR_STORAGE] = "the picture cannot be stored",
    [ERROR_PROVIDER_TIMEOUT] = "the provider of threads took too long",
    [FAIL_URI_TOO_LONG] = "the address is too long",
    [FAIL_HEADERS_TOO_LARGE] = "the headers are too large",
    [FAIL_NOT_IMPLEMENTED] = "the body comes in a Transfer-Encoding that nobody here knows",
    [FAIL_SERVICE] = "the service is being restarted, or too slow",
    [FAIL_VERSION] = "the request is of no version of HTTP that is spoken here",
};

static const struct {
    unsigned status;
    const char *name;
    const char *title;
} front[] = {
    {414, "uri_too_long", "URI Too Long"},
    {431, "headers_too_large", "Request Header Fields Too Large"},
    {501, "not_implemented", "Not Implemented"},
    {503, "service_unavailable", "Service Unavailable"},
    {505, "version_not_supported", "HTTP Version Not Supported"},
};

static unsigned status_of(unsigned code)
{
    return code < ERROR__MAX ? error_status((enum error_code)code) : front[code - ERROR__MAX].status;
}

static const char *name_of(unsigned code)
{
    return code < ERROR__MAX ? error_name((enum error_code)code) : front[code - ERROR__MAX].name;
}

static const char *title_of(unsigned code)
{
    return code < ERROR__MAX ? error_title((enum error_code)code) : front[code - ERROR__MAX].title;
}

static bool has(uint64_t codes, unsigned code)
{
    return (codes >> code & 1) != 0;
}

static unsigned first_of(uint64_t codes)
{
    unsigned code = 0;
    while (!has(codes, code)) {
        code++;
    }
    return code;
}

/* "Conflict" is the first refusal of its status, "Conflict2" the next. */
static str refusal_name(const struct openapi_writer *w, size_t i)
{
    char text[64];
    unsigned nth = 1;
    size_t n = 0;
    const char *title = title_of(first_of(w->refusals[i].codes));
    for (size_t j = 0; j < i; j++) {
        nth += status_of(first_of(w->refusals[j].codes)) == status_of(first_of(w->refusals[i].codes));
    }
    for (; *title != '\0' && n + 1 < sizeof text; title++) {
        if (*title != ' ') {
            text[n++] = *title;
        }
    }
    str name = {text, n};
    return nth == 1 ? str_copy(w->o.arena, name) : str_format(w->o.arena, "%.*s%u", STR_ARGS(name), nth);
}

static void refer_to_refusal(struct openapi_writer *w, unsigned status, struct refusal r)
{
    struct doc *d = &w->o.doc;
    char member[8];
    size_t i = 0;
    while (i < w->refusal_count && (w->refusals[i].codes != r.codes || w->refusals[i].oauth != r.oauth)) {
        i++;
    }
    if (i == OPENAPI_MAX_REFUSALS) {
        abort();
    }
    if (i == w->refusal_count) {
        w->refusals[w->refusal_count++] = r;
    }
    (void)snprintf(member, sizeof member, "%u", status);
    doc_object(d, member);
    doc_format(d, "$ref", "#/components/responses/%.*s", STR_ARGS(refusal_name(w, i)));
    doc_end(d);
}

void openapi_put_refusals_of(struct openapi_writer *w, const struct route_facts *f, unsigned status)
{
    struct refusal r = {.oauth = status == 401 && f->route->body_is_form};
    for (unsigned code = 0; code < FAIL__MAX; code++) {
        if (has(f->fails, code) && status_of(code) == status) {
            r.codes |= FAILS(code);
        }
    }
    if (r.codes != 0) {
        refer_to_refusal(w, status, r);
    }
}

static void put_schema_ref(struct doc *d, const char *member, const char *name)
{
    doc_object(d, member);
    doc_format(d, "$ref", "#/components/schemas/%s", name);
    doc_end(d);
}

/* Mistakes come as a list, everything else as a sentence. */
static void put_refusal_schema(struct doc *d, struct refusal r)
{
    const uint64_t listed = FAILS(ERROR_INVALID) | FAILS(ERROR_JSON_INVALID);
    bool list = (r.codes & listed) != 0;
    bool sentence = (r.codes & ~listed) != 0;
    if (list && sentence) {
        doc_object(d, "schema");
        doc_list(d, "anyOf");
        put_schema_ref(d, NULL, "ValidationError");
        put_schema_ref(d, NULL, "Error");
        doc_end(d);
        doc_end(d);
    } else {
        put_schema_ref(d, "schema", list ? "ValidationError" : r.oauth ? "GrantError" : "Error");
    }
}

static void put_codes(struct doc *d, uint64_t codes)
{
    doc_list(d, "enum");
    for (unsigned code = 0; code < FAIL__MAX; code++) {
        if (has(codes, code)) {
            doc_c(d, NULL, name_of(code));
        }
    }
    doc_end(d);
}

static void put_refusal_headers(struct doc *d, struct refusal r)
{
    unsigned status = status_of(first_of(r.codes));
    doc_object(d, "headers");
    openapi_put_header(d, "X-Request-ID");
    doc_object(d, "X-Error-Code");
    doc_c(d, "description", "Which error it is: a name that stays");
    doc_bool(d, "required", true);
    doc_object(d, "schema");
    doc_c(d, "type", "string");
    put_codes(d, r.codes);
    doc_end(d);
    doc_end(d);
    if (status == 401) {
        openapi_put_header(d, "WWW-Authenticate");
    }
    if (status == 429) {
        openapi_put_limit_headers(d);
    }
    if (status == 429 || status == 503) {
        openapi_put_header(d, "Retry-After");
    }
    doc_end(d);
}

static void put_refusal(struct openapi_writer *w, struct refusal r)
{
    struct doc *d = &w->o.doc;
    struct buf b;
    buf_init(&b, w->o.arena, 256, 4096);
    for (unsigned code = 0; code < FAIL__MAX; code++) {
        if (has(r.codes, code)) {
            buf_printf(&b, "%s`%s`: %s", b.n == 0 ? "" : "; ", name_of(code), meanings[code]);
        }
    }
    doc_str(d, "description", buf_view(&b));
    put_refusal_headers(d, r);
    doc_object(d, "content");
    doc_object(d, "application/json");
    put_refusal_schema(d, r);
    doc_end(d);
    doc_object(d, "application/problem+json");
    put_schema_ref(d, "schema", "Problem");
    doc_end(d);
    doc_end(d);
}

void openapi_put_refusals(struct openapi_writer *w)
{
    for (size_t i = 0; i < w->refusal_count; i++) {
        doc_object_str(&w->o.doc, refusal_name(w, i));
        put_refusal(w, w->refusals[i]);
        doc_end(&w->o.doc);
    }
}

/* The forms of errors, which no table declares: http/reply and engine/problem write them. */
static const struct {
    const char *name;
    const char *schema;
} error_schemas[] = {
    {"Error", "{\"description\":\"What went wrong, in a sentence\",\"type\":\"object\",\"properties\":{"
              "\"detail\":{\"description\":\"a sentence for people\",\"type\":\"string\",\"minLength\":1,"
              "\"examples\":[\"post with id: 7 not found\"]}},"
              "\"required\":[\"detail\"]}"},
    {"GrantError", "{\"description\":\"What went wrong, also in the words of RFC 6749\",\"type\":\"object\","
                   "\"properties\":{\"detail\":{\"description\":\"a sentence for people\","
                   "\"type\":\"string\",\"minLength\":1},"
                   "\"error\":{\"description\":\"the error's name in RFC "
                   "6749\",\"type\":\"string\",\"enum\":[\"invalid_grant\"]},"
                   "\"error_description\":{\"description\":\"the same sentence\",\"type\":\"string\"}},"
                   "\"required\":[\"detail\",\"error\",\"error_description\"]}"},
    {"ValidationError",
     "{\"description\":\"All that is wrong with a request\",\"type\":\"object\",\"properties\":{"
     "\"detail\":{\"description\":\"all mistakes: path, query, header, then body\",\"type\":\"array\","
     "\"minItems\":1,\"items\":{"
     "\"$ref\":\"#/components/schemas/Mistake\"}}},\"required\":[\"detail\"]}"},
    {"Mistake",
     "{\"description\":\"One thing that is wrong: where, and what was sent there\",\"type\":\"object\","
     "\"properties\":{"
     "\"type\":{\"description\":\"which mistake it is: a name that stays\",\"type\":\"string\","
     "\"examples\":[\"string_too_long\"]},"
     "\"loc\":{\"description\":\"from path, query, header or body inwards\",\"type\":\"array\","
     "\"minItems\":1,\"items\":{\"type\":[\"string\",\"integer\"]},"
     "\"examples\":[[\"body\",\"title\"]]},"
     "\"msg\":{\"description\":\"the mistake in words\",\"type\":\"string\",\"examples\":[\"String should "
     "have at most 200 characters\"]},"
     "\"input\":{\"description\":\"what was sent; secrets are masked\"},"
     "\"ctx\":{\"description\":\"the limits that were broken\",\"type\":\"object\","
     "\"additionalProperties\":{\"type\":[\"string\",\"integer\"]}}},"
     "\"required\":[\"type\",\"loc\",\"msg\",\"input\"]}"},
    {"Problem",
     "{\"description\":\"The same error as RFC 9457 has it, for who asks for it by Accept\","
     "\"type\":\"object\",\"properties\":{"
     "\"type\":{\"description\":\"nothing beyond the status; see code\",\"type\":\"string\","
     "\"enum\":[\"about:blank\"]},"
     "\"title\":{\"description\":\"the status in words\",\"type\":\"string\"},"
     "\"status\":{\"description\":\"the status of the "
     "answer\",\"type\":\"integer\",\"minimum\":400,\"maximum\":599},"
     "\"detail\":{\"description\":\"a sentence for people\",\"type\":\"string\"},"
     "\"instance\":{\"description\":\"the path that was asked for\",\"type\":\"string\"},"
     "\"code\":{\"$ref\":\"#/components/schemas/ErrorCode\",\"description\":\"which error it is\"},"
     "\"errors\":{\"description\":\"for 422: all "
     "mistakes\",\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Mistake\"}}},"
     "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\"]}"},
};

void openapi_put_error_schemas(struct openapi_writer *w)
{
    struct doc *d = &w->o.doc;
    for (size_t i = 0; i < sizeof error_schemas / sizeof error_schemas[0]; i++) {
        doc_json(d, error_schemas[i].name, error_schemas[i].schema);
    }
    doc_object(d, "ErrorCode");
    doc_c(d, "description", "What X-Error-Code says: a name that stays");
    doc_c(d, "type", "string");
    put_codes(d, FAILS(FAIL__MAX) - 1);
    doc_end(d);
}
