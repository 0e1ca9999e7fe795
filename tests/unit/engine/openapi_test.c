/* engine/openapi: fields, forms and shapes as schemas; the parameters of lists. */
#include "engine/openapi.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_in.h"
#include "support/unit.h"

enum { OWNER_ID, OWNER_NAME, OWNER__MAX };
static const struct field owner_fields[OWNER__MAX] = {
    [OWNER_ID] = UUID("uid", .flags = KEY | GENERATED | READ_ONLY),
    [OWNER_NAME] = TEXT("name", .max = 9, .flags = REQUIRED),
};
static const struct key owner_keys[] = {PRIMARY(OWNER_ID)};
static const unsigned char owner_members[] = {OWNER_ID, OWNER_NAME};
static const struct resource owner;
static const struct shape owner_shape = SHAPE("Owner", &owner, owner_members);
static const struct resource owner = {
    .name = "owner", .table = "owners", FIELDS(owner_fields), KEYS(owner_keys), .shape = &owner_shape};

enum {
    T_ID,
    T_TITLE,
    T_RANK,
    T_OPEN,
    T_STATE,
    T_SECRET,
    T_AT,
    T_OWNER_ID,
    T_OWNER,
    T_FLAT,
    T_SEEN,
    T_PEERS,
    T_LINES,
    T__MAX
};
static const struct choice states[] = {{"new", 0}, {"old", 7}, {NULL, 0}};
static const struct field thing_line = TEXT("line", .min = 1, .max = 4, .doc = "One line");
static const struct resource thing;
static const struct field thing_fields[T__MAX] = {
    [T_ID] = ID("id"),
    [T_TITLE] =
        TEXT("title", .min = 1, .max = 20, .flags = REQUIRED | SORT | SEARCH | FILTER, .example = "it"),
    [T_RANK] = INT("rank", .bounded = true, .min = 0, .max = 5, .flags = NULLABLE | FILTER, .alias = "place"),
    [T_OPEN] = BOOL("open", .initial = INITIAL_TRUE, .flags = FILTER),
    [T_STATE] = CHOICE("state", .choices = states, .initial = {INITIAL_INT, .i = 7}),
    [T_SECRET] = PASSWORD("secret", .min = 8, .flags = REQUIRED | SECRET | WRITE_ONLY),
    [T_AT] = TIME("at", .initial = AT_CREATION, .flags = READ_ONLY | SORT, .alias = "date"),
    [T_OWNER_ID] = REF("owner_uid", .to = &owner, .flags = NULLABLE | READ_ONLY),
    [T_OWNER] = ONE("owner", .key = T_OWNER_ID, .to = &owner, .show = &owner_shape),
    [T_FLAT] = ONE("flat", .key = T_OWNER_ID, .to = &owner, .show = &owner_shape, .flags = FLAT),
    [T_SEEN] = COUNT("seen", .to = &thing, .key = T_OWNER_ID),
    [T_PEERS] = MANY("peers", .to = &owner, .show = &owner_shape, .max = 3, .flags = ON_REQUEST,
                     .doc = "those beside it"),
    [T_LINES] = TEXTS("lines", .item = &thing_line, .min = 1, .max = 2, .flags = NULLABLE),
};
static const struct key thing_keys[] = {PRIMARY(T_ID), FULLTEXT(T_TITLE)};
static const unsigned char thing_members[] = {T_ID, T_TITLE, T_RANK, T_AT, T_OWNER, T_SEEN};
static const struct shape thing_shape = SHAPE("Thing", &thing, thing_members);
static const struct resource thing = {.name = "thing",
                                      .table = "things",
                                      FIELDS(thing_fields),
                                      KEYS(thing_keys),
                                      .shape = &thing_shape,
                                      .doc = "A thing"};
static const unsigned char flat_members[] = {T_ID, T_FLAT};
static const struct shape flat_shape = SHAPE("FlatThing", &thing, flat_members);

static struct openapi o;
static struct buf out;

static void begin(void)
{
    buf_init(&out, &arena, 4096, 1 << 20);
    openapi_init(&o, &arena, &out);
    doc_object(&o.doc, NULL);
}

