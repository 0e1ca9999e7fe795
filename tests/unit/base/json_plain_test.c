#include "base/json_plain.h"

#include <string.h>

#include "support/unit.h"

enum { LONGEST = 70 };

/* Every byte at every place of texts of every length, between bytes that no search may stop at. */
static void every_byte_everywhere(void **state)
{
    (void)state;
    static const char between[] = {' ', '\x7F', (char)0x80, (char)0xA2, (char)0xDC, (char)0xFF};
    for (size_t n = 1; n <= LONGEST; n++) {
        char *text = arena_alloc(&arena, n); /* so that the sanitizers see a read behind it */
        char *copy = arena_alloc(&arena, n);
        for (size_t place = 0; place < n; place++) {
            for (unsigned c = 0; c < 256; c++) {
                memset(text, between[(n + c) % sizeof between], n);
                text[place] = (char)c;
                bool plain = c >= 0x20 && c != '"' && c != '\\';
                size_t length = plain ? n : place;
                if (json_plain(text, n) != length || json_plain_copy(copy, text, n) != length ||
                    memcmp(copy, text, length) != 0) {
                    fail_msg("0x%02X at %zu of %zu", c, place, n);
                }
            }
        }
        arena_reset(&arena);
    }
}

static void the_first_counts(void **state)
{
    (void)state;
    char text[LONGEST];
    for (size_t first = 0; first < sizeof text; first++) {
        memset(text, 'x', sizeof text);
        memset(text + first, '"', sizeof text - first);
        assert_int_equal(json_plain(text, sizeof text), first);
    }
    assert_int_equal(json_plain(text, 0), 0);
    assert_int_equal(json_plain_copy(text, text, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(every_byte_everywhere), TEST(the_first_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
