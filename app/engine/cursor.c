#include "engine/cursor.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/rand.h"
#include "io/cipher.h"

enum { FORM = 2, HEAD_BYTES = 2, SALT_BYTES = 8 };

/* Everything that a cursor is bound to. */
static str binding(const struct plan *p, const struct seal *seal, struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 256, SIZE_MAX / 4);
    buf_str(&b, seal->scope);
    for (unsigned i = 0; i < p->order_count; i++) {
        buf_c(&b, p->order[i].descending ? "\n-" : "\n");
        buf_c(&b, p->order[i].field == NULL ? "?" : p->order[i].field->name);
    }
    buf_lit(&b, "\n\n");
    if (p->match.key != NULL) {
        buf_char(&b, 'q');
        buf_str(&b, p->match.text);
    }
    return buf_view(&b);
}

/* Whether the order is that of the best match. */
static bool by_match(const struct plan *p)
{
    return p->order_count > 0 && p->order[0].field == NULL;
}

static void put_word(struct buf *b, uint64_t word, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        buf_char(b, (char)(word >> (8 * i) & 255));
    }
}

static void put_value(struct buf *b, const struct value *v)
{
    uint64_t word = 0;
    buf_char(b, (char)v->kind);
    switch (v->kind) {
    case VALUE_TEXT:
    case VALUE_BYTES:
        put_word(b, v->text.n, 2);
        buf_str(b, v->text);
        return;
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_TIME:
    case VALUE_DATE:
        memcpy(&word, &v->i, sizeof word);
        break;
    case VALUE_DOUBLE:
        memcpy(&word, &v->d, sizeof word);
        break;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_LIST:
        return;
    }
    put_word(b, word, 8);
}

void cursor_put(struct buf *out, const struct plan *p, const struct seal *seal, const struct value *cells,
                bool backward)
{
    struct buf b;
    unsigned char salt[SALT_BYTES];
    buf_init(&b, out->arena, 256, SIZE_MAX / 4);
    buf_char(&b, FORM);
    buf_char(&b, (char)backward);
    if (by_match(p)) {
        rand_bytes(salt, sizeof salt);
        buf_put(&b, (const char *)salt, sizeof salt);
    }
    for (unsigned i = 0; i < p->order_count; i++) {
        put_value(&b, &cells[p->order[i].column]);
    }
    str sealed = cipher_seal(seal->cipher, out->arena, binding(p, seal, out->arena), buf_view(&b));
    base64_put(out, (const unsigned char *)sealed.p, sealed.n);
}

static bool take_word(str *s, unsigned bytes, uint64_t *out)
{
    if (s->n < bytes) {
        return false;
    }
    *out = 0;
    for (unsigned i = 0; i < bytes; i++) {
        *out |= (uint64_t)(unsigned char)s->p[i] << (8 * i);
    }
    *s = str_slice(*s, bytes, s->n);
    return true;
}

static bool take_text(str *s, str *out)
{
    uint64_t n;
    if (!take_word(s, 2, &n) || n > s->n) {
        return false;
    }
    *out = str_slice(*s, 0, n);
    *s = str_slice(*s, n, s->n);
    return true;
}

/* The next value, which is null or of the kind that the sort key has. */
static bool take_value(str *s, enum value_kind kind, struct value *out)
{
    uint64_t word;
    if (!take_word(s, 1, &word)) {
        return false;
    }
    *out = (struct value){.kind = (enum value_kind)word};
    if (out->kind == VALUE_NULL) {
        return true;
    }
    if (out->kind != kind) {
        return false;
    }
    if (kind == VALUE_TEXT || kind == VALUE_BYTES) {
        return take_text(s, &out->text);
    }
    if (!take_word(s, 8, &word)) {
        return false;
    }
    if (kind == VALUE_DOUBLE) {
        memcpy(&out->d, &word, sizeof word);
    } else {
        memcpy(&out->i, &word, sizeof word);
    }
    return true;
}

bool cursor_read(struct arena *a, str text, const struct seal *seal, struct plan *p)
{
    str bytes = {0};
    str payload = {0};
    const size_t head = HEAD_BYTES + (by_match(p) ? SALT_BYTES : 0);
    if (text.n > CURSOR_MAX_TEXT || !base64_read(a, text, &bytes) ||
        !cipher_open(seal->cipher, a, binding(p, seal, a), bytes, &payload) || payload.n < head ||
        payload.p[0] != FORM) {
        return false;
    }
    struct seek seek = {.given = true, .backward = payload.p[1] != 0};
    str left = str_slice(payload, head, payload.n);
    for (unsigned i = 0; i < p->order_count; i++) {
        const struct field *f = p->order[i].field;
        if (!take_value(&left, f == NULL ? VALUE_DOUBLE : field_kind(f), &seek.values[i])) {
            return false;
        }
    }
    if (left.n > 0) {
        return false;
    }
    p->seek = seek;
    return true;
}