/* What was written, read again. */
static const struct json *written(void)
{
    struct json *json = NULL;
    struct json_failure why = {0};
    doc_end(&o.doc);
    if (json_read(&arena, buf_view(&out), &json_default_limits, &json, &why) != JSON_READ_OK) {
        fail_msg("%s at %zu of %.*s", why.message, why.position, STR_ARGS(buf_view(&out)));
    }
    return json;
}

/* A value without line ends: short enough to be compared. */
static void check_json(const struct json *json, const char *want)
{
    struct buf b;
    assert_non_null(json);
    buf_init(&b, &arena, 256, 1 << 20);
    json_put(&b, json, NULL);
    check_str(buf_view(&b), str_of(want));
}

static const struct json *at(const struct json *json, const char *path)
{
    str rest = str_of(path);
    for (size_t i = 0; i <= rest.n && json != NULL;) {
        size_t end = str_find(rest, '.', i);
        json = json_member(json, str_slice(rest, i, end));
        i = end + 1;
    }
    return json;
}

static void fields_as_input(void **state)
{
    (void)state;
    static const struct {
        int field;
        enum openapi_use use;
        const char *want;
    } cases[] = {
        {T_TITLE, OPENAPI_WHOLE,
         "{\"type\":\"string\",\"minLength\":1,\"maxLength\":20,\"examples\":[\"it\"]}"},
        {T_RANK, OPENAPI_WHOLE,
         "{\"type\":[\"integer\",\"null\"],\"format\":\"int64\",\"minimum\":0,\"maximum\":5}"},
        {T_RANK, OPENAPI_QUERY, "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":0,\"maximum\":5}"},
        {T_RANK, OPENAPI_SHOWN, "{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"}"},
        {T_OPEN, OPENAPI_WHOLE, "{\"allOf\":[{\"type\":\"boolean\",\"default\":true}]}"},
        {T_OPEN, OPENAPI_PATCH, "{\"type\":\"boolean\"}"},
        {T_STATE, OPENAPI_WHOLE,
         "{\"allOf\":[{\"type\":\"string\",\"enum\":[\"new\",\"old\"],\"default\":\"old\"}]}"},
        {T_STATE, OPENAPI_QUERY, "{\"type\":\"string\",\"enum\":[\"new\",\"old\"],\"default\":\"old\"}"},
        {T_SECRET, OPENAPI_PATCH,
         "{\"type\":\"string\",\"format\":\"password\",\"minLength\":8,\"maxLength\":72,"
         "\"writeOnly\":true}"},
        {T_LINES, OPENAPI_WHOLE,
         "{\"type\":[\"array\",\"null\"],\"minItems\":1,\"maxItems\":2,\"items\":"
         "{\"type\":\"string\",\"minLength\":1,\"maxLength\":4,\"description\":\"One line\"}}"},
        {T_LINES, OPENAPI_SHOWN,
         "{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\",\"description\":\"One line\"}}"},
        {T_SEEN, OPENAPI_SHOWN, "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":0}"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        begin();
        openapi_put_field(&o, "f", &thing_fields[cases[i].field], cases[i].use);
        check_json(at(written(), "f"), cases[i].want);
    }
}

static void forms(void **state)
{
    (void)state;
    begin();
    openapi_ref_form(&o, "create", &thing, VALIDATE_CREATE);
    openapi_ref_form(&o, "patch", &thing, VALIDATE_PATCH);
    openapi_ref_form(&o, "again", &thing, VALIDATE_CREATE);
    openapi_put_models(&o);
    const struct json *doc = written();
    check_json(at(doc, "create"), "{\"$ref\":\"#/components/schemas/ThingCreate\"}");
    check_json(at(doc, "again"), "{\"$ref\":\"#/components/schemas/ThingCreate\"}");
    assert_int_equal(doc->count, 5); /* three references, two schemas */
    check_json(at(doc, "ThingCreate.required"), "[\"title\",\"secret\"]");
    assert_null(at(doc, "ThingPatch.required"));
    assert_null(at(doc, "ThingCreate.additionalProperties")); /* unknown members are ignored */
    const struct json *properties = at(doc, "ThingCreate.properties");
    assert_int_equal(properties->count, 6); /* nothing that the server sets */
    assert_null(at(properties, "id"));
    assert_null(at(properties, "seen"));
    assert_null(at(properties, "owner_uid"));
}

