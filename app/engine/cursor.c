#include "engine/cursor.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "io/digest.h"

enum { FORM = 1, MAC_BYTES = 16, HEAD_BYTES = 2 };

/* Everything that a cursor is bound to, and then the cursor itself. */
static void sign(const struct plan *p, const struct seal *seal, const struct digest_key *key, struct arena *a,
                 str payload, unsigned char mac[DIGEST_BYTES])
{
    struct buf b;
    buf_init(&b, a, 256 + payload.n, SIZE_MAX / 4);
    buf_lit(&b, "cursor\n");
    buf_str(&b, seal->scope);
    for (unsigned i = 0; i < p->order_count; i++) {
        buf_c(&b, p->order[i].descending ? "\n-" : "\n");
        buf_c(&b, p->order[i].field == NULL ? "?" : p->order[i].field->name);
    }
    buf_lit(&b, "\n\n");
    if (p->match.key != NULL) {
        buf_uint(&b, p->match.text.n);
        buf_char(&b, '\n');
        buf_str(&b, p->match.text);
    }
    buf_str(&b, payload);
    digest_hmac(key, buf_view(&b), mac);
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
    unsigned char mac[DIGEST_BYTES];
    buf_init(&b, out->arena, 256, SIZE_MAX / 4);
    buf_char(&b, FORM);
    buf_char(&b, (char)backward);
    for (unsigned i = 0; i < p->order_count; i++) {
        put_value(&b, &cells[p->order[i].column]);
    }
    sign(p, seal, seal->key, out->arena, buf_view(&b), mac);
    buf_put(&b, (const char *)mac, MAC_BYTES);
    base64_put(out, (const unsigned char *)b.p, b.n);
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

/* Whether it is ours, sealed by the key or by one used before it. */
static bool is_sealed(const struct plan *p, const struct seal *seal, struct arena *a, str payload, str given)
{
    unsigned char mac[DIGEST_BYTES];
    bool found = false;
    for (const struct digest_key *key = seal->key; key != NULL && !found; key = digest_key_before(key)) {
        sign(p, seal, key, a, payload, mac);
        found = digest_equal(given, (str){(const char *)mac, MAC_BYTES});
    }
    return found;
}

bool cursor_read(struct arena *a, str text, const struct seal *seal, struct plan *p)
{
    str bytes = {0};
    if (text.n > CURSOR_MAX_TEXT || !base64_read(a, text, &bytes) || bytes.n < HEAD_BYTES + MAC_BYTES) {
        return false;
    }
    str payload = str_slice(bytes, 0, bytes.n - MAC_BYTES);
    if (!is_sealed(p, seal, a, payload, str_slice(bytes, payload.n, bytes.n)) || payload.p[0] != FORM) {
        return false;
    }
    struct seek seek = {.given = true, .backward = payload.p[1] != 0};
    str left = str_slice(payload, HEAD_BYTES, payload.n);
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
