#include "migrate/catalog.h"

#include <string.h>

#include "base/arena.h"
#include "engine/ddl.h"
#include "io/stmt.h"

enum { MOST_COLUMNS = 11, LIST_BYTES = 64 << 10 };

static const enum value_kind texts[MOST_COLUMNS] = {VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT,
                                                    VALUE_TEXT, VALUE_TEXT, VALUE_TEXT};

static err read_texts(struct db *db, struct arena *a, str sql, size_t columns, struct rows *out)
{
    return stmt_read(db, a, sql, NULL, 0, texts, columns, out);
}

static str text_of(struct value cell)
{
    return cell.kind == VALUE_NULL ? STR("") : cell.text;
}

static str upper(struct arena *a, str s)
{
    char *copy = str_c(a, s);
    for (size_t i = 0; i < s.n; i++) {
        if (copy[i] >= 'a' && copy[i] <= 'z') {
            copy[i] = (char)(copy[i] - 'a' + 'A');
        }
    }
    return (str){copy, s.n};
}

const struct table *catalog_find(const struct catalog *c, str name)
{
    for (size_t i = 0; i < c->n; i++) {
        if (str_eq(c->tables[i].name, name)) {
            return &c->tables[i];
        }
    }
    return NULL;
}

/* Where the rows of one table begin and end, in rows that are sorted by their first column, the table's name. */
static void rows_of(const struct rows *rows, str table, size_t *first, size_t *end)
{
    size_t i = 0;
    while (i < rows->n && !str_eq(rows->cells[i * rows->columns].text, table)) {
        i++;
    }
    *first = i;
    while (i < rows->n && str_eq(rows->cells[i * rows->columns].text, table)) {
        i++;
    }
    *end = i;
}

/* What a table has of one kind: the statement that reads it of all tables, and what is done with its rows. */
struct part {
    str sql; /* the first column is the table's name, by which the rows are sorted */
    size_t columns;
    void (*begin)(struct arena *a, struct table *t, size_t rows);
    void (*add)(struct arena *a, struct table *t, const struct value *cell);
};

static err read_part(struct db *db, struct arena *a, const struct part *part, struct catalog *c)
{
    struct rows rows;
    TRY(read_texts(db, a, part->sql, part->columns, &rows));
    for (size_t i = 0; i < c->n; i++) {
        size_t first;
        size_t end;
        rows_of(&rows, c->tables[i].name, &first, &end);
        part->begin(a, &c->tables[i], end - first);
        for (size_t row = first; row < end; row++) {
            part->add(a, &c->tables[i], &rows.cells[row * part->columns]);
        }
    }
    return NULL;
}

/* -- columns -- */

static bool fills_with_zeros(str type)
{
    str word = STR("zerofill");
    return type.n > word.n && str_eq(str_slice(type, type.n - word.n, type.n), word);
}

/* In upper case up to the values of an ENUM or SET; without the display width of integers, which says nothing but how
 * far ZEROFILL fills them. */
static str normal_type(struct arena *a, str type)
{
    static const char *const integers[] = {"bigint(", "int(", "mediumint(", "smallint(", "tinyint("};
    if (str_starts(type, STR("enum(")) || str_starts(type, STR("set("))) {
        return type;
    }
    bool wide = str_starts(type, STR("tinyint(1)")) || fills_with_zeros(type);
    for (size_t i = 0; i < sizeof integers / sizeof integers[0] && !wide; i++) {
        if (str_starts(type, str_of(integers[i]))) {
            str name = str_slice(type, 0, strlen(integers[i]) - 1);
            str rest = str_slice(type, str_find(type, ')', 0) + 1, type.n);
            return upper(a, str_format(a, "%.*s%.*s", STR_ARGS(name), STR_ARGS(rest)));
        }
    }
    return upper(a, type);
}

/* MariaDB gives the default as SQL, NULL included; the time of creation is in lower case there. */
static str normal_initial(struct arena *a, str initial)
{
    if (str_eq_nocase(initial, STR("NULL"))) {
        return STR("");
    }
    return str_starts(initial, STR("current_timestamp(")) ? upper(a, initial) : initial;
}

/* What `extra` says, item by item: what has a member of its own is set, all else left in ->extra as SQL. */
static void read_extra(struct arena *a, str extra, struct column *c)
{
    for (size_t at = 0; at < extra.n;) {
        size_t end = str_find(extra, ',', at);
        str item = str_trim(str_slice(extra, at, end));
        at = end + 1;
        if (str_eq_nocase(item, STR("auto_increment"))) {
            c->counts = true;
        } else if (str_eq_nocase(item, STR("STORED GENERATED"))) {
            c->stored = true;
        } else if (!str_eq_nocase(item, STR("VIRTUAL GENERATED")) &&
                   !str_eq_nocase(item, STR("DEFAULT_GENERATED"))) {
            str word = upper(a, item);
            c->extra =
                c->extra.n == 0 ? word : str_format(a, "%.*s %.*s", STR_ARGS(c->extra), STR_ARGS(word));
        }
    }
}

