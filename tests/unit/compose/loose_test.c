/* compose/loose: the tweets in whatever a language model wrote. */
#include "compose/loose.h"

#include <string.h>

#include "base/text.h"
#include "compose/loose_mark.h"
#include "support/unit.h"

enum { MOST = 4 };

struct sample {
    const char *text;
    enum loose_form form;
    const char *want[MOST];
};

static const struct sample samples[] = {
    /* JSON, in all its dresses */
    {"{\"tweets\":[\"One.\",\"Two.\"]}", LOOSE_JSON, {"One.", "Two."}},
    {"  [\"One.\",\n\"Two.\"]  ", LOOSE_JSON, {"One.", "Two."}},
    {"{\"posts\":[{\"text\":\"One.\"},{\"tweet\":\"Two.\"}]}", LOOSE_JSON, {"One.", "Two."}},
    {"{\"data\":{\"thread\":[\"One.\"]}}", LOOSE_JSON, {"One."}},
    {"{\"tweet_1\":\"One.\",\"tweet_2\":\"Two.\"}", LOOSE_JSON, {"One.", "Two."}},
    {"{\"tweets\":[\"One.\",null,7,[\"x\"],\"Two.\"]}", LOOSE_JSON, {"One.", "Two."}},
    {"```json\n{\"tweets\":[\"One.\"]}\n```", LOOSE_JSON, {"One."}},
    {"```\n[\"One.\",\"Two.\"]\n```\nHope it helps!", LOOSE_JSON, {"One.", "Two."}},
    {"Sure:\n{\"tweets\": [\"One.\", \"Two.\"]} Bye", LOOSE_JSON, {"One.", "Two."}},
    {"{\"tweets\":[\"One.\\nTwo \\\"x\\\".\"]}", LOOSE_JSON, {"One.\nTwo \"x\"."}},
    {"{\"tweets\":[\"One\tline.\",\"Two\nlines.\"]}", LOOSE_JSON, {"One\tline.", "Two\nlines."}},
    {"{\"tweets\":[\"1. One.\\n2. Two.\"]}", LOOSE_JSON, {"One.", "Two."}},
    /* JSON that breaks off */
    {"{\"tweets\":[\"One.\",\"Two.\",\"Thr", LOOSE_PARTIAL, {"One.", "Two."}},
    {"{\"tweets\":[\"One.\",\"Two.\"", LOOSE_PARTIAL, {"One.", "Two."}},
    {"```json\n{\"tweets\":[{\"text\":\"One.\"},{\"text\":\"Tw", LOOSE_PARTIAL, {"One."}},
    {"{\"tweets\":[\"One", LOOSE_NOTHING, {0}},
    {"{\"twee", LOOSE_NOTHING, {0}},
    {"{\"tweets\":[]}", LOOSE_NOTHING, {0}},
    {"[]", LOOSE_NOTHING, {0}},
    {"", LOOSE_NOTHING, {0}},
    {" \n\t ", LOOSE_NOTHING, {0}},
    {"[\" \",\"\\u200b\",\"\\n\"]", LOOSE_NOTHING, {0}},
    /* lines */
    {"1. One.\n2. Two.", LOOSE_LINES, {"One.", "Two."}},
    {"Here it is:\n1) One.\nstill one.\n\n2) Two.", LOOSE_LINES, {"One.\nstill one.", "Two."}},
    {"**Tweet 1:** One.\n\n**Tweet 2:** Two.\n\nLet me know!", LOOSE_LINES, {"One.", "Two."}},
    {"1/ One.\n2/ Two.", LOOSE_LINES, {"One.", "Two."}},
    {"(1/2) One.\n(2/2) Two.", LOOSE_LINES, {"One.", "Two."}},
    {"- One.\n- Two.\n", LOOSE_LINES, {"One.", "Two."}},
    {"\u2022 One.\n\u2022 Two.", LOOSE_LINES, {"One.", "Two."}},
    /* prose */
    {"One.\n\nTwo.", LOOSE_PROSE, {"One.", "Two."}},
    {"One (1/2)\n\nTwo (2/2)", LOOSE_PROSE, {"One", "Two"}},
    {"One.\n\nstill one.\n---\nTwo.", LOOSE_PROSE, {"One.\n\nstill one.", "Two."}},
    {"Here is your thread:\n\nOne.\n\nTwo.", LOOSE_PROSE, {"One.", "Two."}},
    {"\"One.\"\n\n\u201cTwo.\u201d", LOOSE_PROSE, {"One.", "Two."}},
    {"\"One\" and \"two\"", LOOSE_PROSE, {"\"One\" and \"two\""}},
    {"# One\n\n**Two** is bold", LOOSE_PROSE, {"One", "Two is bold"}},
    {"3.5 million bees.\n\n2 of them dance.", LOOSE_PROSE, {"3.5 million bees.", "2 of them dance."}},
    {"One.\n\nONE.\n\nTwo.", LOOSE_PROSE, {"One.", "Two."}},
    {"[Bees] dance.", LOOSE_PROSE, {"[Bees] dance."}},
    /* around it */
    {"<think>1. no\n2. no</think>\nOne.", LOOSE_PROSE, {"One."}},
    {"<think>and so it went on and on", LOOSE_NOTHING, {0}},
    {"I'm sorry, but I can't help with that.", LOOSE_REFUSAL, {0}},
    {"I\u2019m sorry, no.", LOOSE_REFUSAL, {0}},
    {"{\"tweets\":[\"I cannot write this.\"]}", LOOSE_REFUSAL, {0}},
    {"I'm sorry for the bees.\n\nThey dance alone.",
     LOOSE_PROSE,
     {"I'm sorry for the bees.", "They dance alone."}},
};

