#include "migrate/fingerprint.h"

#include "base/arena.h"
#include "base/buf.h"
#include "io/digest.h"
#include "io/stmt.h"

enum { MOST_COLUMNS = 11, TEXT_BYTES = 256 << 20 };

/* What is looked at. Every column is read as text; rows come in an order that does not depend on how they
 * came to be. Only names that MariaDB and MySQL share. */
static const struct {
    str sql;
    size_t columns;
} views[] = {
    {STR_INIT("SELECT table_name, table_type, engine, table_collation, create_options, table_comment"
              " FROM information_schema.tables"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations' ORDER BY table_name"),
     6},
    {STR_INIT("SELECT table_name, column_name, CAST(ordinal_position AS CHAR), column_default, is_nullable,"
              " column_type, character_set_name, collation_name, extra, generation_expression, column_comment"
              " FROM information_schema.columns"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, ordinal_position"),
     11},
    {STR_INIT(
         "SELECT table_name, index_name, CAST(seq_in_index AS CHAR), column_name, CAST(non_unique AS CHAR),"
         " collation, CAST(sub_part AS CHAR), index_type, index_comment"
         " FROM information_schema.statistics"
         " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
         " ORDER BY table_name, index_name, seq_in_index"),
     9},
    {STR_INIT("SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, constraint_name, constraint_type"),
     3},
    {STR_INIT("SELECT table_name, constraint_name, CAST(ordinal_position AS CHAR), column_name,"
              " referenced_table_name, referenced_column_name FROM information_schema.key_column_usage"
              " WHERE table_schema = DATABASE() AND table_name <> 'quire_migrations'"
              " ORDER BY table_name, constraint_name, ordinal_position"),
     6},
    {STR_INIT("SELECT table_name, constraint_name, unique_constraint_name, update_rule, delete_rule,"
              " referenced_table_name FROM information_schema.referential_constraints"
              " WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name"),
     6},
    {STR_INIT("SELECT constraint_name, check_clause FROM information_schema.check_constraints"
              " WHERE constraint_schema = DATABASE() ORDER BY constraint_name, check_clause"),
     2},
    {STR_INIT("SELECT table_name, partition_name, CAST(partition_ordinal_position AS CHAR), partition_method,"
              " partition_expression, partition_description FROM information_schema.partitions"
              " WHERE table_schema = DATABASE() AND partition_name IS NOT NULL"
              " ORDER BY table_name, partition_ordinal_position"),
     6},
    {STR_INIT("SELECT table_name, view_definition, check_option, security_type FROM information_schema.views"
              " WHERE table_schema = DATABASE() ORDER BY table_name"),
     4},
    {STR_INIT("SELECT trigger_name, event_object_table, event_manipulation, action_timing,"
              " CAST(action_order AS CHAR), action_statement FROM information_schema.triggers"
              " WHERE trigger_schema = DATABASE() ORDER BY trigger_name"),
     6},
    {STR_INIT("SELECT routine_name, routine_type, dtd_identifier, routine_definition, is_deterministic,"
              " sql_data_access, security_type FROM information_schema.routines"
              " WHERE routine_schema = DATABASE() ORDER BY routine_type, routine_name"),
     7},
    {STR_INIT("SELECT event_name, event_definition, event_type, CAST(execute_at AS CHAR), interval_value,"
              " interval_field, status FROM information_schema.events"
              " WHERE event_schema = DATABASE() ORDER BY event_name"),
     7},
};

static const enum value_kind texts[MOST_COLUMNS] = {VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT};

/* Each cell with its length before it, so that no two contents run together to the same text. */
static void put_cell(struct buf *b, struct value cell)
{
    if (cell.kind == VALUE_NULL) {
        buf_lit(b, "-;");
        return;
    }
    buf_uint(b, cell.text.n);
    buf_char(b, ':');
    buf_str(b, cell.text);
}

err fingerprint_read(struct db *db, struct arena *a, str *out)
{
    struct buf all;
    buf_init(&all, a, 64 << 10, TEXT_BYTES);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct rows rows;
        TRY(stmt_read(db, a, views[i].sql, NULL, 0, texts, views[i].columns, &rows));
        buf_printf(&all, "\n%zu,%zu;", i, rows.n);
        for (size_t cell = 0; cell < rows.n * rows.columns; cell++) {
            put_cell(&all, rows.cells[cell]);
        }
    }
    if (all.full) {
        return error_cause(a, ERROR_INTERNAL, "the schema is too large to compare");
    }
    unsigned char sum[DIGEST_BYTES];
    digest_sha256(buf_view(&all), sum);
    *out = digest_hex(a, sum, sizeof sum);
    return NULL;
}
