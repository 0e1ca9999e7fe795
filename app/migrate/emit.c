#include "migrate/emit.h"

#include <stdlib.h>

#include "base/arena.h"

/* -- pieces -- */

static void alter(struct buf *out, const struct step *s, const char *what)
{
    buf_lit(out, "ALTER TABLE ");
    table_put_name(out, s->table);
    buf_c(out, what);
}

static void end(struct buf *out)
{
    buf_lit(out, ";\n");
}

static void alter_name(struct buf *out, const struct step *s, const char *what, str name)
{
    alter(out, s, what);
    table_put_name(out, name);
    end(out);
}

static void put_place(struct buf *out, str after)
{
    buf_c(out, after.n > 0 ? " AFTER " : " FIRST");
    if (after.n > 0) {
        table_put_name(out, after);
    }
}

static void add_column(struct buf *out, const struct step *s, const struct column *c, str after)
{
    alter(out, s, " ADD COLUMN ");
    table_put_column(out, c);
    put_place(out, after);
    end(out);
}

static void change_column(struct buf *out, const struct step *s, const struct column *c)
{
    alter(out, s, " MODIFY COLUMN ");
    table_put_column(out, c);
    end(out);
}

static void rename_part(struct buf *out, const struct step *s, const char *what, str from, str to)
{
    alter(out, s, what);
    table_put_name(out, from);
    buf_lit(out, " TO ");
    table_put_name(out, to);
    end(out);
}

static void rename_table(struct buf *out, str from, str to)
{
    buf_lit(out, "RENAME TABLE ");
    table_put_name(out, from);
    buf_lit(out, " TO ");
    table_put_name(out, to);
    end(out);
}

static void add_index(struct buf *out, const struct step *s, const struct index *k)
{
    alter(out, s, " ADD ");
    table_put_index(out, k);
    end(out);
}

static void change_index(struct buf *out, const struct step *s, const struct index *from,
                         const struct index *to)
{
    alter(out, s, " DROP KEY ");
    table_put_name(out, from->name);
    buf_lit(out, ", ADD ");
    table_put_index(out, to);
    end(out);
}

/* What goes, comes, gets another name, or is another thing by the same name. */
static void become_index(struct buf *out, const struct step *s, const struct index *from,
                         const struct index *to)
{
    if (to == NULL) {
        alter_name(out, s, " DROP KEY ", from->name);
    } else if (from == NULL) {
        add_index(out, s, to);
    } else if (str_eq(from->name, to->name)) {
        change_index(out, s, from, to);
    } else {
        rename_part(out, s, " RENAME INDEX ", from->name, to->name);
    }
}

static void add_check(struct buf *out, const struct step *s, const struct check *c)
{
    alter(out, s, " ADD ");
    table_put_check(out, c);
    end(out);
}

static void add_reference(struct buf *out, const struct step *s, const struct reference *f)
{
    alter(out, s, " ADD ");
    table_put_reference(out, f);
    end(out);
}

static void create_table(struct buf *out, const struct table *t)
{
    table_put_create(out, t);
    end(out);
}

static void drop_table(struct buf *out, str name)
{
    buf_lit(out, "DROP TABLE ");
    table_put_name(out, name);
    end(out);
}

static void change_table(struct buf *out, const struct step *s, const struct table *t)
{
    alter(out, s, " ENGINE=");
    buf_str(out, t->engine);
    buf_lit(out, ", CONVERT TO CHARACTER SET ");
    buf_str(out, str_slice(t->collation, 0, str_find(t->collation, '_', 0)));
    buf_lit(out, " COLLATE ");
    buf_str(out, t->collation);
    end(out);
}

/* A program from before the column writes rows without counting them, as long as one runs. */
static void fill(struct buf *out, const struct step *s)
{
    buf_lit(out, "-- counts what is there now: carry it out again when no older program writes any more\n");
    buf_lit(out, "UPDATE ");
    table_put_name(out, s->table);
    buf_lit(out, " SET ");
    table_put_name(out, s->to_column->name);
    buf_lit(out, " = ");
    buf_str(out, s->to_column->fill);
    end(out);
}

