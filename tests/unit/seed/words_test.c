/* seed/words: texts that fit where they go. */
#include "seed/words.h"

#include "base/text.h"
#include "support/unit.h"

enum { THROWS = 20000 };

static struct buf fresh(void)
{
    struct buf b;
    arena_reset(&arena);
    buf_init(&b, &arena, 64, 1 << 16);
    return b;
}

static void sentences_and_titles_fit(void **state)
{
    (void)state;
    struct dice d;
    dice_start(&d, 1, 1, 1);
    for (int i = 0; i < THROWS; i++) {
        struct buf b = fresh();
        words_sentences(&b, &d, 1);
        str s = buf_view(&b);
        assert_in_range(s.n, 10, WORDS_SENTENCE_MAX);
        assert_true(text_is_utf8(s));
        assert_false(s.p[0] >= 'a' && s.p[0] <= 'z');
        assert_int_equal(s.p[s.n - 1], '.' == s.p[s.n - 1] ? '.' : '?');
        assert_true(str_find(s, '$', 0) == s.n);
        b = fresh();
        words_title(&b, &d);
        s = buf_view(&b);
        assert_in_range(s.n, 5, WORDS_TITLE_MAX);
        assert_true(text_is_utf8(s) && str_find(s, '$', 0) == s.n);
    }
}

static bool has(str s, const char *part)
{
    str p = str_of(part);
    for (size_t i = 0; i + p.n <= s.n; i++) {
        if (str_eq(str_slice(s, i, i + p.n), p)) {
            return true;
        }
    }
    return false;
}

static void articles_agree(void **state)
{
    (void)state;
    struct dice d;
    bool seen = false;
    dice_start(&d, 1, 1, 2);
    for (int i = 0; i < THROWS; i++) {
        struct buf b = fresh();
        words_paragraphs(&b, &d, 2);
        str s = buf_view(&b);
        for (const char *vowel = "aeiou"; *vowel != '\0'; vowel++) {
            assert_false(has(s, (char[]){' ', 'a', ' ', *vowel, '\0'}));
            assert_false(has(s, (char[]){'A', ' ', *vowel, '\0'}));
            seen = seen || has(s, (char[]){'A', 'n', ' ', *vowel, '\0'});
        }
    }
    assert_true(seen);
}

static void verdicts_follow_the_stars(void **state)
{
    (void)state;
    for (int64_t rating = 1; rating <= 5; rating++) {
        struct buf b = fresh();
        struct dice d;
        dice_start(&d, 1, 2, 3);
        words_verdict(&b, &d, rating);
        struct buf other = {0};
        buf_init(&other, &arena, 64, 1 << 16);
        dice_start(&d, 1, 2, 3);
        words_verdict(&other, &d, rating % 5 + 1);
        assert_false(str_eq(buf_view(&b), buf_view(&other)));
    }
}

static void tags_differ_whatever_the_case(void **state)
{
    (void)state;
    enum { TAGS = 3000 };
    str *names = arena_alloc(&arena, sizeof *names * TAGS);
    for (int i = 0; i < TAGS; i++) {
        struct buf b;
        buf_init(&b, &arena, 32, 256);
        words_tag(&b, i);
        names[i] = text_fold(&arena, buf_view(&b));
        assert_in_range(names[i].n, 1, 50);
        for (int j = 0; j < i; j++) {
            assert_false(str_eq(names[i], names[j]));
        }
    }
}

static void usernames_end_in_their_number(void **state)
{
    (void)state;
    for (int64_t i = 1; i < 2000; i++) {
        struct buf b = fresh();
        struct dice d;
        dice_start(&d, 4, 4, (uint64_t)i);
        words_username(&b, &d, i);
        str end = str_format(&arena, "%lld", (long long)i);
        str s = buf_view(&b);
        check_str(str_slice(s, s.n - end.n, s.n), end);
        assert_true(s.n <= 50 && s.p[s.n - end.n - 1] >= 'a'); /* no digit before it */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sentences_and_titles_fit),      TEST(articles_agree),
        TEST(verdicts_follow_the_stars),     TEST(tags_differ_whatever_the_case),
        TEST(usernames_end_in_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
