/* engine/ddl: the program's own tables against tests/golden/schema.sql, and what they do not use. */
#include "engine/ddl.h"

#include "models/all.h"
#include "support/golden.h"
#include "support/unit.h"

static str create(const struct resource *r)
{
    struct buf out;
    buf_init(&out, &arena, 256, 1 << 20);
    struct table t;
    ddl_describe(&arena, r, &t);
    table_put_create(&out, &t);
    return buf_view(&out);
}

static void the_tables_of_the_program(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, &arena, 4096, 1 << 20);
    for (size_t i = 0; i < models.count; i++) {
        buf_c(&out, i == 0 ? "" : "\n");
        buf_str(&out, create(models.resources[i]));
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
static const struct resource child;
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
    [C_N] = COUNT("n", .to = &child, .key = C_PARENT),
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

/* What came with averages, versions and bounds. */
enum {
    M_ID,
    M_LINK,
    M_COUNT,
    M_SUM,
    M_AVERAGE,
    M_BLOB,
    M_EDGE,
    M_LEAST,
    M_MOST,
    M_BOTH,
    M_NOUGHT,
    M_FREE,
    M_ONE,
    M_LIST,
    M_TEXTS,
    M_VERSION,
    M__MAX
};
static const struct field measure_fields[M__MAX] = {
    [M_ID] = BYTES("id", .max = 32, .flags = KEY | READ_ONLY),
    [M_LINK] = URL("link", .max = 500, .flags = NULLABLE),
    [M_COUNT] = COUNT("n", .to = &child, .key = C_OTHER),
    [M_SUM] = SUM("total", .to = &child, .key = C_OTHER, .of = C_INT),
    [M_AVERAGE] = AVERAGE("mean", .of = M_SUM, .key = M_COUNT, .flags = NULLABLE),
    [M_BLOB] = BYTES("body", .max = 4001, .flags = NULLABLE),
    [M_EDGE] = BYTES("head", .max = 4000, .flags = REQUIRED),
    [M_LEAST] = INT("least", .min = 1, .flags = NULLABLE),
    [M_MOST] = INT("most", .max = 9, .flags = REQUIRED),
    [M_BOTH] = INT("within", .min = -5, .max = 5, .flags = REQUIRED),
    [M_NOUGHT] = INT("nought", .bounded = true, .min = 0, .max = 0, .flags = REQUIRED),
    [M_FREE] = INT("free", .flags = REQUIRED),
    [M_ONE] = HAS("mine", .to = &parent),
    [M_LIST] = LIST("items", .to = &parent, .max = 5),
    [M_TEXTS] = TEXTS("words", .item = &measure_fields[M_LINK], .max = 5, .flags = NULLABLE),
    [M_VERSION] = VERSION("version"),
};
static const struct key measure_keys[] = {PRIMARY(M_ID), FULLTEXT(M_LINK)};
static const struct resource measure = {
    .name = "measure", .table = "measures", FIELDS(measure_fields), KEYS(measure_keys)};

static void columns_that_are_computed_or_bounded(void **state)
{
    (void)state;
    check_str(create(&measure),
              STR("CREATE TABLE measures (\n"
                  "  id VARBINARY(32) NOT NULL,\n"
                  "  link VARCHAR(500) NULL DEFAULT NULL,\n"
                  "  n BIGINT NOT NULL DEFAULT 0,\n"
                  "  total BIGINT NOT NULL DEFAULT 0,\n"
                  "  mean DOUBLE GENERATED ALWAYS AS (total * 1e0 / NULLIF(n, 0)) STORED,\n"
                  "  body MEDIUMBLOB NULL DEFAULT NULL,\n"
                  "  head VARBINARY(4000) NOT NULL,\n"
                  "  least BIGINT NULL DEFAULT NULL,\n"
                  "  most BIGINT NOT NULL,\n"
                  "  within BIGINT NOT NULL,\n"
                  "  nought BIGINT NOT NULL,\n"
                  "  free BIGINT NOT NULL,\n"
                  "  words MEDIUMTEXT NULL DEFAULT NULL,\n"
                  "  version BIGINT NOT NULL DEFAULT 1,\n"
                  "  PRIMARY KEY (id),\n"
                  "  FULLTEXT KEY ft_measures_link (link),\n"
                  "  CONSTRAINT ck_measures_least CHECK (least >= 1),\n"
                  "  CONSTRAINT ck_measures_most CHECK (most <= 9),\n"
                  "  CONSTRAINT ck_measures_within CHECK (within >= -5 AND within <= 5),\n"
                  "  CONSTRAINT ck_measures_nought CHECK (nought >= 0 AND nought <= 0)\n"
                  ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_tables_of_the_program), TEST(every_type_of_column),
                                       TEST(columns_that_are_computed_or_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
