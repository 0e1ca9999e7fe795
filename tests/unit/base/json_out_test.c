#include "base/json_out.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

static struct buf out;

static void begin(void)
{
    buf_init(&out, &arena, 16, 1 << 20);
}

static void strings(void **state)
{
    (void)state;
    static const struct {
        str text;
        str json;
    } cases[] = {
        {STR_INIT(""), STR_INIT("\"\"")},
        {STR_INIT("plain"), STR_INIT("\"plain\"")},
        {STR_INIT("\"\\/"), STR_INIT("\"\\\"\\\\/\"")},
        {STR_INIT("\b\t\n\f\r"), STR_INIT("\"\\b\\t\\n\\f\\r\"")},
        {STR_INIT("\0\x01\x0B\x1F"), STR_INIT("\"\\u0000\\u0001\\u000b\\u001f\"")},
        {STR_INIT("\x7F"), STR_INIT("\"\x7F\"")},
        {STR_INIT("\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8"),
         STR_INIT("\"\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8\"")},
        {STR_INIT("a\nb"), STR_INIT("\"a\\nb\"")},
        {{NULL, 0}, STR_INIT("\"\"")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        begin();
        json_put_str(&out, cases[i].text);
        check_str(buf_view(&out), cases[i].json);
    }
}

static void every_control_character_is_escaped(void **state)
{
    (void)state;
    for (int c = 0; c < 0x20; c++) {
        char byte = (char)c;
        begin();
        json_put_str(&out, (str){&byte, 1});
        assert_true(out.n == 4 || out.n == 8);
        assert_int_equal(out.p[1], '\\');
        if (out.n == 8) {
            char hex[5] = {out.p[3], out.p[4], out.p[5], out.p[6], '\0'};
            assert_int_equal(out.p[2], 'u');
            assert_int_equal(strtol(hex, NULL, 16), c);
        }
    }
}

/* Text is looked at eight bytes at a time: every byte at every place among others of every kind, against the rule. */
static void every_byte_at_every_place(void **state)
{
    (void)state;
    static const unsigned char others[] = {'a', 0x20, 0x1F, '"', 0x80, 0x9F, 0xA0, 0xDC, 0xFF};
    for (size_t o = 0; o < LENGTH(others); o++) {
        for (int byte = 0; byte < 256; byte++) {
            for (size_t place = 0; place < 19; place++) {
                char text[19];
                memset(text, others[o], sizeof text);
                text[place] = (char)(unsigned char)byte;
                arena_reset(&arena);
                begin();
                for (size_t i = 0; i < sizeof text; i++) {
                    struct buf whole = out;
                    begin();
                    json_put_str(&out, (str){text + i, 1}); /* of one byte alone: the rule, as tested above */
                    str one = str_slice(buf_view(&out), 1, out.n - 1);
                    out = whole;
                    buf_str(&out, one);
                }
                str want = buf_view(&out);
                begin();
                json_put_str(&out, (str){text, sizeof text});
                check_str(str_slice(buf_view(&out), 1, out.n - 1), want);
            }
        }
    }
}

static void dirty_bytes(void **state)
{
    (void)state;
    begin();
    json_put_dirty(&out, STR("ok \xC3\xA9\n"));
    json_put_dirty(&out, STR("\xFF\xC3(\xED\xA0\x80"));
    check_str(buf_view(&out),
              STR("\"ok \xC3\xA9\\n\"\"\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""));
}

static void booleans(void **state)
{
    (void)state;
    begin();
    json_put_bool(&out, true);
    json_put_bool(&out, false);
    check_str(buf_view(&out), STR("truefalse"));
}

static void doubles(void **state)
{
    (void)state;
    static const struct {
        double value;
        str json;
    } cases[] = {
        {0.0, STR_INIT("0.0")},
        {-0.0, STR_INIT("-0.0")},
        {1.0, STR_INIT("1.0")},
        {-2.5, STR_INIT("-2.5")},
        {0.1, STR_INIT("0.1")},
        {0.1 + 0.2, STR_INIT("0.30000000000000004")},
        {1.0 / 3.0, STR_INIT("0.3333333333333333")},
        {4.333333333333333, STR_INIT("4.333333333333333")},
        {100000.0, STR_INIT("100000.0")},
        {1e22, STR_INIT("1e+22")},
        {9007199254740993.0, STR_INIT("9007199254740992.0")},
        {DBL_MAX, STR_INIT("1.7976931348623157e+308")},
        {DBL_MIN, STR_INIT("2.2250738585072014e-308")},
        {5e-324, STR_INIT("5e-324")},
        {1e-310, STR_INIT("1e-310")},
        {INFINITY, STR_INIT("null")},
        {-INFINITY, STR_INIT("null")},
        {NAN, STR_INIT("null")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        begin();
        json_put_double(&out, cases[i].value);
        check_str(buf_view(&out), cases[i].json);
    }
}

static void doubles_read_back(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252U;
    for (int i = 0; i < 50000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        double v = 0;
        memcpy(&v, &x, sizeof v);
        if (!isfinite(v)) {
            continue;
        }
        arena_reset(&arena);
        begin();
        json_put_double(&out, v);
        char *end = NULL;
        const char *text = str_c(&arena, buf_view(&out));
        double back = strtod(text, &end);
        if (*end != '\0' || memcmp(&back, &v, sizeof v) != 0) {
            fail_msg("%a came back as %s", v, text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(strings),           TEST(every_control_character_is_escaped),
        TEST(dirty_bytes),       TEST(every_byte_at_every_place),
        TEST(booleans),          TEST(doubles),
        TEST(doubles_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