/* -- steps -- */

/* On one line, whatever names there are in it: what is behind it would be a statement. */
static void put_comment(struct buf *out, const char *title, str sentence)
{
    if (sentence.n == 0) {
        return;
    }
    buf_printf(out, "-- %s ", title);
    for (size_t i = 0; i < sentence.n; i++) {
        bool ends_line = (unsigned char)sentence.p[i] < ' ';
        buf_put(out, ends_line ? " " : &sentence.p[i], 1);
    }
    buf_char(out, '\n');
}

static void put_comments(struct buf *out, const struct step *s)
{
    put_comment(out, "loses data:", s->loses);
    put_comment(out, "fails when", s->fails);
}

/* What goes of a row comes back without its value. A moment that may not be null must have one, which a server in
 * strict mode does not make up. */
static void put_back_column(struct buf *out, const struct step *s)
{
    const struct column *c = s->from_column;
    bool moment = str_starts(c->type, STR("DATE")) || str_starts(c->type, STR("TIMESTAMP"));
    if (!moment || c->nullable || c->initial.n > 0 || c->expression.n > 0) {
        add_column(out, s, c, s->back_after);
        return;
    }
    struct column filled = *c;
    filled.initial = STR("'2000-01-01'");
    add_column(out, s, &filled, s->back_after);
    alter(out, s, " ALTER COLUMN ");
    table_put_name(out, c->name);
    buf_lit(out, " DROP DEFAULT");
    end(out);
}

void emit_up(struct buf *out, const struct step *s)
{
    put_comments(out, s);
    switch (s->kind) {
    case STEP_RENAME_TABLE:
        rename_table(out, s->old_name, s->table);
        return;
    case STEP_RENAME_COLUMN:
        rename_part(out, s, " RENAME COLUMN ", s->old_name, s->to_column->name);
        return;
    case STEP_DROP_REFERENCE:
        alter_name(out, s, " DROP FOREIGN KEY ", s->from_reference->name);
        return;
    case STEP_DROP_CHECK:
        alter_name(out, s, " DROP CONSTRAINT ", s->from_check->name);
        return;
    case STEP_DROP_GENERATED:
    case STEP_DROP_COLUMN:
        alter_name(out, s, " DROP COLUMN ", s->from_column->name);
        return;
    case STEP_CHANGE_TABLE:
        change_table(out, s, s->to_table);
        return;
    case STEP_CREATE_TABLE:
        create_table(out, s->to_table);
        return;
    case STEP_ADD_COLUMN:
    case STEP_ADD_GENERATED:
        add_column(out, s, s->to_column, s->after);
        return;
    case STEP_CHANGE_COLUMN:
        change_column(out, s, s->to_column);
        return;
    case STEP_FILL:
        fill(out, s);
        return;
    case STEP_DROP_INDEX_FIRST:
    case STEP_DROP_INDEX:
    case STEP_RENAME_INDEX:
    case STEP_ADD_INDEX:
    case STEP_CHANGE_INDEX:
        become_index(out, s, s->from_index, s->to_index);
        return;
    case STEP_ADD_CHECK:
        add_check(out, s, s->to_check);
        return;
    case STEP_ADD_REFERENCE:
        add_reference(out, s, s->to_reference);
        return;
    case STEP_DROP_TABLE:
        drop_table(out, s->table);
        return;
    }
    abort();
}