static void all_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(samples); i++) {
        const struct sample *s = &samples[i];
        struct loose got;
        loose_read(&arena, str_of(s->text), &got);
        size_t want = 0;
        while (want < MOST && s->want[want] != NULL) {
            want++;
        }
        if (got.form != s->form || got.n != want) {
            fail_msg("%s: %s of %zu pieces", s->text, loose_name(got.form), got.n);
        }
        for (size_t k = 0; k < want; k++) {
            check_str(got.pieces[k], str_of(s->want[k]));
        }
    }
}

/* Whatever is cut off anywhere: only whole tweets come out. */
static void every_truncation(void **state)
{
    (void)state;
    str whole =
        STR("{\"tweets\":[\"One \\\"is\\\" [here].\",{\"text\":\"Two, {too}.\"},\"Three \\u20ac.\"]}");
    static const char *const want[] = {"One \"is\" [here].", "Two, {too}.", "Three \u20ac."};
    for (size_t n = 0; n < whole.n; n++) {
        struct loose got;
        loose_read(&arena, str_slice(whole, 0, n), &got);
        assert_true(got.form == LOOSE_NOTHING || got.form == LOOSE_PARTIAL || n + 1 >= whole.n);
        for (size_t i = 0; i < got.n; i++) {
            check_str(got.pieces[i], str_of(want[i]));
        }
    }
}

static void bounds(void **state)
{
    (void)state;
    enum { LINES = 300, BIG = LOOSE_MAX_BYTES + 1000 };
    char *text = arena_alloc(&arena, BIG);
    size_t n = 0;
    for (int i = 0; i < LINES; i++) {
        n += (size_t)snprintf(text + n, BIG - n, "line number %d\n\n", i);
    }
    struct loose got;
    loose_read(&arena, (str){text, n}, &got);
    assert_int_equal(got.n, LOOSE_MAX_PIECES);
    memset(text, 'x', BIG);
    memcpy(text + LOOSE_MAX_BYTES - 1, "\u20ac", 3);
    loose_read(&arena, (str){text, BIG}, &got);
    assert_int_equal(got.n, 1);
    assert_int_equal(got.pieces[0].n, LOOSE_MAX_BYTES - 1);
}

static void marks(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum mark_kind kind;
        unsigned number;
        size_t length;
    } rows[] = {
        {"**Tweet 2:** Hello", MARK_NUMBER, 2, 13},
        {"1. x", MARK_NUMBER, 1, 3},
        {"12) x", MARK_NUMBER, 12, 4},
        {"(3/7) x", MARK_NUMBER, 3, 6},
        {"4/ x", MARK_NUMBER, 4, 3},
        {"- x", MARK_BULLET, 0, 2},
        {"* x", MARK_BULLET, 0, 2},
        {"3.5 million", MARK_NONE, 0, 0},
        {"2024 was", MARK_NONE, 0, 0},
        {"123. x", MARK_NONE, 0, 0},
        {"0. x", MARK_NONE, 0, 0},
        {"-x", MARK_NONE, 0, 0},
        {"", MARK_NONE, 0, 0},
        {"7 bees", MARK_NONE, 0, 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct mark m = mark_read(str_of(rows[i].line));
        if (m.kind != rows[i].kind || m.number != rows[i].number || m.length != rows[i].length) {
            fail_msg("%s: kind %d, number %u, length %zu", rows[i].line, (int)m.kind, m.number, m.length);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(all_samples), TEST(every_truncation), TEST(bounds), TEST(marks)};
    return cmocka_run_group_tests_name("loose", tests, NULL, NULL);
}
