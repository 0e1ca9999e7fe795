/*
 * sql_check: what the tests of engine/sql share: one statement, and what is expected of it.
 *
 *     sql_delete(&s, &arena, &post_resource, &w, NULL);
 *     check_sql("DELETE FROM posts WHERE id = ?");
 *     check_int(0, VALUE_INT, 7);
 */
#ifndef QUIRE_TESTS_SQL_CHECK_H
#define QUIRE_TESTS_SQL_CHECK_H

#include "engine/sql.h"
#include "support/unit.h"

static struct sql s;

/* The text; it has a value for each `?`, and was not cut. */
static inline void check_sql(const char *want)
{
    check_str(buf_view(&s.text), str_of(want));
    size_t marks = 0;
    for (size_t at = str_find(buf_view(&s.text), '?', 0); at < s.text.n;
         at = str_find(buf_view(&s.text), '?', at + 1)) {
        marks++;
    }
    assert_int_equal(marks, s.count);
    assert_false(s.text.full);
}

static inline void check_int(unsigned i, enum value_kind kind, int64_t want)
{
    assert_true(i < s.count);
    assert_int_equal(s.values[i].kind, kind);
    assert_int_equal(s.values[i].i, want);
}

static inline void check_text(unsigned i, const char *want)
{
    assert_true(i < s.count);
    assert_int_equal(s.values[i].kind, VALUE_TEXT);
    check_str(s.values[i].text, str_of(want));
}

#endif
