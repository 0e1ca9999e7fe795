/* compose/tone and compose/script: what a wish names, and in which script a text is. */
#include "compose/tone.h"

#include "base/arena.h"
#include "compose/script.h"
#include "compose/weight.h"
#include "support/unit.h"

static void wishes(void **state)
{
    (void)state;
    static const struct {
        const char *wish, *name;
        bool known;
    } rows[] = {
        {"casual", "casual", true},       {"Professional, but warm", "professional", true},
        {"FUNNY", "humorous", true},      {"very  uplifting!", "inspirational", true},
        {"neutral", "neutral", true},     {"", "neutral", false},
        {"grumpy", "neutral", false},     {"casuals", "neutral", false},
        {"\U0001F525", "neutral", false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        bool known = !rows[i].known;
        check_str(str_of(tone_of(&arena, str_of(rows[i].wish), &known)->name), str_of(rows[i].name));
        assert_int_equal(known, rows[i].known);
    }
}

/* Every phrase fits into a tweet beside a subject, and none of a tone is said twice. */
static void phrases_fit(void **state)
{
    (void)state;
    enum { SUBJECT = 62, NUMBER = 6 };
    static const char *const names[] = {"neutral",    "professional",  "casual",
                                        "humorous",   "inspirational", "educational",
                                        "persuasive", "friendly",      "enthusiastic"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        bool known = false;
        const struct tone *t = tone_of(&arena, str_of(names[i]), &known);
        assert_true(known);
        for (size_t k = 0; k < TONE_POINTS; k++) {
            unsigned weight = 0;
            assert_null(weight_of(&arena, str_of(t->points[k]), &weight));
            assert_in_range(weight, 20, TWEET_MAX - SUBJECT - NUMBER);
            assert_null(weight_of(&arena, str_of(tone_questions[k]), &weight));
            assert_in_range(weight, 20, TWEET_MAX - NUMBER);
            for (size_t j = 0; j < k; j++) {
                assert_string_not_equal(t->points[j], t->points[k]);
            }
        }
        for (size_t k = 0; k < TONE_VARIANTS; k++) {
            str before = str_of(t->openings[k].before);
            assert_true(before.n == 0 || before.p[before.n - 1] == ' ');
            assert_true(str_of(t->closings[k]).n > 0);
        }
    }
}

static void scripts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum script want;
    } rows[] = {
        {"", SCRIPT_UNKNOWN},
        {"C++ \U0001F680 2026", SCRIPT_UNKNOWN},
        {"Reading", SCRIPT_LATIN},
        {"\u00dcber B\u00fccher", SCRIPT_LATIN},
        {"\u0427\u0442\u043e \u0447\u0438\u0442\u0430\u0442\u044c", SCRIPT_CYRILLIC},
        {"\u03b2\u03b9\u03b2\u03bb\u03af\u03b1", SCRIPT_GREEK},
        {"\u05e1\u05e4\u05e8 \u05d8\u05d5\u05d1", SCRIPT_HEBREW},
        {"\u0643\u062a\u0627\u0628 \u062c\u062f\u064a\u062f", SCRIPT_ARABIC},
        {"\u56f3\u66f8", SCRIPT_CHINESE_OR_JAPANESE},
        {"\u3053\u306e\u672c", SCRIPT_CHINESE_OR_JAPANESE},
        {"\ub3c4\uc11c\uad00", SCRIPT_HANGUL},
        {"\u0427\u0438\u0442\u0430\u0442\u044c Python \u0432\u0435\u0447\u0435\u0440\u043e\u043c",
         SCRIPT_CYRILLIC},
        {"Latin \u043a\u0438\u0440\u0438\u043b", SCRIPT_UNKNOWN},
        {"\u00d7\u00f7 \u0660\u0661\u0662", SCRIPT_UNKNOWN},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        if (script_of(str_of(rows[i].text)) != rows[i].want) {
            fail_msg("%s: %d", rows[i].text, (int)script_of(str_of(rows[i].text)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(wishes), TEST(phrases_fit), TEST(scripts)};
    return cmocka_run_group_tests_name("tone", tests, NULL, NULL);
}