static void shapes(void **state)
{
    (void)state;
    begin();
    openapi_ref_shape(&o, "one", &thing_shape, false);
    openapi_ref_shape(&o, "two", &thing_shape, true);
    openapi_ref_part(&o, "part", &thing_shape, true);
    openapi_ref_shape(&o, "flat", &flat_shape, false);
    openapi_ref_tree(&o, "tree", &thing_shape, "within");
    openapi_put_models(&o);
    const struct json *doc = written();
    check_json(at(doc, "Thing.required"), "[\"id\",\"title\",\"rank\",\"at\",\"owner\",\"seen\"]");
    check_json(at(doc, "Thing.properties.owner"),
               "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Owner\"},{\"type\":\"null\"}]}");
    check_json(at(doc, "Thing.properties.peers"),
               "{\"type\":\"array\",\"maxItems\":3,\"items\":{\"$ref\":\"#/components/schemas/Owner\"},"
               "\"description\":\"those beside it; only on request: include=peers\"}");
    assert_null(at(doc, "ThingPart.required"));
    assert_non_null(at(doc, "ThingPart.properties.peers"));
    check_json(at(doc, "FlatThing.required"), "[\"id\",\"uid\",\"name\"]");
    assert_null(at(doc, "FlatThing.properties.peers")); /* nobody serves it with relations */
    assert_non_null(at(doc, "Owner.properties.uid"));   /* referred to by others only */
    check_json(at(doc, "ThingTree.allOf"),
               "[{\"$ref\":\"#/components/schemas/Thing\"},{\"type\":\"object\",\"properties\":{\"within\":{"
               "\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/ThingTree\"},"
               "\"description\":\"those that answer it, the oldest first\"}},"
               "\"required\":[\"within\"]}]");
}

/* The parameter of that name, or NULL. */
static const struct json *parameter(const struct json *list, const char *name)
{
    for (const struct json *p = list->first; p != NULL; p = p->next) {
        const struct json *given = json_member(p, STR("name"));
        if (given != NULL && str_eq(given->text, str_of(name))) {
            return p;
        }
    }
    return NULL;
}

static void list_parameters(void **state)
{
    (void)state;
    begin();
    doc_list(&o.doc, "list");
    openapi_put_list_parameters(&o, &thing);
    openapi_put_view_parameters(&o, &thing_shape, true);
    doc_end(&o.doc);
    const struct json *list = at(written(), "list");
    check_json(list->first, "{\"$ref\":\"#/components/parameters/limit\"}");
    check_json(at(parameter(list, "sort_by"), "schema"),
               "{\"type\":\"array\",\"minItems\":1,\"maxItems\":4,\"items\":{\"type\":\"string\",\"enum\":["
               "\"id\",\"-id\",\"title\",\"-title\",\"at\",\"-at\",\"date\",\"-date\"]}}");
    /* too short to be stored is not wrong to ask for, and nothing is asked for unasked */
    check_json(at(parameter(list, "title"), "schema"), "{\"type\":\"string\",\"maxLength\":20}");
    check_json(at(parameter(list, "open"), "schema"), "{\"type\":\"boolean\"}");
    static const char *const ranges[] = {"rank_gte", "rank_gt", "rank_lte", "rank_lt"};
    for (size_t i = 0; i < LENGTH(ranges); i++) {
        assert_non_null(parameter(list, ranges[i]));
    }
    assert_null(parameter(list, "open_gt"));
    assert_null(parameter(list, "title_gt"));
    assert_null(parameter(list, "at")); /* sorted by, but no filter */
    assert_non_null(parameter(list, "search"));
    assert_non_null(parameter(list, "q"));
    check_json(at(parameter(list, "include"), "schema.items"), "{\"type\":\"string\",\"enum\":[\"peers\"]}");
    check_json(
        at(parameter(list, "fields"), "schema.items"),
        "{\"type\":\"string\",\"enum\":[\"id\",\"title\",\"rank\",\"at\",\"owner\",\"seen\",\"peers\"]}");
    begin();
    doc_list(&o.doc, "list");
    openapi_put_list_parameters(&o, &owner);
    openapi_put_view_parameters(&o, &owner_shape, false);
    doc_end(&o.doc);
    list = at(written(), "list");
    assert_null(parameter(list, "sort_by"));
    assert_null(parameter(list, "search"));
    assert_null(parameter(list, "q"));
    assert_null(parameter(list, "include"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(fields_as_input), TEST(forms), TEST(shapes),
                                       TEST(list_parameters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
