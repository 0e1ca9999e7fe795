/* http/multipart: bodies in parts, whole and broken. */
#include "http/multipart.h"

#include <string.h>

#include "base/buf.h"
#include "http/request.h"
#include "support/unit.h"

#define TYPE          "multipart/form-data; boundary=b"
#define PART(name, s) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" s "\r\n"

static struct pair *pairs;
static size_t count;

static err read_body(const char *type, str body)
{
    pairs = NULL;
    count = 99;
    return multipart_read(&arena, str_of(type), body, &pairs, &count);
}

static void must_read(const char *type, str body)
{
    err e = read_body(type, body);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(body));
    }
}

static void check_pair(size_t i, const char *name, str value)
{
    assert_true(i < count);
    check_str(pairs[i].name, str_of(name));
    check_str(pairs[i].value, value);
}

static void fields_in_order(void **state)
{
    (void)state;
    must_read(TYPE, STR(PART("a", "1") PART("b", "") PART("a", "two\r\nlines --b --b--") "--b--\r\n"));
    assert_int_equal(count, 3);
    check_pair(0, "a", STR("1"));
    check_pair(1, "b", STR(""));
    check_pair(2, "a", STR("two\r\nlines --b --b--"));
}

static void no_fields_at_all(void **state)
{
    (void)state;
    must_read(TYPE, STR("--b--"));
    assert_int_equal(count, 0);
}

static void what_stands_around_the_parts(void **state)
{
    (void)state;
    must_read(TYPE, STR("a preamble\r\n" PART("a", "1") "--b--\r\nan epilogue\r\n--b\r\n"));
    assert_int_equal(count, 1);
    check_pair(0, "a", STR("1"));
}

static void boundaries(void **state)
{
    (void)state;
    static const struct {
        const char *type, *boundary;
    } cases[] = {
        {"multipart/form-data; boundary=----WebKitFormBoundaryAbC", "----WebKitFormBoundaryAbC"},
        {"multipart/form-data;boundary=\"quoted; and = blank\"", "quoted; and = blank"},
        {"multipart/form-data; charset=utf-8; Boundary=x ; y=z", "x"},
        {"multipart/form-data; odd; y=\"; boundary=no\"; boundary=yes", "yes"},
        {("multipart/form-data; "
          "boundary=0123456789012345678901234567890123456789012345678901234567890123456789"),
         "0123456789012345678901234567890123456789012345678901234567890123456789"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str body = str_format(&arena, "--%s\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--%s--",
                              cases[i].boundary, cases[i].boundary);
        must_read(cases[i].type, body);
        assert_int_equal(count, 1);
        check_pair(0, "a", STR("1"));
    }
}

static void check_broken(const char *type, str body)
{
    err e = read_body(type, body);
    if (e == NULL) {
        fail_msg("%s with %.*s was read: %zu fields", type, STR_ARGS(body), count);
        return;
    }
    assert_int_equal(e->code, ERROR_BODY_UNREADABLE);
    check_str(e->detail, STR("There was an error parsing the body"));
    assert_int_equal(count, 99); /* nothing is written */
}

static void no_boundary(void **state)
{
    (void)state;
#define SEVENTY_ONE "01234567890123456789012345678901234567890123456789012345678901234567890"
#define BETWEEN(b)  "--" b "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" b "--"
    static const struct {
        const char *type, *body; /* which would be good with the boundary that the type does not give */
    } cases[] = {
        {"multipart/form-data", BETWEEN("b")},
        {"multipart/form-data", BETWEEN("")},
        {"multipart/form-data; boundary", BETWEEN("")},
        {"multipart/form-data; boundary=", BETWEEN("")},
        {"multipart/form-data; boundary=\"\"", BETWEEN("")},
        {"multipart/form-data; x=boundary=b", BETWEEN("b")},
        {"multipart/form-data; aboundary=b", BETWEEN("b")},
        {"multipart/form-data, boundary=b", BETWEEN("b")},
        {"multipart/form-data; boundary=" SEVENTY_ONE, BETWEEN(SEVENTY_ONE)},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        check_broken(cases[i].type, str_of(cases[i].body));
    }
}

static void bodies_that_are_none(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "x",
        "a=1&b=2",
        "{\"a\":1}",
        "--",
        "--c--",
        "--b",
        "--b-",
        "--bb--",
        "--b\n",
        "--b\r\n",
        PART("a", "1"),       /* no end */
        PART("a", "1") "--b", /* cut off */
        PART("a", "1") "--b-",
        PART("a", "1") "--bx",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n1\r\n--b--", /* no blank line before the value */
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1--b--", /* no line end before the boundary */
    };
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        check_broken(TYPE, str_of(bodies[i]));
    }
}

