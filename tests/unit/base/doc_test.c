/* base/doc: commas, brackets and line ends. */
#include "base/doc.h"

#include "base/buf.h"
#include "support/unit.h"

static void members_and_elements(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, &arena, 64, 4096);
    struct doc d = doc_over(&out);
    doc_object(&d, NULL);
    doc_c(&d, "a", "\"");
    doc_list(&d, "b");
    doc_int(&d, NULL, -1);
    doc_object(&d, NULL);
    doc_end(&d);
    doc_list(&d, NULL);
    doc_end(&d);
    doc_bool(&d, NULL, true);
    doc_end(&d);
    doc_object_str(&d, STR("c"));
    doc_format(&d, "d", "%s %d", "é", 7);
    doc_end(&d);
    doc_json(&d, "e", "{\"f\":null}");
    doc_end(&d);
    check_str(buf_view(&out),
              STR("{\n\"a\":\"\\\"\",\n\"b\":[\n-1,\n{},\n[],\ntrue],\n\"c\":{\n\"d\":\"é 7\"},\n"
                  "\"e\":{\"f\":null}}"));
    assert_int_equal(d.depth, 0);
}

/* A list inside an object inside a list: each is closed by its own bracket, at the greatest depth too. */
static void brackets_match(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, &arena, 64, 4096);
    struct doc d = doc_over(&out);
    for (unsigned i = 0; i < DOC_MAX_DEPTH; i++) {
        if (i % 3 == 0) {
            doc_list(&d, i == 0 || i % 3 == 1 ? NULL : "x");
        } else {
            doc_object(&d, i % 3 == 1 ? NULL : "x");
        }
    }
    out.n = 0;
    for (unsigned i = 0; i < DOC_MAX_DEPTH; i++) {
        doc_end(&d);
    }
    for (unsigned i = 0; i < DOC_MAX_DEPTH; i++) {
        assert_int_equal(out.p[i], (DOC_MAX_DEPTH - 1 - i) % 3 == 0 ? ']' : '}');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(members_and_elements), TEST(brackets_match)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
