/* compose/sentence and compose/rank: a text in sentences, and which of them say most. */
#include "compose/rank.h"

#include <string.h>

#include "support/unit.h"

static struct sentence *sentences;
static size_t count;

static void split(const char *text)
{
    assert_null(sentences_split(&arena, str_of(text), &sentences, &count));
}

static void check(const char *text, size_t n, const char *const *want)
{
    split(text);
    if (count != n) {
        fail_msg("%s: %zu sentences, not %zu", text, count, n);
    }
    for (size_t i = 0; i < n; i++) {
        check_str(sentences[i].text, str_of(want[i]));
    }
}
#define CHECK(text, ...) \
    check(text, LENGTH(((const char *const[]){__VA_ARGS__})), (const char *const[]){__VA_ARGS__})

static void where_sentences_end(void **state)
{
    (void)state;
    CHECK("One is here. Two is here! Is three?", "One is here.", "Two is here!", "Is three?");
    CHECK("Dr. Smith met Mr. J. Doe, e.g. Monday. They ate.", "Dr. Smith met Mr. J. Doe, e.g. Monday.",
          "They ate.");
    CHECK("It costs 3.5 million. It is late.", "It costs 3.5 million.", "It is late.");
    CHECK("See https://example.com/a?b=c.d!e for more. Then go.",
          "See https://example.com/a?b=c.d!e for more.", "Then go.");
    CHECK("She said \"Stop.\" He did.", "She said \"Stop.\"", "He did.");
    CHECK("一つ目です。二つ目です！", "一つ目です。", "二つ目です！");
    CHECK("هل تقرأ؟ نعم أقرأ.", "هل تقرأ؟", "نعم أقرأ.");
    split("");
    assert_int_equal(count, 0);
    split(" \n\t\n ");
    assert_int_equal(count, 0);
}

static void where_paragraphs_end(void **state)
{
    (void)state;
    CHECK("A long line that somebody's mail program has\nwrapped here. Next.",
          "A long line that somebody's mail program has", "wrapped here.", "Next.");
    CHECK("This is a long line that somebody's mail program has\nwrapped here. Next.",
          "This is a long line that somebody's mail program has wrapped here.", "Next.");
    split("# Title\n\nFirst one. Second one.\n\n- item one\n- item two\n\nThird <b>one</b>. But this leans.");
    assert_int_equal(count, 7);
    assert_true(sentences[0].heading);
    assert_true(sentences[1].first && !sentences[2].first && !sentences[1].item);
    assert_true(sentences[3].item && sentences[3].first && sentences[4].item && !sentences[3].heading);
    check_str(sentences[3].text, STR("item one"));
    check_str(sentences[5].text, STR("Third <b>one</b>."));
    assert_true(sentences[6].leans && !sentences[5].leans);
}

static void bounded(void **state)
{
    (void)state;
    enum { MANY = SENTENCES_MAX + 50 };
    char *text = arena_alloc(&arena, MANY * 3 + 1);
    for (size_t i = 0; i < MANY; i++) {
        memcpy(text + i * 3, "A! ", 3);
    }
    text[MANY * 3] = '\0';
    split(text);
    assert_int_equal(count, SENTENCES_MAX);
}

static void clipping(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned most;
        const char *want;
    } rows[] = {
        {"short", 10, "short"},
        {"one two three four", 12, "one two\u2026"},
        {"one,  two\nthree", 14, "one, two three"},
        {"see https://example.com/long/path now or then", 29, "see https://example.com/long/path\u2026"},
        {"see https://example.com/long/path now or then", 28, "see\u2026"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        str got;
        assert_null(sentence_clip(&arena, str_of(rows[i].text), rows[i].most, &got));
        check_str(got, str_of(rows[i].want));
    }
}

static struct ranking *rank(const char *text, const char *topic)
{
    struct ranking *r = NULL;
    split(text);
    assert_null(ranking_new(&arena, sentences, count, str_of(topic), &r));
    return r;
}

static void the_topic_decides(void **state)
{
    (void)state;
    const char *text =
        "Weather was fine on Sunday. Bees dance for their sisters. Traffic was slow in the centre.";
    assert_int_equal(ranking_best(rank(text, "why a bee dances")), 1);
    assert_int_equal(ranking_best(rank(text, "the traffic in our centre")), 2);
}

static void said_once_is_enough(void **state)
{
    (void)state;
    struct ranking *r =
        rank("Bees dance for food. Bees dance, for FOOD! Bees dance in the hive for food. Roads were wet.",
             "bees that dance");
    size_t first = ranking_best(r);
    ranking_take(r, first);
    assert_false(ranking_is_open(r, 1)); /* the same words as the first */
    size_t left = 0;
    for (size_t i = ranking_best(r); i < count; i = ranking_best(r)) {
        assert_true(ranking_is_open(r, i));
        ranking_drop(r, i);
        left++;
    }
    assert_int_equal(left, 2);
}

static void headings_are_out(void **state)
{
    (void)state;
    struct ranking *r = rank("# Bees\n\nThey dance a lot in the summer.", "bees");
    assert_int_equal(ranking_best(r), 1);
    ranking_drop(r, 1);
    assert_int_equal(ranking_best(r), count);
    r = rank("", "bees");
    assert_int_equal(ranking_best(r), 0);
}

static void stop_words(void **state)
{
    (void)state;
    static const char *const in[] = {"a", "the", "yours", "because", "you", ""};
    static const char *const out[] = {"bee", "th", "them selves", "theme", "zoo", "A"};
    for (size_t i = 0; i < LENGTH(in); i++) {
        assert_true(rank_is_stop_word(str_of(in[i])));
    }
    for (size_t i = 0; i < LENGTH(out); i++) {
        assert_false(rank_is_stop_word(str_of(out[i])));
    }
    struct ranking *r = rank("The bees are in it. Bees, bees and more BEES.", "x");
    assert_int_equal(ranking_words(r, 0), 1);
    assert_int_equal(ranking_words(r, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(where_sentences_end), TEST(where_paragraphs_end), TEST(bounded),          TEST(clipping),
        TEST(the_topic_decides),   TEST(said_once_is_enough),  TEST(headings_are_out), TEST(stop_words)};
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
