/*
 * stmt_bind: values as the client library wants them, and its times as values. For io/stmt.c, and nobody else.
 *
 * Each prepared statement has slots, one for each of its `?`. The library is told where they are when the statement is
 * executed first, and sends the server their types then. Later it only looks into them, so that numbers and times cost
 * a copy; it is told again when a value is of another kind than before, or has bytes, which stay where they are.
 *
 *     struct stmt_slots *slots = stmt_slots_new(mysql_stmt_param_count(handle));
 *     if (!stmt_slots_fill(slots, values) && !stmt_slots_bind(slots, handle, a, values)) {
 *         return mysql_stmt_errno(handle);
 *     }
 *     mysql_stmt_execute(handle);
 */
#ifndef QUIRE_IO_STMT_BIND_H
#define QUIRE_IO_STMT_BIND_H

#include <mysql.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

struct arena;

/* Where the library finds a value, or puts one: all but bytes. */
union stmt_cell {
    int64_t i;
    double d;
    MYSQL_TIME t;
};

struct stmt_slot {
    union stmt_cell cell;
    enum value_kind kind; /* of the value that was there last */
};

struct stmt_slots {
    size_t count;
    bool bound; /* the library knows them */
    struct stmt_slot slots[];
};

/* Slots for so many values, STMT_MAX_VALUES at most, none bound. The caller frees them with free(), after the
 * statement. */
struct stmt_slots *stmt_slots_new(size_t count);
/* Puts the values, as many as there are slots, into them. False when the library must be told, by stmt_slots_bind(). A
 * list is no value of a statement: stmt_slots_bind() aborts. */
bool stmt_slots_fill(struct stmt_slots *s, const struct value *values);
/* Tells the library where the slots are, filled with these values, by way of the arena; bytes must stay where they are
 * until the statement has been executed. False when it refuses: the handle has the error. */
bool stmt_slots_bind(struct stmt_slots *s, MYSQL_STMT *handle, struct arena *a, const struct value *values);
/* What the library calls a value of this kind; MYSQL_TYPE_NULL for one that is null or absent. A list has no type:
 * aborts. */
enum enum_field_types stmt_type(enum value_kind kind);
/* What was read, as VALUE_TIME or VALUE_DATE. */
struct value stmt_time(const MYSQL_TIME *t, enum value_kind kind);

#endif