static void begin_columns(struct arena *a, struct table *t, size_t rows)
{
    t->columns = ARENA_ARRAY(a, struct column, rows);
}

enum {
    COLUMN_TABLE,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_INITIAL,
    COLUMN_IS_NULLABLE,
    COLUMN_COLLATION,
    COLUMN_EXTRA,
    COLUMN_EXPRESSION,
    COLUMN_COMMENT,
    COLUMN_COLUMNS
};

static void add_column(struct arena *a, struct table *t, const struct value *cell)
{
    str collation = text_of(cell[COLUMN_COLLATION]);
    struct column *c = &t->columns[t->column_count++];
    *c = (struct column){
        .name = cell[COLUMN_NAME].text,
        .type = normal_type(a, cell[COLUMN_TYPE].text),
        .collation = str_eq(collation, t->collation) ? STR("") : collation,
        .initial = normal_initial(a, text_of(cell[COLUMN_INITIAL])),
        .expression = text_of(cell[COLUMN_EXPRESSION]),
        .comment = text_of(cell[COLUMN_COMMENT]),
        .nullable = str_eq(cell[COLUMN_IS_NULLABLE].text, STR("YES")),
    };
    read_extra(a, text_of(cell[COLUMN_EXTRA]), c);
}

static const struct part columns_part = {
    .sql =
        STR_INIT("SELECT table_name, column_name, column_type, column_default, is_nullable, collation_name,"
                 " extra, generation_expression, column_comment FROM information_schema.columns"
                 " WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"),
    .columns = COLUMN_COLUMNS,
    .begin = begin_columns,
    .add = add_column,
};

/* -- keys -- */

static enum key_kind kind_of(str name, str unique, str type)
{
    return str_eq(name, STR("PRIMARY"))    ? KEY_PRIMARY
           : str_eq(type, STR("FULLTEXT")) ? KEY_FULLTEXT
           : str_eq(unique, STR("0"))      ? KEY_UNIQUE
                                           : KEY_INDEX;
}

/* `old, name(10)` or `old, name DESC`. */
static str with_column(struct arena *a, str old, str name, str prefix, str order)
{
    struct buf b;
    buf_init(&b, a, old.n + name.n + 32, LIST_BYTES);
    buf_str(&b, old);
    buf_c(&b, old.n > 0 ? ", " : "");
    table_put_name(&b, name);
    if (prefix.n > 0) {
        buf_printf(&b, "(%.*s)", STR_ARGS(prefix));
    }
    buf_c(&b, str_eq(order, STR("D")) ? " DESC" : "");
    return buf_view(&b);
}

static void begin_indexes(struct arena *a, struct table *t, size_t rows)
{
    t->indexes = ARENA_ARRAY(a, struct index, rows);
}

enum {
    INDEX_TABLE,
    INDEX_NAME,
    INDEX_COLUMN,
    INDEX_NON_UNIQUE,
    INDEX_ORDER,
    INDEX_PREFIX,
    INDEX_TYPE,
    INDEX_COLUMNS
};

static void add_index(struct arena *a, struct table *t, const struct value *cell)
{
    bool next = t->index_count == 0 || !str_eq(t->indexes[t->index_count - 1].name, cell[INDEX_NAME].text);
    if (next) {
        t->indexes[t->index_count++] = (struct index){
            .name = cell[INDEX_NAME].text,
            .kind = kind_of(cell[INDEX_NAME].text, cell[INDEX_NON_UNIQUE].text, cell[INDEX_TYPE].text),
            .columns = STR("")};
    }
    struct index *k = &t->indexes[t->index_count - 1];
    k->columns = with_column(a, k->columns, text_of(cell[INDEX_COLUMN]),
                             k->kind == KEY_FULLTEXT ? STR("") : text_of(cell[INDEX_PREFIX]),
                             text_of(cell[INDEX_ORDER]));
}

static const struct part indexes_part = {
    .sql = STR_INIT("SELECT table_name, index_name, column_name, CAST(non_unique AS CHAR), collation,"
                    " CAST(sub_part AS CHAR), index_type FROM information_schema.statistics"
                    " WHERE table_schema = DATABASE()"
                    " ORDER BY table_name, index_name <> 'PRIMARY', index_name, seq_in_index"),
    .columns = INDEX_COLUMNS,
    .begin = begin_indexes,
    .add = add_index,
};

/* -- foreign keys -- */

/* NO ACTION is what InnoDB calls RESTRICT when nothing was said. */
static str action(str rule)
{
    return str_eq(rule, STR("NO ACTION")) ? STR("RESTRICT") : rule;
}

static void begin_references(struct arena *a, struct table *t, size_t rows)
{
    t->references = ARENA_ARRAY(a, struct reference, rows);
}

enum {
    REFERENCE_TABLE,
    REFERENCE_NAME,
    REFERENCE_COLUMN,
    REFERENCE_TO_TABLE,
    REFERENCE_TO_COLUMN,
    REFERENCE_ON_DELETE,
    REFERENCE_ON_UPDATE,
    REFERENCE_COLUMNS
};

