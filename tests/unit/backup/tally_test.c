#include "backup/tally.h"

#include <string.h>

#include "support/unit.h"

static const char dump[] = "-- INSERT INTO `comment` VALUES (1);\n"
                           "CREATE TABLE `posts` (\n  `id` bigint\n);\n"
                           "INSERT INTO `posts` VALUES\n(1,'a (b); \\' c\\\\'),\n(2,''),(3,f(x(1)));\n"
                           "INSERT INTO `odd` (`a)`, `VALUES`) VALUES (1,2);\n"
                           "  INSERT INTO `posts` VALUES (9);\n"
                           "INSERT INTO `posts` VALUES ('\nINSERT INTO `users` VALUES (1);\n'),(0x28);\n"
                           "INSERT INTO `users` VALUES (1,'x');\n";
static const char counted[] = "{\"users\":1,\"odd\":1,\"posts\":5,\"empty\":0}";

static void rows_are_counted_however_the_text_is_cut(void **state)
{
    (void)state;
    for (size_t size = 1; size < sizeof dump; size++) {
        struct tally t = {.a = &arena};
        tally_expect(&t, STR("empty"));
        for (size_t at = 0; at < sizeof dump - 1; at += size) {
            tally_add(&t, str_slice(((str){dump, sizeof dump - 1}), at, at + size));
        }
        check_str(tally_json(&t), ((str){counted, sizeof counted - 1}));
        assert_int_equal(t.rows, 7);
    }
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    struct tally t = {.a = &arena};
    char text[200] = "INSERT INTO `";
    memset(text + 13, 'x', 100);
    memcpy(text + 113, "` VALUES (1);", 14);
    tally_add(&t, str_of(text));
    assert_int_equal(strlen(t.tables->name), TALLY_NAME);
    assert_int_equal(t.rows, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(rows_are_counted_however_the_text_is_cut),
                                       TEST(a_long_name_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