/* However much of it arrives, a part of a body is none. */
static void every_beginning_is_broken(void **state)
{
    (void)state;
    str whole = STR(PART("username", "ada") PART("password", "correct horse") "--b--");
    for (size_t n = 0; n < whole.n; n++) {
        check_broken(TYPE, str_copy(&arena, str_slice(whole, 0, n)));
    }
    must_read(TYPE, whole);
    assert_int_equal(count, 2);
}

#define HEAD(head, s) "--b\r\n" head "\r\n\r\n" s "\r\n"

static void heads_of_parts(void **state)
{
    (void)state;
    must_read(TYPE, STR(HEAD("content-type: text/plain\r\ncontent-DISPOSITION:form-data;name=plain", "1")
                            HEAD("Content-Disposition: form-data; name=\"quoted; filename=x\"", "2")
                                HEAD("Content-Disposition: form-data; x=y; NAME=\"n\" ; z", "3")
                                    HEAD("Content-Disposition: form-data; name=\"\"", "4") "--b--"));
    assert_int_equal(count, 4);
    check_pair(0, "plain", STR("1"));
    check_pair(1, "quoted; filename=x", STR("2"));
    check_pair(2, "n", STR("3"));
    check_pair(3, "", STR("4"));
}

static void files_and_nameless_parts_are_skipped(void **state)
{
    (void)state;
    must_read(TYPE,
              STR(PART("a", "1") HEAD(
                  "Content-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\nContent-Type: image/png",
                  "\x89PNG") HEAD("Content-Disposition: form-data; filename=\"\"; name=\"f\"", "")
                      HEAD("Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''x", "x")
                          HEAD("Content-Disposition: form-data", "x") HEAD("X-Other: name=\"x\"", "x")
                              HEAD("Content-Type: text/plain", "x") PART("b", "2") "--b--"));
    assert_int_equal(count, 2);
    check_pair(0, "a", STR("1"));
    check_pair(1, "b", STR("2"));
}

static void text_is_repaired_and_a_nul_stays(void **state)
{
    (void)state;
    must_read(TYPE, STR(HEAD("Content-Disposition: form-data; name=\"\xff\"", "a\x80\0z") "--b--"));
    assert_int_equal(count, 1);
    check_pair(0, "\xef\xbf\xbd", STR("a\xef\xbf\xbd\0z"));
}

static void no_more_fields_than_are_read(void **state)
{
    (void)state;
    struct buf body;
    buf_init(&body, &arena, 64, 1 << 20);
    for (int i = 0; i < REQUEST_MAX_PAIRS + 10; i++) {
        buf_printf(&body, PART("a", "%d"), i);
    }
    buf_lit(&body, "--b--");
    must_read(TYPE, buf_view(&body));
    assert_int_equal(count, REQUEST_MAX_PAIRS);
    check_pair(REQUEST_MAX_PAIRS - 1, "a", str_format(&arena, "%d", REQUEST_MAX_PAIRS - 1));
}