static void add_reference(struct arena *a, struct table *t, const struct value *cell)
{
    size_t n = t->reference_count;
    if (n == 0 || !str_eq(t->references[n - 1].name, cell[REFERENCE_NAME].text)) {
        t->references[t->reference_count++] =
            (struct reference){.name = cell[REFERENCE_NAME].text,
                               .table = cell[REFERENCE_TO_TABLE].text,
                               .on_delete = action(cell[REFERENCE_ON_DELETE].text),
                               .on_update = action(cell[REFERENCE_ON_UPDATE].text),
                               .columns = STR(""),
                               .to_columns = STR("")};
    }
    struct reference *f = &t->references[t->reference_count - 1];
    f->columns = with_column(a, f->columns, cell[REFERENCE_COLUMN].text, STR(""), STR(""));
    f->to_columns = with_column(a, f->to_columns, cell[REFERENCE_TO_COLUMN].text, STR(""), STR(""));
}

static const struct part references_part = {
    .sql = STR_INIT(
        "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name,"
        " k.referenced_column_name, r.delete_rule, r.update_rule"
        " FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r"
        " ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name"
        " AND r.constraint_name = k.constraint_name"
        " WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL"
        " ORDER BY k.table_name, k.constraint_name, k.ordinal_position"),
    .columns = REFERENCE_COLUMNS,
    .begin = begin_references,
    .add = add_reference,
};

/* InnoDB makes an index with the foreign key's name when there is none that it can use. */
static void forget_implied_indexes(struct table *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->index_count; i++) {
        const struct reference *f = table_reference(t, t->indexes[i].name);
        if (f == NULL || !str_eq(f->columns, t->indexes[i].columns)) {
            t->indexes[kept++] = t->indexes[i];
        }
    }
    t->index_count = kept;
}

/* -- checks -- */

static void begin_checks(struct arena *a, struct table *t, size_t rows)
{
    t->checks = ARENA_ARRAY(a, struct check, rows);
}

enum { CHECK_TABLE, CHECK_NAME, CHECK_CLAUSE, CHECK_LEVEL, CHECK_COLUMNS };

/* One of a column itself has the column's name, comes and goes with it, and cannot be dropped otherwise. */
static void add_check_of_column(struct arena *a, struct table *t, str name, str clause)
{
    for (size_t i = 0; i < t->column_count; i++) {
        struct column *c = &t->columns[i];
        if (str_eq(c->name, name)) {
            c->extra = str_format(a, "%.*s%sCHECK (%.*s)", STR_ARGS(c->extra), c->extra.n > 0 ? " " : "",
                                  STR_ARGS(clause));
        }
    }
}

static void add_check(struct arena *a, struct table *t, const struct value *cell)
{
    if (str_eq_nocase(cell[CHECK_LEVEL].text, STR("Column"))) {
        add_check_of_column(a, t, cell[CHECK_NAME].text, cell[CHECK_CLAUSE].text);
        return;
    }
    t->checks[t->check_count++] =
        (struct check){.name = cell[CHECK_NAME].text, .clause = cell[CHECK_CLAUSE].text};
}

static const struct part checks_part = {
    .sql = STR_INIT(
        "SELECT table_name, constraint_name, check_clause, level FROM information_schema.check_constraints"
        " WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name"),
    .columns = CHECK_COLUMNS,
    .begin = begin_checks,
    .add = add_check,
};

/* -- all -- */

err catalog_read(struct db *db, struct arena *a, struct catalog *out)
{
    enum { NAME, ENGINE, COLLATION, COLUMNS };
    struct rows rows;
    TRY(read_texts(db, a,
                   STR("SELECT table_name, engine, table_collation FROM information_schema.tables"
                       " WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
                       " AND table_name <> 'quire_migrations' ORDER BY table_name"),
                   COLUMNS, &rows));
    struct catalog c = {ARENA_ARRAY(a, struct table, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct value *cell = &rows.cells[i * COLUMNS];
        c.tables[i] = (struct table){
            .name = cell[NAME].text, .engine = text_of(cell[ENGINE]), .collation = text_of(cell[COLLATION])};
    }
    TRY(read_part(db, a, &columns_part, &c)); /* before their checks */
    TRY(read_part(db, a, &indexes_part, &c));
    TRY(read_part(db, a, &references_part, &c));
    TRY(read_part(db, a, &checks_part, &c));
    for (size_t i = 0; i < c.n; i++) {
        forget_implied_indexes(&c.tables[i]);
    }
    *out = c;
    return NULL;
}

void catalog_declare(struct arena *a, const struct registry *all, struct catalog *out)
{
    *out = (struct catalog){ARENA_ARRAY(a, struct table, all->count), all->count};
    for (size_t i = 0; i < all->count; i++) {
        ddl_describe(a, all->resources[i], &out->tables[i]);
    }
}
