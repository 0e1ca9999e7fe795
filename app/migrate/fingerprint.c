#include "migrate/fingerprint.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "io/digest.h"
#include "io/stmt.h"

enum { MOST_COLUMNS = 11, TEXT_BYTES = 256 << 20 };

/* What is looked at. Every column is read as text; rows come in an order that does not depend on how they
 * came to be. Only names that MariaDB and MySQL share. */
static const struct {
    const char *what;
    str sql;
    size_t columns;
} views[] = {
    {"table",
     STR_INIT("SELECT table_name, table_type, engine, table_collation, create_options, table_comment"
              " FROM information_schema.tables"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations' ORDER BY table_name"),
     6},
    {"column",
     STR_INIT("SELECT table_name, column_name, CAST(ordinal_position AS CHAR), column_default, is_nullable,"
              " column_type, character_set_name, collation_name, extra, generation_expression, column_comment"
              " FROM information_schema.columns"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, ordinal_position"),
     11},
    {"index",
     STR_INIT(
         "SELECT table_name, index_name, CAST(seq_in_index AS CHAR), column_name, CAST(non_unique AS CHAR),"
         " collation, CAST(sub_part AS CHAR), index_type, index_comment"
         " FROM information_schema.statistics"
         " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
         " ORDER BY table_name, index_name, seq_in_index"),
     9},
    {"constraint",
     STR_INIT("SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, constraint_name, constraint_type"),
     3},
    {"key column",
     STR_INIT("SELECT table_name, constraint_name, CAST(ordinal_position AS CHAR), column_name,"
              " referenced_table_name, referenced_column_name FROM information_schema.key_column_usage"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, constraint_name, ordinal_position"),
     6},
    {"foreign key",
     STR_INIT("SELECT table_name, constraint_name, unique_constraint_name, update_rule, delete_rule,"
              " referenced_table_name FROM information_schema.referential_constraints"
              " WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name"),
     6},
    {"check",
     STR_INIT("SELECT constraint_name, check_clause FROM information_schema.check_constraints"
              " WHERE constraint_schema = DATABASE() ORDER BY constraint_name, check_clause"),
     2},
    {"partition",
     STR_INIT("SELECT table_name, partition_name, CAST(partition_ordinal_position AS CHAR), partition_method,"
              " partition_expression, partition_description FROM information_schema.partitions"
              " WHERE table_schema = DATABASE() AND partition_name IS NOT NULL"
              " ORDER BY table_name, partition_ordinal_position"),
     6},
    {"view",
     STR_INIT("SELECT table_name, view_definition, check_option, security_type FROM information_schema.views"
              " WHERE table_schema = DATABASE() ORDER BY table_name"),
     4},
    {"trigger",
     STR_INIT("SELECT trigger_name, event_object_table, event_manipulation, action_timing,"
              " CAST(action_order AS CHAR), action_statement FROM information_schema.triggers"
              " WHERE trigger_schema = DATABASE() ORDER BY trigger_name"),
     6},
    {"routine",
     STR_INIT("SELECT routine_name, routine_type, dtd_identifier, routine_definition, is_deterministic,"
              " sql_data_access, security_type FROM information_schema.routines"
              " WHERE routine_schema = DATABASE() ORDER BY routine_type, routine_name"),
     7},
    {"event",
     STR_INIT("SELECT event_name, event_definition, event_type, CAST(execute_at AS CHAR), interval_value,"
              " interval_field, status FROM information_schema.events"
              " WHERE event_schema = DATABASE() ORDER BY event_name"),
     7},
};

static const enum value_kind texts[MOST_COLUMNS] = {VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT};

/* Whether a cell can stand as it is: then it cannot be taken for a quoted one, for several, or for NULL. */
static bool is_plain(str cell)
{
    bool plain = cell.n > 0 && !str_eq(cell, STR("-"));
    for (size_t i = 0; i < cell.n && plain; i++) {
        char c = cell.p[i];
        plain = c > ' ' && c < 0x7f && c != '"';
    }
    return plain;
}

static void put_cell(struct buf *b, struct value cell)
{
    buf_char(b, ' ');
    if (cell.kind == VALUE_NULL) {
        buf_char(b, '-');
    } else if (is_plain(cell.text)) {
        buf_str(b, cell.text);
    } else {
        json_put_dirty(b, cell.text);
    }
}

err fingerprint_text(struct db *db, struct arena *a, str *out)
{
    struct buf all;
    buf_init(&all, a, 64 << 10, TEXT_BYTES);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct rows rows;
        TRY(stmt_read(db, a, views[i].sql, NULL, 0, texts, views[i].columns, &rows));
        for (size_t row = 0; row < rows.n; row++) {
            buf_c(&all, views[i].what);
            for (size_t column = 0; column < rows.columns; column++) {
                put_cell(&all, rows.cells[row * rows.columns + column]);
            }
            buf_char(&all, '\n');
        }
    }
    if (all.full) {
        return error_cause(a, ERROR_INTERNAL, "the schema is too large to compare");
    }
    *out = buf_view(&all);
    return NULL;
}

str fingerprint_of(struct arena *a, str text)
{
    unsigned char sum[DIGEST_BYTES];
    digest_sha256(text, sum);
    return digest_hex(a, sum, sizeof sum);
}

err fingerprint_read(struct db *db, struct arena *a, str *out)
{
    str text;
    TRY(fingerprint_text(db, a, &text));
    *out = fingerprint_of(a, text);
    return NULL;
}

static bool take_line(str *text, str *line)
{
    size_t end = str_find(*text, '\n', 0);
    *line = str_slice(*text, 0, end);
    bool any = text->n > 0;
    *text = str_slice(*text, end < text->n ? end + 1 : end, text->n);
    return any;
}

static bool has_line(str text, str wanted)
{
    str line;
    while (take_line(&text, &line)) {
        if (str_eq(line, wanted)) {
            return true;
        }
    }
    return false;
}

static void put_missing(struct buf *b, char sign, str from, str in)
{
    str line;
    while (take_line(&from, &line)) {
        if (!has_line(in, line)) {
            buf_char(b, sign);
            buf_char(b, ' ');
            buf_str(b, line);
            buf_char(b, '\n');
        }
    }
}

str fingerprint_differences(struct arena *a, str before, str after)
{
    struct buf b;
    buf_init(&b, a, 256, TEXT_BYTES);
    put_missing(&b, '-', before, after);
    put_missing(&b, '+', after, before);
    return buf_view(&b);
}