/* What is said of a body given in two pieces, or byte by byte: events, names, and data put together. */
static str tell(str body, size_t cut, bool singly)
{
    struct multipart m;
    struct buf log;
    buf_init(&log, &arena, 256, 1 << 16);
    assert_null(multipart_init(&m, &arena, STR(TYPE), 4));
    for (size_t at = 0; at < body.n;) {
        size_t end = singly ? at + 1 : at < cut ? cut : body.n;
        str piece = str_copy(&arena, str_slice(body, at, end));
        multipart_give(&m, piece);
        for (enum multipart_event e; (e = multipart_next(&m)) != MULTIPART_MORE;) {
            if (e == MULTIPART_BROKEN) {
                buf_lit(&log, " broken");
                return buf_view(&log);
            }
            if (e == MULTIPART_PART) {
                buf_printf(&log, "{%s%s%.*s:", m.has_name ? "" : "nameless", m.is_file ? "file " : "",
                           STR_ARGS(m.name));
            }
            buf_str(&log, e == MULTIPART_DATA ? m.data : e == MULTIPART_END ? STR("}") : STR(""));
        }
        at = end;
    }
    buf_c(&log, multipart_complete(&m) ? " complete" : " unfinished");
    return buf_view(&log);
}

/* However a body is cut, it says the same. */
static void every_cut(void **state)
{
    (void)state;
    static const struct {
        str body, said;
    } cases[] = {
        {STR_INIT(
             "before\r\r\n--\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../x\"\r\n\r\n"
             "\r\n--\r\n--a\r\r\n-\r\n--\0\r\n--b\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; "
             "name=g\r\n\r\n"
             "\r\n--b--after\r\n--b\r\nx"),
         STR_INIT("{file f:\r\n--\r\n--a\r\r\n-\r\n--\0}{nameless:}{g:} complete")},
        {STR_INIT("--b\r\n\r\n--b--"),
         STR_INIT("{nameless:} complete")}, /* the line end of the head is that of the boundary */
        {STR_INIT("--b\r\n\r\nx--b--"), STR_INIT("{nameless:x--b-- unfinished")},
        {STR_INIT("--b\r\n\r\nx\r\n--bb--"), STR_INIT("{nameless:x} broken")},
        {STR_INIT("--b\r\r\n"), STR_INIT(" broken")},
        {STR_INIT("--b-x"), STR_INIT(" broken")},
        {STR_INIT("x--b--"), STR_INIT(" unfinished")}, /* not at the beginning of a line */
        {STR_INIT("--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--"),
         STR_INIT("{nameless:}{nameless:}{nameless:}{nameless:} broken")}, /* four are allowed */
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        for (size_t cut = 0; cut <= cases[i].body.n; cut++) {
            check_str(tell(cases[i].body, cut, false), cases[i].said);
        }
        check_str(tell(cases[i].body, 0, true), cases[i].said);
    }
}

static void heads_are_bounded(void **state)
{
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        /* the bound holds for the head with the line end before it and the blank line behind it */
        size_t n = MULTIPART_HEAD_MAX - 2 - 4 + over;
        char *head = arena_alloc(&arena, n);
        memset(head, 'x', n);
        str body = str_format(&arena, "--b\r\n%.*s\r\n\r\nv\r\n--b--", (int)n, head);
        check_str(tell(body, 0, false), over ? STR(" broken") : STR("{nameless:v} complete"));
        check_str(tell(body, 0, true), over ? STR(" broken") : STR("{nameless:v} complete"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_in_order),
        TEST(no_fields_at_all),
        TEST(what_stands_around_the_parts),
        TEST(boundaries),
        TEST(no_boundary),
        TEST(bodies_that_are_none),
        TEST(every_beginning_is_broken),
        TEST(heads_of_parts),
        TEST(files_and_nameless_parts_are_skipped),
        TEST(text_is_repaired_and_a_nul_stays),
        TEST(no_more_fields_than_are_read),
        TEST(every_cut),
        TEST(heads_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
