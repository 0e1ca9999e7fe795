#include "io/stmt.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "io/db_door.h"
#include "io/stmt_bind.h"

enum { BUCKETS = 256, NUMBER_UNKNOWN_STATEMENT = 1243, NUMBER_NEEDS_PREPARE = 1615 };

/* Where the library puts a column of a row: numbers and times, short text, the beginning of longer text. */
union landing_cell {
    union stmt_cell value;
    char text[64];
};

/* Where the library puts one row. */
struct landing {
    size_t columns;
    MYSQL_BIND *binds;
    union landing_cell *cells;
    unsigned long *lengths;
    my_bool *nulls;
    my_bool *cut;
    enum value_kind *kinds;
};

/* One prepared statement; in a bucket's chain and in the list by age. */
struct cached {
    struct cached *chain;
    struct cached *newer, *older;
    uint64_t hash;
    MYSQL_STMT *handle;
    struct stmt_slots *slots; /* NULL: it has no values */
    struct landing *landing;  /* made when its first result is read; bound from then on */
    size_t length;
    char sql[];
};

struct stmt_cache {
    struct cached *buckets[BUCKETS];
    struct cached *newest, *oldest;
    unsigned count;
};

static void unlink_age(struct stmt_cache *c, struct cached *s)
{
    *(s->newer == NULL ? &c->newest : &s->newer->older) = s->older;
    *(s->older == NULL ? &c->oldest : &s->older->newer) = s->newer;
}

static void link_newest(struct stmt_cache *c, struct cached *s)
{
    s->newer = NULL;
    s->older = c->newest;
    *(c->newest == NULL ? &c->oldest : &c->newest->newer) = s;
    c->newest = s;
}

static void drop(struct stmt_cache *c, struct cached *s)
{
    struct cached **at = &c->buckets[s->hash % BUCKETS];
    while (*at != s) {
        at = &(*at)->chain;
    }
    *at = s->chain;
    unlink_age(c, s);
    c->count--;
    (void)mysql_stmt_close(s->handle);
    free(s->slots);
    free(s->landing);
    free(s);
}

void stmt_cache_free(struct stmt_cache *cache)
{
    if (cache != NULL) {
        while (cache->newest != NULL) {
            drop(cache, cache->newest);
        }
        free(cache);
    }
}

static struct cached *lookup(struct stmt_cache *c, uint64_t hash, str sql)
{
    for (struct cached *s = c->buckets[hash % BUCKETS]; s != NULL; s = s->chain) {
        if (s->hash == hash && str_eq((str){s->sql, s->length}, sql)) {
            return s;
        }
    }
    return NULL;
}

static enum db_phase phase_of(const struct db *db, bool writes)
{
    return db->in_transaction ? DB_TRANSACTION : writes ? DB_WRITING : DB_READING;
}

/* False when there is none. */
static bool drop_oldest(struct stmt_cache *c)
{
    struct cached *oldest = c->oldest;
    if (oldest == NULL || oldest->older != NULL) {
        return false;
    }
    drop(c, oldest);
    return true;
}

/* The server's room for statements, which all connections share, is full: a statement of our own that was not used
 * for long makes room for the new one. */
static bool make_room(struct stmt_cache *c, unsigned number)
{
    return number == ER_MAX_PREPARED_STMT_COUNT_REACHED && drop_oldest(c);
}

static err prepare_new(struct db *db, struct arena *a, uint64_t hash, str sql, struct cached **out)
{
    struct stmt_cache *c = db->cache;
    if (c->count >= STMT_CACHE) {
        (void)drop_oldest(c);
    }
    MYSQL_STMT *handle = mysql_stmt_init(db->mysql);
    struct cached *s = malloc(sizeof *s + sql.n);
    if (handle == NULL || s == NULL) {
        abort();
    }
    int failed = mysql_stmt_prepare(handle, sql.p, sql.n);
    if (failed != 0 && make_room(c, mysql_stmt_errno(handle))) {
        failed = mysql_stmt_prepare(handle, sql.p, sql.n);
    }
    if (failed != 0) {
        unsigned number = mysql_stmt_errno(handle);
        /* nothing has been executed, so nothing can be half done */
        enum db_phase phase = db->in_transaction ? DB_TRANSACTION : DB_READING;
        err e = db_failure(db, a, number, mysql_stmt_error(handle), phase);
        (void)mysql_stmt_close(handle);
        free(s);
        return error_sure(e);
    }
    *s =
        (struct cached){.hash = hash, .handle = handle, .length = sql.n, .chain = c->buckets[hash % BUCKETS]};
    memcpy(s->sql, sql.p, sql.n);
    c->buckets[hash % BUCKETS] = s;
    link_newest(c, s);
    c->count++;
    *out = s;
    return NULL;
}

