/* engine/sql: the rows of a relation to many, for one parent and for a page of them. */
#include "engine/sql.h"

#include "models/book.h"
#include "models/comment.h"
#include "models/post.h"
#include "models/role.h"
#include "models/tag.h"
#include "models/user.h"
#include "support/sql_check.h"

enum { MOST = 9 };

static const unsigned char comment_fields[] = {COMMENT_ID};
static const struct shape only_comment = SHAPE("C", &comment_resource, comment_fields);
static const unsigned char tag_fields[] = {TAG_UID};
static const struct shape only_tag = SHAPE("T", &tag_resource, tag_fields);
static const unsigned char grant_fields[] = {USER_ROLE_ASSIGNED_AT};
static const struct shape only_grant = SHAPE("G", &user_role_resource, grant_fields);

/* The statement for n parents, which are the numbers 1, 2 … */
static void ask(const struct resource *r, int field, const struct shape *show, unsigned extra_flags, size_t n)
{
    static struct field many; /* outlives the statement, as a declaration does */
    struct value parents[8];
    struct plan p;
    many = r->fields[field];
    many.flags |= extra_flags;
    many.max = MOST;
    for (size_t i = 0; i < n; i++) {
        parents[i] = value_int((int64_t)i + 1);
    }
    plan_init(&p, many.to, show);
    sql_many(&s, &arena, &many, &p, parents, n);
}

/* The beginning of an index. */
static void of_one_parent(void **state)
{
    (void)state;
    ask(&post_resource, POST_COMMENTS, &only_comment, 0, 1);
    check_sql(
        "SELECT l.parent, t0.id FROM (SELECT post_id AS parent, id AS k0 FROM comments WHERE post_id = ? "
        "ORDER BY id LIMIT ?) l JOIN comments t0 ON t0.id = l.k0 ORDER BY l.parent, l.k0");
    check_int(0, VALUE_INT, 1);
    check_int(1, VALUE_INT, MOST);
    ask(&post_resource, POST_COMMENTS, &only_comment, NEWEST_FIRST, 1);
    check_sql(
        "SELECT l.parent, t0.id FROM (SELECT post_id AS parent, id AS k0 FROM comments WHERE post_id = ? "
        "ORDER BY id DESC LIMIT ?) l JOIN comments t0 ON t0.id = l.k0 ORDER BY l.parent, l.k0 DESC");
}

/* Of each so many: such a beginning for each. */
static void of_several_parents(void **state)
{
#define COMMENTS_OF_ONE "(SELECT post_id AS parent, id AS k0 FROM comments WHERE post_id = ? ORDER BY id"
    (void)state;
    ask(&post_resource, POST_COMMENTS, &only_comment, 0, 2);
    check_sql("SELECT l.parent, t0.id FROM (" COMMENTS_OF_ONE " LIMIT ?) UNION ALL " COMMENTS_OF_ONE
              " LIMIT ?)) l JOIN comments t0 ON t0.id = l.k0 ORDER BY l.parent, l.k0");
    check_int(0, VALUE_INT, 1);
    check_int(1, VALUE_INT, MOST);
    check_int(2, VALUE_INT, 2);
    check_int(3, VALUE_INT, MOST);
    ask(&post_resource, POST_COMMENTS, &only_comment, NEWEST_FIRST, 2);
    check_sql("SELECT l.parent, t0.id FROM (" COMMENTS_OF_ONE " DESC LIMIT ?) UNION ALL " COMMENTS_OF_ONE
              " DESC LIMIT ?)) l JOIN comments t0 ON t0.id = l.k0 ORDER BY l.parent, l.k0 DESC");
    ask(&post_resource, POST_COMMENTS, &only_comment, NEWEST_FIRST, 4);
    assert_int_equal(s.count, 8);
}

/* Keys come from the link table, rows from behind it. */
static void by_way_of_a_link(void **state)
{
    (void)state;
    ask(&post_resource, POST_TAGS, &only_tag, 0, 1);
    check_sql(
        "SELECT l.parent, t0.uid FROM (SELECT post_id AS parent, tag_uid AS k0 FROM post_tags WHERE post_id "
        "= ? ORDER BY tag_uid LIMIT ?) l JOIN tags t0 ON t0.uid = l.k0 ORDER BY l.parent, l.k0");
    ask(&book_resource, BOOK_TAGS, &only_tag, 0, 2);
    check_sql(
        "SELECT l.parent, t0.uid FROM ((SELECT book_uid AS parent, tag_uid AS k0 FROM book_tags WHERE "
        "book_uid = ? ORDER BY tag_uid LIMIT ?) UNION ALL (SELECT book_uid AS parent, tag_uid AS k0 FROM "
        "book_tags WHERE book_uid = ? ORDER BY tag_uid LIMIT ?)) l JOIN tags t0 ON t0.uid = l.k0 ORDER BY "
        "l.parent, l.k0");
}

/* Rows whose key has two fields are found again by both. */
static void rows_with_keys_of_two_fields(void **state)
{
    (void)state;
    ask(&user_resource, USER_ROLES, &only_grant, NEWEST_FIRST, 1);
    check_sql(
        "SELECT l.parent, t0.assigned_at FROM (SELECT user_id AS parent, user_id AS k0, role_id AS k1 FROM "
        "user_roles WHERE user_id = ? ORDER BY user_id DESC, role_id DESC LIMIT ?) l JOIN user_roles t0 ON "
        "t0.user_id = l.k0 AND t0.role_id = l.k1 ORDER BY l.parent, l.k0 DESC, l.k1 DESC");
}

/* What is embedded in the rows is joined, as in any list. */
static void rows_with_rows_in_them(void **state)
{
    (void)state;
    ask(&post_resource, POST_COMMENTS, &comment_whole, 0, 1);
    check_sql(
        "SELECT l.parent, t0.id, t0.post_id, t0.parent_id, t0.text, t1.id, t1.username, t0.created_at, "
        "t0.updated_at FROM (SELECT post_id AS parent, id AS k0 FROM comments WHERE post_id = ? ORDER BY "
        "id LIMIT ?) l JOIN comments t0 ON t0.id = l.k0 LEFT JOIN users t1 ON t1.id = t0.user_id ORDER BY "
        "l.parent, l.k0");
}

/* A full page of parents, padded to a power of two, still fits. */
static void as_many_parents_as_a_page_has(void **state)
{
    (void)state;
    enum { PARENTS = 128 };
    struct value parents[PARENTS];
    struct plan p;
    for (size_t i = 0; i < PARENTS; i++) {
        parents[i] = value_int((int64_t)i);
    }
    plan_init(&p, &comment_resource, &comment_whole);
    sql_many(&s, &arena, &post_resource.fields[POST_COMMENTS], &p, parents, PARENTS);
    assert_int_equal(s.count, 2 * PARENTS);
    assert_false(s.text.full);
    check_int(2 * (PARENTS - 1), VALUE_INT, PARENTS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_one_parent),          TEST(of_several_parents),
        TEST(by_way_of_a_link),       TEST(rows_with_keys_of_two_fields),
        TEST(rows_with_rows_in_them), TEST(as_many_parents_as_a_page_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
