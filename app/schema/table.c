#include "schema/table.h"

#include "schema/reserved.h"

/* -- parts by name -- */

#define FIND(list, count, wanted)                   \
    do {                                            \
        for (size_t i = 0; i < (count); i++) {      \
            if (str_eq((list)[i].name, (wanted))) { \
                return &(list)[i];                  \
            }                                       \
        }                                           \
        return NULL;                                \
    } while (0)

const struct column *table_column(const struct table *t, str name)
{
    FIND(t->columns, t->column_count, name);
}

const struct index *table_index(const struct table *t, str name)
{
    FIND(t->indexes, t->index_count, name);
}

const struct reference *table_reference(const struct table *t, str name)
{
    FIND(t->references, t->reference_count, name);
}

const struct check *table_check(const struct table *t, str name)
{
    FIND(t->checks, t->check_count, name);
}

/* -- SQL -- */

/* Whether it can stand without quotes. */
static bool is_plain(str name)
{
    bool plain = name.n > 0 && (name.p[0] < '0' || name.p[0] > '9');
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        plain =
            plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
    return plain && !reserved_is(name);
}

void table_put_name(struct buf *out, str name)
{
    if (is_plain(name)) {
        buf_str(out, name);
        return;
    }
    buf_char(out, '`');
    for (size_t i = 0; i < name.n; i++) {
        buf_c(out, name.p[i] == '`' ? "`" : "");
        buf_char(out, name.p[i]);
    }
    buf_char(out, '`');
}

/* A collation's character set is the beginning of its name. */
static void put_collation(struct buf *out, str collation)
{
    if (collation.n > 0) {
        buf_lit(out, " CHARACTER SET ");
        buf_str(out, str_slice(collation, 0, str_find(collation, '_', 0)));
        buf_lit(out, " COLLATE ");
        buf_str(out, collation);
    }
}

static void put_comment(struct buf *out, str comment)
{
    if (comment.n == 0) {
        return;
    }
    buf_lit(out, " COMMENT '");
    for (size_t i = 0; i < comment.n; i++) {
        buf_c(out, comment.p[i] == '\'' ? "'" : comment.p[i] == '\\' ? "\\" : "");
        buf_char(out, comment.p[i]);
    }
    buf_char(out, '\'');
}

static void put_word(struct buf *out, str word)
{
    if (word.n > 0) {
        buf_char(out, ' ');
        buf_str(out, word);
    }
}

void table_put_column(struct buf *out, const struct column *c)
{
    table_put_name(out, c->name);
    put_word(out, c->type);
    put_collation(out, c->collation);
    if (c->expression.n > 0) {
        buf_lit(out, " GENERATED ALWAYS AS (");
        buf_str(out, c->expression);
        buf_c(out, c->stored ? ") STORED" : ") VIRTUAL");
    } else {
        buf_c(out, c->nullable ? " NULL" : " NOT NULL");
        if (c->initial.n > 0 || c->nullable) {
            buf_lit(out, " DEFAULT ");
            buf_str(out, c->initial.n > 0 ? c->initial : STR("NULL"));
        }
        buf_c(out, c->counts ? " AUTO_INCREMENT" : "");
    }
    put_word(out, c->extra);
    put_comment(out, c->comment);
}

void table_put_index(struct buf *out, const struct index *k)
{
    static const char *const words[] = {[KEY_PRIMARY] = "PRIMARY KEY",
                                        [KEY_UNIQUE] = "UNIQUE KEY ",
                                        [KEY_INDEX] = "KEY ",
                                        [KEY_FULLTEXT] = "FULLTEXT KEY "};
    buf_c(out, words[k->kind]);
    if (k->kind != KEY_PRIMARY) {
        table_put_name(out, k->name);
    }
    buf_lit(out, " (");
    buf_str(out, k->columns);
    buf_char(out, ')');
}

void table_put_reference(struct buf *out, const struct reference *f)
{
    buf_lit(out, "CONSTRAINT ");
    table_put_name(out, f->name);
    buf_lit(out, " FOREIGN KEY (");
    buf_str(out, f->columns);
    buf_lit(out, ") REFERENCES ");
    table_put_name(out, f->table);
    buf_lit(out, " (");
    buf_str(out, f->to_columns);
    buf_lit(out, ") ON DELETE ");
    buf_str(out, f->on_delete);
    if (!str_eq(f->on_update, STR("RESTRICT"))) {
        buf_lit(out, " ON UPDATE ");
        buf_str(out, f->on_update);
    }
}

void table_put_check(struct buf *out, const struct check *c)
{
    buf_lit(out, "CONSTRAINT ");
    table_put_name(out, c->name);
    buf_lit(out, " CHECK (");
    buf_str(out, c->clause);
    buf_char(out, ')');
}

void table_put_create(struct buf *out, const struct table *t)
{
    buf_lit(out, "CREATE TABLE ");
    table_put_name(out, t->name);
    buf_lit(out, " (\n  ");
    for (size_t i = 0; i < t->column_count; i++) {
        buf_c(out, i == 0 ? "" : ",\n  ");
        table_put_column(out, &t->columns[i]);
    }
    for (size_t i = 0; i < t->index_count; i++) {
        buf_lit(out, ",\n  ");
        table_put_index(out, &t->indexes[i]);
    }
    for (size_t i = 0; i < t->check_count; i++) {
        buf_lit(out, ",\n  ");
        table_put_check(out, &t->checks[i]);
    }
    for (size_t i = 0; i < t->reference_count; i++) {
        buf_lit(out, ",\n  ");
        table_put_reference(out, &t->references[i]);
    }
    buf_lit(out, "\n) ENGINE=");
    buf_str(out, t->engine);
    buf_lit(out, " DEFAULT CHARSET=");
    buf_str(out, str_slice(t->collation, 0, str_find(t->collation, '_', 0)));
    buf_lit(out, " COLLATE=");
    buf_str(out, t->collation);
}
