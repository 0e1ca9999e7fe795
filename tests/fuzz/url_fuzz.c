/* url: an address that is taken has a host and nothing in it that could end it; decoding gives text, and never more. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/url.h"
#include "fuzz.h"

static void check_address(str s)
{
    bool scheme = true;
    const char *why = url_mistake(s, &scheme);
    HOLD(!scheme || why != NULL);
    if (why != NULL) {
        HOLD(*why != '\0');
        return;
    }
    HOLD(str_starts_nocase(s, STR("http://")) || str_starts_nocase(s, STR("https://")));
    size_t host = str_find(s, '/', 0) + 2;
    HOLD(host < s.n && s.p[host] != '/');
    for (size_t i = 0; i < s.n; i++) {
        HOLD((unsigned char)s.p[i] > ' ' && strchr("<>\"\x7f", s.p[i]) == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct pair *pairs = NULL;
    str text = {(const char *)data, size};
    arena_init(&a, 4096);
    check_address(text);
    str decoded = url_decode(&a, text, true);
    HOLD(text_is_utf8(decoded) && decoded.n <= 3 * text.n);
    size_t n = url_pairs(&a, text, 5, &pairs);
    HOLD(n <= 5);
    for (size_t i = 0; i < n; i++) {
        HOLD(text_is_utf8(pairs[i].name) && text_is_utf8(pairs[i].value));
        HOLD(url_find(pairs, n, pairs[i].name) >= &pairs[i]);
    }
    arena_free(&a);
    return 0;
}
