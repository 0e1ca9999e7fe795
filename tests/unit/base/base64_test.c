#include "base/base64.h"

#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

static str put(const void *bytes, size_t n)
{
    struct buf b;
    buf_init(&b, &arena, 16, 1 << 20);
    base64_put(&b, bytes, n);
    return buf_view(&b);
}

/* RFC 4648, section 10, without the padding. */
static void known_texts(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
        {"\xff", "_w"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str bytes = {0};
        assert_true(base64_is(str_of(cases[i].text)));
        check_str(put(cases[i].bytes, strlen(cases[i].bytes)), str_of(cases[i].text));
        assert_true(base64_read(&arena, str_of(cases[i].text), &bytes));
        check_str(bytes, str_of(cases[i].bytes));
    }
}

static void all_lengths_and_bytes_come_back(void **state)
{
    (void)state;
    unsigned char bytes[256 + 70];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 167 + i / 256);
    }
    for (size_t n = 0; n <= sizeof bytes; n++) {
        str back = {0};
        str text = put(bytes, n);
        assert_int_equal(text.n, (4 * n + 2) / 3);
        assert_true(base64_read(&arena, text, &back));
        assert_int_equal(back.n, n);
        assert_true(n == 0 || memcmp(back.p, bytes, n) == 0);
    }
}

/* One text for the same bytes: no padding, no other alphabet, no leftover bits, no length that cannot be. */
static void texts_that_are_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"Z",    "Zm9vY", "Zg==",  "Zg=", "Zm9v=", "Zh",   "Zm9",       "Zm+v",
                                        "Zm/v", "Zm v",  "Zm\nv", " Zg", "Zg ",   "Zm.v", "\xc3\xa4xx"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        str bytes = STR("untouched");
        if (base64_read(&arena, str_of(wrong[i]), &bytes) || base64_is(str_of(wrong[i]))) {
            fail_msg("%s was read", wrong[i]);
        }
        check_str(bytes, STR("untouched"));
    }
    str bytes = {0};
    assert_false(base64_read(&arena, (str){"Zg\0Zg", 5}, &bytes));
}

/* Of 256 bytes in place of a character exactly the 64 of the alphabet are read. */
static void the_alphabet(void **state)
{
    (void)state;
    unsigned read = 0;
    for (int c = 0; c < 256; c++) {
        char text[] = {'A', (char)c, 'A', 'A'};
        str bytes = {0};
        read += base64_read(&arena, (str){text, sizeof text}, &bytes);
    }
    assert_int_equal(read, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(known_texts), TEST(all_lengths_and_bytes_come_back),
                                       TEST(texts_that_are_none), TEST(the_alphabet)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
