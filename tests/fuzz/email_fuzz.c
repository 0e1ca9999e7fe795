/* email: an address has a normal form that is its own normal form, a refusal has a sentence that can be sent. */
#include <string.h>

#include "base/arena.h"
#include "base/email.h"
#include "base/idna.h"
#include "base/text.h"
#include "fuzz.h"

static void check_accepted(struct arena *a, str normal)
{
    str again = {0};
    str why = {0};
    HOLD(text_is_utf8(normal) && normal.n <= 254);
    size_t at = str_find(normal, '@', 0);
    HOLD(at > 0 && at + 1 < normal.n && str_find(normal, '@', at + 1) == normal.n);
    HOLD(memchr(normal.p, '\0', normal.n) == NULL && memchr(normal.p, '\n', normal.n) == NULL);
    HOLD(memchr(normal.p, ' ', normal.n) == NULL && memchr(normal.p, '<', normal.n) == NULL);
    for (size_t i = at + 1; i < normal.n; i++) {
        HOLD(normal.p[i] < 'A' || normal.p[i] > 'Z');
    }
    HOLD(email_check(a, normal, &again, &why));
    HOLD(str_eq(again, normal));
}

static void check_labels(struct arena *a, str text)
{
    str mapped = {0};
    str ascii = {0};
    str unicode = {0};
    str twice = {0};
    str why = {0};
    if (!idna_map(a, text, &mapped, &why)) {
        HOLD(why.n > 0 && text_is_utf8(why));
        return;
    }
    HOLD(text_is_utf8(mapped));
    str label = str_slice(mapped, 0, str_find(mapped, '.', 0));
    if (label.n == 0 || !idna_to_ascii(a, label, &ascii, &why)) {
        return;
    }
    HOLD(ascii.n <= 63);
    HOLD(idna_to_unicode(a, ascii, &unicode, &why) && text_is_utf8(unicode));
    if (!str_starts(label, STR("xn--"))) {
        HOLD(str_eq(unicode, label));
    }
    HOLD(idna_to_ascii(a, unicode, &twice, &why));
    /* Punycode may begin with a hyphen that says nothing; there is no other second spelling. */
    HOLD(str_eq(twice, ascii) || str_starts(ascii, STR("xn---")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    str text = {(const char *)data, size};
    str normal = {0};
    str why = {0};
    if (!text_is_utf8(text)) {
        return 0; /* the caller has seen to it */
    }
    arena_init(&a, 4096);
    if (email_check(&a, text, &normal, &why)) {
        check_accepted(&a, normal);
    } else {
        HOLD(why.n > 0 && text_is_utf8(why));
    }
    if (size < 500) {
        check_labels(&a, text);
    }
    arena_free(&a);
    return 0;
}
