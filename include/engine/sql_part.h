/*
 * sql_part: what statements that read (app/engine/sql.c) and those that write (app/engine/sql_write.c) are both made
 * of. Nobody else has a use for it.
 *
 *     sql_start(s, a);
 *     buf_printf(&s->text, "DELETE FROM %s", r->table);
 *     sql_put_where(s, -1, w);
 */
#ifndef QUIRE_ENGINE_SQL_PART_H
#define QUIRE_ENGINE_SQL_PART_H

#include "engine/sql.h"

/* An empty statement. */
void sql_start(struct sql *s, struct arena *a);
/* Binds a value to the `?` that the caller writes. */
void sql_bind(struct sql *s, struct value v);
/* t0.name; without a table number (-1) where a statement has only one table. */
void sql_put_column(struct sql *s, int table, const struct field *f);
/* " WHERE …" with the values of its conditions; nothing when there are none. */
void sql_put_where(struct sql *s, int table, const struct where *w);

#endif