static err prepare(struct db *db, struct arena *a, str sql, struct cached **out)
{
    if (db->mysql == NULL || db->broken) {
        return error_cause(a, ERROR_UNAVAILABLE, "no connection to the database");
    }
    if (db->cache == NULL) {
        db->cache = calloc(1, sizeof *db->cache);
        if (db->cache == NULL) {
            abort();
        }
    }
    uint64_t hash = hash64(sql);
    struct cached *s = lookup(db->cache, hash, sql);
    if (s == NULL) {
        return prepare_new(db, a, hash, sql, out);
    }
    if (s != db->cache->newest) {
        unlink_age(db->cache, s);
        link_newest(db->cache, s);
    }
    *out = s;
    return NULL;
}

/* Binds and executes; the result is the library's error, 0 when it went well. */
static unsigned execute_once(struct db *db, struct arena *a, struct cached *s, const struct value *values,
                             size_t count)
{
    if (mysql_stmt_param_count(s->handle) != count || count > STMT_MAX_VALUES) {
        abort(); /* the statement and its values were made by the same hand */
    }
    if (count > 0) {
        if (s->slots == NULL) {
            s->slots = stmt_slots_new(count);
        }
        if (!stmt_slots_fill(s->slots, values) && !stmt_slots_bind(s->slots, s->handle, a, values)) {
            return mysql_stmt_errno(s->handle);
        }
    }
    db->figures.statements++;
    return mysql_stmt_execute(s->handle) == 0 ? 0 : mysql_stmt_errno(s->handle);
}

/* The statement, executed. One that the server has forgotten or outgrown is prepared once more. */
static err execute(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                   bool writes, struct cached **out)
{
    trace_begin(db->trace, sql);
    for (int attempt = 0;; attempt++) {
        struct cached *s = NULL;
        TRY(prepare(db, a, sql, &s));
        unsigned number = execute_once(db, a, s, values, count);
        if (number == 0) {
            *out = s;
            return NULL;
        }
        bool stale = number == NUMBER_UNKNOWN_STATEMENT || number == NUMBER_NEEDS_PREPARE;
        if (!stale || attempt > 0) {
            err e = db_failure(db, a, number, mysql_stmt_error(s->handle), phase_of(db, writes));
            (void)mysql_stmt_free_result(s->handle);
            return error_sure(e);
        }
        drop(db->cache, s);
    }
}

/* A day lands as a moment does. */
static enum enum_field_types landing_type(enum value_kind kind)
{
    enum enum_field_types type = stmt_type(kind);
    if (type == MYSQL_TYPE_NULL) {
        abort(); /* no column is read as nothing */
    }
    return type == MYSQL_TYPE_DATE ? MYSQL_TYPE_DATETIME : type;
}

/* One piece of memory for all of it, freed with the statement. */
static struct landing *new_landing(const enum value_kind *kinds, size_t columns)
{
    size_t each = sizeof(MYSQL_BIND) + sizeof(union landing_cell) + sizeof(unsigned long) +
                  sizeof(enum value_kind) + 2 * sizeof(my_bool);
    struct landing *l = calloc(1, sizeof *l + columns * each);
    if (l == NULL) {
        abort();
    }
    l->columns = columns;
    l->binds = (MYSQL_BIND *)(l + 1);
    l->cells = (union landing_cell *)(l->binds + columns);
    l->lengths = (unsigned long *)(l->cells + columns);
    l->kinds = (enum value_kind *)(l->lengths + columns);
    l->nulls = (my_bool *)(l->kinds + columns);
    l->cut = l->nulls + columns;
    memcpy(l->kinds, kinds, sizeof *kinds * columns);
    for (size_t i = 0; i < columns; i++) {
        MYSQL_BIND *b = &l->binds[i];
        b->buffer_type = landing_type(kinds[i]);
        b->buffer = &l->cells[i];
        b->buffer_length = sizeof l->cells[i];
        b->length = &l->lengths[i];
        b->is_null = &l->nulls[i];
        b->error = &l->cut[i];
    }
    return l;
}

