/* json_in: whatever the bytes, an answer within the limits; what was read can be written and reads the same again. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/encoding.h"
#include "base/json_in.h"
#include "base/text.h"
#include "fuzz.h"

static void check_tree(const struct json *v, unsigned depth, unsigned *values)
{
    unsigned count = 0;
    (*values)++;
    HOLD(depth <= json_default_limits.depth);
    HOLD(v->type == JSON_STRING || (!v->lone_surrogate && !v->has_nul));
    HOLD(text_is_utf8(v->text) && text_is_utf8(v->key));
    if (v->type == JSON_STRING) {
        HOLD(v->has_nul == (v->text.n > 0 && memchr(v->text.p, '\0', v->text.n) != NULL));
    }
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT) {
        HOLD(v->first == NULL && v->count == 0);
        return;
    }
    for (const struct json *child = v->first; child != NULL; child = child->next) {
        check_tree(child, depth + 1, values);
        count++;
        if (v->type == JSON_OBJECT && count <= 50) {
            HOLD(json_member(v, child->key) == child); /* names are distinct */
        }
    }
    HOLD(count == v->count);
}

static bool same_tree(const struct json *a, const struct json *b)
{
    bool number =
        a->type == JSON_FLOAT && b->type == JSON_STRING; /* NaN and the infinities are written as strings */
    if ((a->type != b->type && !number) || a->truth != b->truth || a->count != b->count ||
        !str_eq(a->key, b->key) || (!number && !str_eq(a->text, b->text))) {
        return false;
    }
    const struct json *x = a->first;
    const struct json *y = b->first;
    while (x != NULL && y != NULL && same_tree(x, y)) {
        x = x->next;
        y = y->next;
    }
    return x == NULL && y == NULL;
}

static bool hide_all(str key)
{
    (void)key;
    return true;
}

static str written(struct arena *a, const struct json *v, bool (*hide)(str key))
{
    struct buf b;
    buf_init(&b, a, 256, 64 << 20);
    json_put(&b, v, hide);
    HOLD(!b.full);
    return buf_view(&b);
}

static void check_accepted(struct arena *a, const struct json *v)
{
    struct json *again = NULL;
    struct json_failure why = {0};
    unsigned values = 0;
    check_tree(v, 0, &values);
    HOLD(values <= json_default_limits.values);
    str text = written(a, v, NULL);
    HOLD(text_is_utf8(text));
    HOLD(json_read(a, text, &json_default_limits, &again, &why) == JSON_READ_OK);
    HOLD(same_tree(v, again));
    HOLD(str_eq(written(a, again, NULL), text));
    HOLD(json_read(a, written(a, v, hide_all), &json_default_limits, &again, &why) == JSON_READ_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct json *v = NULL;
    struct json_failure why = {SIZE_MAX, NULL};
    str utf8 = {0};
    str text = {(const char *)data, size};
    arena_init(&a, 16 << 10);
    bool readable = encoding_to_utf8(&a, text, &utf8);
    enum json_read_result result = json_read(&a, text, &json_default_limits, &v, &why);
    HOLD((result == JSON_READ_ENCODING) == !readable);
    if (result == JSON_READ_OK) {
        check_accepted(&a, v);
    } else if (result != JSON_READ_ENCODING) {
        HOLD(why.message != NULL && why.position <= text_length(utf8));
    }
    arena_free(&a);
    return 0;
}
