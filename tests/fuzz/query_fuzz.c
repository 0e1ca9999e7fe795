/* query: whatever is asked of a list becomes problems that can be sent, or a statement of our own words alone, with a
 * value for each `?`; no text is a position but one that we sealed, and that one comes back as it was. */
#include <string.h>

#include "base/arena.h"
#include "base/json_in.h"
#include "engine/query.h"
#include "engine/sql.h"
#include "fuzz.h"
#include "io/cipher.h"
#include "io/digest.h"
#include "models/all.h"

/* A form of one list each time: what it is of is told by the first byte. */
static const struct resource *resource_of(uint8_t byte)
{
    return models.resources[byte % models.count];
}

static void check_text(const struct sql *s)
{
    str text = buf_view(&s->text);
    size_t marks = 0;
    HOLD(!s->text.full);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        HOLD(word || (c != '\0' && strchr(" _.,()=<>?*", c) != NULL));
        marks += c == '?';
    }
    HOLD(marks == s->count);
}

static void check_plan(struct arena *a, const struct plan *p)
{
    static struct sql s;
    HOLD(p->limit >= 1 && p->limit <= QUERY_LIMIT_MAX && p->offset >= 0);
    HOLD(p->order_count >= 1 && p->order_count <= PLAN_MAX_ORDER);
    HOLD(p->where.count + WHERE_RESERVE <= WHERE_MAX);
    HOLD(p->shape->count > 0 && shape_width(p->shape) <= p->column_count &&
         p->column_count <= PLAN_MAX_COLUMNS);
    sql_select(&s, a, p);
    check_text(&s);
    sql_count(&s, a, p);
    check_text(&s);
}

static bool same(struct value a, struct value b)
{
    return a.kind == b.kind &&
           (a.kind == VALUE_TEXT || a.kind == VALUE_BYTES ? str_eq(a.text, b.text)
                                                          : a.kind == VALUE_NULL || a.i == b.i);
}

/* The position of a row made of the input, there and back; with one byte changed, nowhere. */
static void check_position(struct arena *a, struct plan *p, const struct seal *seal, str bytes)
{
    struct value cells[PLAN_MAX_COLUMNS] = {{.kind = VALUE_ABSENT}};
    struct buf out;
    for (unsigned i = 0; i < p->column_count; i++) {
        const struct field *f = p->columns[i].field;
        enum value_kind kind = f == NULL ? VALUE_DOUBLE : field_kind(f);
        cells[i] = (struct value){.kind = i < bytes.n && bytes.p[i] == 'n' ? VALUE_NULL : kind,
                                  .i = (int64_t)bytes.n};
        if (cells[i].kind == VALUE_TEXT || cells[i].kind == VALUE_BYTES) {
            cells[i].text = str_slice(bytes, 0, 500);
        }
    }
    buf_init(&out, a, 256, CURSOR_MAX_TEXT);
    cursor_put(&out, p, seal, cells, bytes.n % 2 == 1);
    HOLD(!out.full);
    HOLD(cursor_read(a, buf_view(&out), seal, p));
    HOLD(p->seek.given && p->seek.backward == (bytes.n % 2 == 1));
    for (unsigned i = 0; i < p->order_count; i++) {
        HOLD(same(p->seek.values[i], cells[p->order[i].column]));
    }
    check_plan(a, p);
    size_t at = bytes.n * 7 % out.n;
    out.p[at] = (char)(out.p[at] ^ (int)(1 + bytes.n % 255));
    HOLD(!cursor_read(a, buf_view(&out), seal, p));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct plan p;
    struct arena a;
    struct problems problems;
    struct pair *pairs = NULL;
    if (size < 1) {
        return 0;
    }
    arena_init(&a, 1 << 16);
    const struct resource *r = resource_of(data[0]);
    str query = {(const char *)data + 1, size - 1};
    struct query q = {
        .count = url_pairs(&a, query, QUERY_PAIRS_MAX, &pairs),
        .shape = r->shape,
        .relations = true,
        .seal = {cipher_new(&a, digest_key_new(&a, STR("secret")), STR("cursor")), STR("/list")}};
    q.pairs = pairs;
    problems_init(&problems, &a);
    err cursor = query_read(&problems, &a, &q, r, &p);
    err e = problems_err(&problems);
    if (e != NULL) {
        struct json *json = NULL;
        struct json_failure why;
        HOLD(json_read(&a, e->problems, &json_default_limits, &json, &why) == JSON_READ_OK);
    } else {
        HOLD(!p.seek.given);
        HOLD((cursor != NULL) == (url_find(pairs, q.count, STR("cursor")) != NULL));
        check_plan(&a, &p);
        check_position(&a, &p, &q.seal, query);
    }
    problems_init(&problems, &a);
    query_read_view(&problems, &a, &q, r, &p);
    arena_free(&a);
    return 0;
}