/* After a failure nothing is taken for granted. */
static void forget_landing(struct cached *s)
{
    free(s->landing);
    s->landing = NULL;
}

/* The statement's result is bound once; again only when it is read as something else. */
static bool bind_result(struct cached *s, const enum value_kind *kinds, size_t columns)
{
    struct landing *l = s->landing;
    if (l != NULL && l->columns == columns && memcmp(l->kinds, kinds, sizeof *kinds * columns) == 0) {
        return true;
    }
    forget_landing(s);
    s->landing = new_landing(kinds, columns);
    return mysql_stmt_bind_result(s->handle, s->landing->binds) == 0;
}

/* Text goes to its place in the arena, at its exact size: what has landed whole from there, what is longer straight
 * from the library's row. */
static bool take_text(MYSQL_STMT *handle, struct arena *a, unsigned column, const struct landing *l, str *out)
{
    unsigned long length = l->lengths[column];
    char *text = arena_alloc(a, length + 1);
    if (length <= sizeof l->cells[column].text) {
        memcpy(text, l->cells[column].text, length);
    } else {
        unsigned long got = 0;
        my_bool null = 0;
        my_bool cut = 0;
        MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_BLOB,
                        .buffer = text,
                        .buffer_length = length,
                        .length = &got,
                        .is_null = &null,
                        .error = &cut};
        if (mysql_stmt_fetch_column(handle, &b, column, 0) != 0) {
            return false;
        }
    }
    *out = (str){text, length};
    return true;
}

static bool take_row(MYSQL_STMT *handle, struct arena *a, const struct landing *l,
                     const enum value_kind *kinds, size_t columns, struct value *cells, size_t *bytes)
{
    for (size_t i = 0; i < columns; i++) {
        if (l->nulls[i]) {
            cells[i] = value_null();
        } else if (kinds[i] == VALUE_TEXT || kinds[i] == VALUE_BYTES) {
            cells[i].kind = kinds[i];
            *bytes += l->lengths[i];
            if (!take_text(handle, a, (unsigned)i, l, &cells[i].text)) {
                return false;
            }
        } else if (kinds[i] == VALUE_TIME || kinds[i] == VALUE_DATE) {
            cells[i] = stmt_time(&l->cells[i].value.t, kinds[i]);
        } else if (kinds[i] == VALUE_DOUBLE) {
            cells[i] = (struct value){.kind = VALUE_DOUBLE, .d = l->cells[i].value.d};
        } else {
            cells[i] = (struct value){.kind = kinds[i], .i = l->cells[i].value.i};
        }
    }
    return true;
}

enum fetched { FETCHED_ALL, FETCHED_WITH_ERROR, FETCHED_TOO_MUCH };

/* What a statement with a result is run for. */
enum purpose { TO_READ, TO_READ_PAGE, TO_WRITE };

static enum fetched fetch_all(MYSQL_STMT *handle, struct arena *a, const struct landing *l, size_t most,
                              const enum value_kind *kinds, size_t columns, struct rows *out)
{
    size_t room = 0;
    size_t bytes = 0;
    for (;;) {
        int status = mysql_stmt_fetch(handle);
        if (status != 0 && status != MYSQL_DATA_TRUNCATED) {
            return status == MYSQL_NO_DATA ? FETCHED_ALL : FETCHED_WITH_ERROR;
        }
        if (out->n == room) {
            size_t more = room == 0 ? 1 : room == 1 ? 16 : room * 2;
            size_t row = sizeof *out->cells * columns;
            out->cells = arena_grow(a, out->cells, row * room, row * more);
            room = more;
        }
        if (!take_row(handle, a, l, kinds, columns, out->cells + out->n * columns, &bytes)) {
            return FETCHED_WITH_ERROR;
        }
        if (bytes > (out->n == 0 ? STMT_MAX_BYTES : most)) {
            return FETCHED_TOO_MUCH;
        }
        out->n++;
    }
}