void emit_down(struct buf *out, const struct step *s)
{
    put_comment(out, "loses data:", s->back_loses);
    if (s->back_loses.n == 0 && s->kind != STEP_CHANGE_COLUMN) {
        put_comment(out, "comes back empty:", s->loses);
    }
    put_comment(out, "fails when", s->back_fails);
    switch (s->kind) {
    case STEP_RENAME_TABLE:
        rename_table(out, s->table, s->old_name);
        return;
    case STEP_RENAME_COLUMN:
        rename_part(out, s, " RENAME COLUMN ", s->to_column->name, s->old_name);
        return;
    case STEP_DROP_REFERENCE:
        add_reference(out, s, s->from_reference);
        return;
    case STEP_DROP_CHECK:
        add_check(out, s, s->from_check);
        return;
    case STEP_DROP_GENERATED:
    case STEP_DROP_COLUMN:
        put_back_column(out, s);
        return;
    case STEP_CHANGE_TABLE:
        change_table(out, s, s->from_table);
        return;
    case STEP_CREATE_TABLE:
        drop_table(out, s->table);
        return;
    case STEP_ADD_COLUMN:
    case STEP_ADD_GENERATED:
        alter_name(out, s, " DROP COLUMN ", s->to_column->name);
        return;
    case STEP_CHANGE_COLUMN:
        change_column(out, s, s->from_column);
        return;
    case STEP_FILL:
        return; /* its column goes */
    case STEP_DROP_INDEX_FIRST:
    case STEP_DROP_INDEX:
    case STEP_RENAME_INDEX:
    case STEP_ADD_INDEX:
    case STEP_CHANGE_INDEX:
        become_index(out, s, s->to_index, s->from_index);
        return;
    case STEP_ADD_CHECK:
        alter_name(out, s, " DROP CONSTRAINT ", s->to_check->name);
        return;
    case STEP_ADD_REFERENCE:
        alter_name(out, s, " DROP FOREIGN KEY ", s->to_reference->name);
        return;
    case STEP_DROP_TABLE:
        create_table(out, s->from_table);
        return;
    }
    abort();
}

/* -- sentences -- */

static str of_column(struct arena *a, const struct step *s, const char *verb, const struct column *c)
{
    return str_format(a, "%s column %.*s.%.*s", verb, STR_ARGS(s->table), STR_ARGS(c->name));
}

static str of_part(struct arena *a, const struct step *s, const char *what, str name)
{
    return str_format(a, "%s %.*s of %.*s", what, STR_ARGS(name), STR_ARGS(s->table));
}

str emit_sentence(struct arena *a, const struct step *s)
{
    switch (s->kind) {
    case STEP_RENAME_TABLE:
        return str_format(a, "rename table %.*s to %.*s", STR_ARGS(s->old_name), STR_ARGS(s->table));
    case STEP_RENAME_COLUMN:
        return str_format(a, "rename column %.*s.%.*s to %.*s", STR_ARGS(s->table), STR_ARGS(s->old_name),
                          STR_ARGS(s->to_column->name));
    case STEP_DROP_REFERENCE:
        return of_part(a, s, "drop foreign key", s->from_reference->name);
    case STEP_DROP_CHECK:
        return of_part(a, s, "drop check", s->from_check->name);
    case STEP_DROP_INDEX_FIRST:
    case STEP_DROP_INDEX:
        return of_part(a, s, "drop key", s->from_index->name);
    case STEP_DROP_GENERATED:
    case STEP_DROP_COLUMN:
        return of_column(a, s, "drop", s->from_column);
    case STEP_CHANGE_TABLE:
        return str_format(a, "change engine or collation of table %.*s", STR_ARGS(s->table));
    case STEP_CREATE_TABLE:
        return str_format(a, "create table %.*s", STR_ARGS(s->table));
    case STEP_ADD_COLUMN:
    case STEP_ADD_GENERATED:
        return of_column(a, s, "add", s->to_column);
    case STEP_CHANGE_COLUMN:
        return of_column(a, s, "change", s->to_column);
    case STEP_FILL:
        return of_column(a, s, "fill", s->to_column);
    case STEP_RENAME_INDEX:
        return str_format(a, "rename key %.*s of %.*s to %.*s", STR_ARGS(s->from_index->name),
                          STR_ARGS(s->table), STR_ARGS(s->to_index->name));
    case STEP_ADD_INDEX:
        return of_part(a, s, "add key", s->to_index->name);
    case STEP_CHANGE_INDEX:
        return of_part(a, s, "change key", s->to_index->name);
    case STEP_ADD_CHECK:
        return of_part(a, s, "add check", s->to_check->name);
    case STEP_ADD_REFERENCE:
        return of_part(a, s, "add foreign key", s->to_reference->name);
    case STEP_DROP_TABLE:
        return str_format(a, "drop table %.*s", STR_ARGS(s->table));
    }
    abort();
}
