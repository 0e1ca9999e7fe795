/* body: JSON of any form against forms with lists in lists becomes a row within its bounds, or problems that can be
 * sent and in which nothing secret is. */
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "engine/validate.h"
#include "fuzz.h"
#include "models/book.h"
#include "models/profile.h"
#include "models/review.h"
#include "models/tag.h"

static const struct field leaf_fields[] = {INT("n", .min = 1, .max = 5, .flags = REQUIRED),
                                           PASSWORD("password", .min = 3, .flags = SECRET | NULLABLE)};
static const struct resource leaf = {.name = "leaf", FIELDS(leaf_fields)};
static const struct field twig_fields[] = {LIST("leaves", .to = &leaf, .max = 3, .flags = REQUIRED),
                                           TEXT("name", .max = 5, .flags = NULLABLE)};
static const struct resource twig = {.name = "twig", FIELDS(twig_fields)};
static const struct field branch_fields[] = {LIST("twigs", .to = &twig, .max = 3, .flags = REQUIRED),
                                             LIST("others", .to = &leaf, .max = 2, .flags = NULLABLE)};
static const struct resource branch = {.name = "branch", FIELDS(branch_fields)};

static const struct resource *const forms[] = {&branch, &tag_links_form, &book_resource, &review_resource,
                                               &profile_resource};

static void check_row(const struct resource *form, const struct value *row);

static void check_cell(const struct field *f, const struct value *v)
{
    if (v->kind == VALUE_ABSENT || v->kind == VALUE_NULL) {
        HOLD(v->kind == VALUE_ABSENT || (f->flags & NULLABLE) != 0);
        return;
    }
    HOLD(v->kind == field_kind(f));
    if (f->type == FIELD_LIST) {
        HOLD(v->list.n <= (size_t)f->max);
        for (size_t i = 0; i < v->list.n; i++) {
            check_row(f->to, v->list.rows + i * f->to->field_count);
        }
    }
}

static void check_row(const struct resource *form, const struct value *row)
{
    for (size_t i = 0; i < form->field_count; i++) {
        HOLD(field_is_input(&form->fields[i]) || row[i].kind == VALUE_ABSENT);
        check_cell(&form->fields[i], &row[i]);
    }
}

/* Under the name of a secret nothing but its mask is echoed. */
static void check_masked(const struct json *j)
{
    if (j->type != JSON_OBJECT && j->type != JSON_ARRAY) {
        return;
    }
    for (const struct json *member = j->first; member != NULL; member = member->next) {
        if (j->type == JSON_OBJECT && str_eq(member->key, STR("password"))) {
            HOLD(member->type == JSON_STRING && str_eq(member->text, STR("**********")));
        }
        check_masked(member);
    }
}

static void check_form(struct arena *a, const struct resource *form, enum validate_mode mode,
                       const struct json *body)
{
    struct value row[ROW_MAX_FIELDS];
    struct problems problems;
    struct json *json = NULL;
    struct json_failure why;
    memset(row, 0xFF, sizeof row);
    problems_init(&problems, a);
    validate_body(&problems, a, form, mode, body, row);
    err e = problems_err(&problems);
    if (e == NULL) {
        check_row(form, row);
        return;
    }
    HOLD(problems.count <= PROBLEMS_MAX);
    struct json_limits wide = json_default_limits;
    wide.depth += 8; /* what is echoed lies deeper than it did */
    wide.values = UINT_MAX;
    HOLD(json_read(a, e->problems, &wide, &json, &why) == JSON_READ_OK);
    check_masked(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct json *body = NULL;
    struct json_failure why;
    if (size < 1) {
        return 0;
    }
    arena_init(&a, 1 << 16);
    if (json_read(&a, (str){(const char *)data + 1, size - 1}, &json_default_limits, &body, &why) ==
        JSON_READ_OK) {
        check_form(&a, forms[data[0] % 5], (enum validate_mode)(data[0] / 5 % 3), body);
    }
    arena_free(&a);
    return 0;
}