/* A row is read from the connection itself; the library does not copy that failure to the statement. */
static err fetch_failure(struct db *db, struct arena *a, MYSQL_STMT *handle, bool writes)
{
    unsigned number = mysql_stmt_errno(handle);
    const char *message = number != 0 ? mysql_stmt_error(handle) : mysql_error(db->mysql);
    return db_failure(db, a, number != 0 ? number : mysql_errno(db->mysql), message, phase_of(db, writes));
}

static err end_rows(struct cached *s, const struct rows *rows, struct rows *out)
{
    if (rows->cut) {
        (void)mysql_stmt_free_result(s->handle); /* reads what is left */
    }
    *out = *rows;
    return NULL;
}

static err run_with_rows(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                         enum purpose purpose, const enum value_kind *kinds, size_t columns, struct rows *out)
{
    struct cached *s = NULL;
    bool writes = purpose == TO_WRITE;
    size_t most = purpose == TO_READ_PAGE ? STMT_PAGE_BYTES : STMT_MAX_BYTES;
    TRY(execute(db, a, sql, values, count, writes, &s));
    MYSQL_STMT *handle = s->handle;
    if (mysql_stmt_field_count(handle) != columns || columns > STMT_MAX_COLUMNS) {
        abort();
    }
    struct rows rows = {.columns = columns};
    enum fetched fetched = FETCHED_WITH_ERROR;
    if (bind_result(s, kinds, columns)) {
        fetched = fetch_all(handle, a, s->landing, most, kinds, columns, &rows);
    }
    trace_end(db->trace, rows.n);
    rows.cut = fetched == FETCHED_TOO_MUCH && purpose == TO_READ_PAGE && rows.n > 0;
    if (fetched == FETCHED_ALL || rows.cut) {
        return end_rows(s, &rows, out);
    }
    err e = fetched == FETCHED_TOO_MUCH
                ? error_new(a, ERROR_ANSWER_TOO_LARGE, "the rows hold over %d MiB: ask for fewer (limit)",
                            STMT_MAX_BYTES >> 20)
                : fetch_failure(db, a, handle, writes);
    forget_landing(s);
    (void)mysql_stmt_free_result(handle); /* reads what is left: nothing may stay on the connection */
    return error_sure(e);
}

err stmt_read(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
              const enum value_kind *kinds, size_t columns, struct rows *out)
{
    return run_with_rows(db, a, sql, values, count, TO_READ, kinds, columns, out);
}

err stmt_read_page(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                   const enum value_kind *kinds, size_t columns, struct rows *out)
{
    return run_with_rows(db, a, sql, values, count, TO_READ_PAGE, kinds, columns, out);
}

err stmt_insert(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                const enum value_kind *kinds, size_t columns, struct rows *out)
{
    TRY(db_begin_if_wanted(db, a));
    return run_with_rows(db, a, sql, values, count, TO_WRITE, kinds, columns, out);
}

err stmt_lock(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
              const enum value_kind *kinds, size_t columns, struct rows *out)
{
    TRY(db_begin_if_wanted(db, a));
    return stmt_read(db, a, sql, values, count, kinds, columns, out);
}

err stmt_write(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
               struct written *out)
{
    struct cached *s = NULL;
    TRY(db_begin_if_wanted(db, a));
    TRY(execute(db, a, sql, values, count, true, &s));
    out->matched = mysql_stmt_affected_rows(s->handle);
    trace_end(db->trace, out->matched);
    out->insert_id = (int64_t)mysql_stmt_insert_id(s->handle);
    return NULL;
}

err stmt_check(struct db *db, struct arena *a, str sql)
{
    struct cached *s = NULL;
    TRY(prepare(db, a, sql, &s));
    drop(db->cache, s);
    return NULL;
}
