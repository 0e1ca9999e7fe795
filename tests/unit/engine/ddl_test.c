/* engine/ddl: the program's own tables against tests/golden/schema.sql, and what they do not use. */
#include "engine/ddl.h"

#include "models/all.h"
#include "support/golden.h"
#include "support/unit.h"

static str create(const struct resource *r)
{
    struct buf out;
    buf_init(&out, &arena, 256, 1 << 20);
    ddl_create_table(&out, r);
    return buf_view(&out);
}

static void the_tables_of_the_program(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, &arena, 4096, 1 << 20);
    for (size_t i = 0; i < models.count; i++) {
        buf_c(&out, i == 0 ? "" : "\n");
        ddl_create_table(&out, models.resources[i]);
        buf_lit(&out, ";\n");
    }
    golden_check(&arena, "tests/golden/schema.sql", buf_view(&out));
}

enum { PARENT_UID, PARENT__MAX };
static const struct field parent_fields[PARENT__MAX] = {[PARENT_UID] = UUID("uid", .flags = KEY | GENERATED)};
static const struct key parent_keys[] = {PRIMARY(PARENT_UID)};
static const struct resource parent = {
    .name = "parent", .table = "parents", FIELDS(parent_fields), KEYS(parent_keys)};

enum {
    C_ID,
    C_INT,
    C_LABEL,
    C_LONG,
    C_EDGE,
    C_DATE,
    C_BYTES,
    C_SECRET,
    C_STATE,
    C_PARENT,
    C_OTHER,
    C_ONE,
    C_MANY,
    C_N,
    C__MAX
};
static const struct choice states[] = {{"new", 0}, {"old", 7}, {"lost", -2}, {NULL, 0}};
static const struct field child_fields[C__MAX] = {
    [C_ID] = ID("id"),
    [C_INT] = INT("count", .initial = {INITIAL_INT, .i = -5}),
    [C_LABEL] = TEXT("label", .max = 10, .initial = {INITIAL_TEXT, .text = "plain"}),
    [C_LONG] = TEXT("body", .max = 1001, .flags = REQUIRED),
    [C_EDGE] = TEXT("title", .max = 1000, .flags = NULLABLE),
    [C_DATE] = DATE("day", .flags = NULLABLE),
    [C_BYTES] = BYTES("digest", .max = 32, .flags = REQUIRED),
    [C_SECRET] = PASSWORD("password", .flags = SECRET),
    [C_STATE] = CHOICE("state", .choices = states, .initial = INITIAL_ZERO),
    [C_PARENT] = REF("parent_uid", .to = &parent, .on_delete = SET_NULL, .flags = NULLABLE),
    [C_OTHER] = REF("other_uid", .to = &parent, .flags = REQUIRED),
    [C_ONE] = ONE("parent", .key = C_PARENT, .to = &parent),
    [C_MANY] = MANY("parents", .to = &parent),
    [C_N] = COUNT("n", .to = &parent),
};
static const struct key child_keys[] = {
    PRIMARY(C_ID), UNIQUE(C_PARENT, C_DATE), INDEX(C_OTHER), {KEY_FULLTEXT, 2, {C_EDGE, C_LONG}}};
static const struct resource child = {
    .name = "child", .table = "children", FIELDS(child_fields), KEYS(child_keys)};

static void every_type_of_column(void **state)
{
    (void)state;
    check_str(create(&parent), STR("CREATE TABLE parents (\n"
                                   "  uid BINARY(16) NOT NULL,\n"
                                   "  PRIMARY KEY (uid)\n"
                                   ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci"));
    check_str(create(&child), STR("CREATE TABLE children (\n"
                                  "  id BIGINT NOT NULL AUTO_INCREMENT,\n"
                                  "  count BIGINT NOT NULL DEFAULT -5,\n"
                                  "  label VARCHAR(10) NOT NULL DEFAULT 'plain',\n"
                                  "  body MEDIUMTEXT NOT NULL,\n"
                                  "  title VARCHAR(1000) NULL DEFAULT NULL,\n"
                                  "  day DATE NULL DEFAULT NULL,\n"
                                  "  digest VARBINARY(32) NOT NULL,\n"
                                  "  state TINYINT NOT NULL DEFAULT 0,\n"
                                  "  parent_uid BINARY(16) NULL DEFAULT NULL,\n"
                                  "  other_uid BINARY(16) NOT NULL,\n"
                                  "  n BIGINT NOT NULL DEFAULT 0,\n"
                                  "  PRIMARY KEY (id),\n"
                                  "  UNIQUE KEY uq_children_parent_uid_day (parent_uid, day),\n"
                                  "  KEY ix_children_other_uid (other_uid),\n"
                                  "  FULLTEXT KEY ft_children_title_body (title, body),\n"
                                  "  CONSTRAINT ck_children_state CHECK (state IN (0, 7, -2)),\n"
                                  "  CONSTRAINT fk_children_parent_uid_parents FOREIGN KEY (parent_uid) "
                                  "REFERENCES parents (uid) ON DELETE SET NULL,\n"
                                  "  CONSTRAINT fk_children_other_uid_parents FOREIGN KEY (other_uid) "
                                  "REFERENCES parents (uid) ON DELETE RESTRICT\n"
                                  ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_tables_of_the_program), TEST(every_type_of_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
