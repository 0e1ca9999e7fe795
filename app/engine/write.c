#include "engine/write.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/uuid.h"
#include "engine/load.h"
#include "engine/sql.h"
#include "io/db.h"

void write_fold(struct arena *a, const struct resource *r, struct value *row)
{
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == FIELD_FOLD && row[f->of].kind == VALUE_TEXT) {
            str folded = text_fold(a, row[f->of].text);
            row[i] = value_bytes(folded.p, folded.n);
        }
    }
}

/* Fills what the program makes itself: identifiers when creating, folded copies whenever their source is
 * given. */
static void complete_row(struct arena *a, const struct resource *r, struct value *row, bool creating)
{
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if (creating && (f->flags & GENERATED) != 0 && row[i].kind == VALUE_ABSENT) {
            unsigned char *id = arena_alloc(a, UUID_BYTES);
            uuid_v7(id);
            row[i] = value_bytes(id, UUID_BYTES);
        }
    }
    write_fold(a, r, row);
}

/* "a review with this user_uid and book_uid already exists", as far as the database says which key it was. */
static err duplicate(struct arena *a, const struct resource *r, str key_name)
{
    const struct field *f = resource_of_key_name(r, key_name);
    const struct key *key = f == NULL ? resource_key_of_several(r, key_name) : NULL;
    struct buf names;
    buf_init(&names, a, 64, 1024);
    buf_c(&names, f != NULL ? f->name : "");
    for (unsigned i = 0; key != NULL && i < key->count; i++) {
        buf_c(&names, i == 0 ? "" : i + 1 < key->count ? ", " : " and ");
        buf_c(&names, r->fields[key->fields[i]].name);
    }
    return names.n == 0 ? error_new(a, ERROR_DUPLICATE, "this %s already exists", r->name)
                        : error_new(a, ERROR_DUPLICATE, "a %s with this %.*s already exists", r->name,
                                    STR_ARGS(buf_view(&names)));
}

err write_explain(struct db *db, struct arena *a, const struct resource *r, err e)
{
    if (e->code == ERROR_DUPLICATE) {
        return duplicate(a, r, db_duplicate_key(db));
    }
    if (e->code == ERROR_CONFLICT) {
        err gone = error_new(a, ERROR_CONFLICT, "what this %s refers to is gone or still in use", r->name);
        return error_caused(a, gone, e->cause); /* names the key, and no value */
    }
    return e;
}

static err run(struct db *db, struct arena *a, const struct sql *s, struct written *done)
{
    return stmt_write(db, a, buf_view(&s->text), s->values, s->count, done);
}

/* Counts the new row where it is counted. Before it is inserted: the insert would take a shared lock on the row it
 * refers to, and two who then want to count there would wait for each other. */
static err count_on(struct db *db, struct arena *a, const struct resource *r, const struct value *row)
{
    struct sql s;
    struct written done;
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].type == FIELD_REF && value_given(row[i]) &&
            sql_count_on(&s, a, r, &r->fields[i], row)) {
            TRY(run(db, a, &s, &done));
        }
    }
    return NULL;
}

err write_insert(struct db *db, struct arena *a, const struct resource *r, struct value *row, int64_t *id)
{
    struct sql s;
    struct written done = {0};
    complete_row(a, r, row, true);
    TRY(count_on(db, a, r, row));
    sql_insert(&s, a, r, row);
    err e = run(db, a, &s, &done);
    if (e != NULL) {
        return write_explain(db, a, r, e);
    }
    *id = done.insert_id;
    return NULL;
}

/* The new row as the INSERT gives it back. */
static err insert_returning(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                            const struct plan *p, struct page *out)
{
    enum value_kind kinds[PLAN_MAX_COLUMNS];
    struct sql s;
    complete_row(a, r, row, true);
    TRY(count_on(db, a, r, row));
    sql_insert_returning(&s, a, r, row, p);
    load_kinds(p, kinds);
    err e = stmt_insert(db, a, buf_view(&s.text), s.values, s.count, kinds, p->column_count, &out->rows);
    return e == NULL ? load_relations(db, a, p, out) : write_explain(db, a, r, e);
}

err write_insert_shown(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                       struct plan *p, struct page *out)
{
    *out = (struct page){.more = false};
    if (db_can_return(db) && sql_can_return(p)) {
        return insert_returning(db, a, r, row, p, out);
    }
    int64_t id = 0;
    TRY(write_insert(db, a, r, row, &id));
    const struct field *key = &r->fields[resource_key(r)];
    struct value given = row[resource_key(r)];
    struct value value = given.kind == VALUE_ABSENT ? value_int(id) : given;
    where_add(&p->where, key, OP_EQ, value);
    return load_one(db, a, p, key, value, out);
}

bool write_insert_is_single(const struct db *db, const struct resource *r, const struct plan *p)
{
    bool counted = false;
    for (size_t i = 0; i < r->field_count; i++) {
        counted = counted || (r->fields[i].type == FIELD_REF && sql_is_counted(r, &r->fields[i]));
    }
    return db_can_return(db) && sql_can_return(p) && p->many_count == 0 && !counted;
}

/* How many rows w selects; they are locked. */
static err lock_rows(struct db *db, struct arena *a, const struct resource *r, const struct where *w,
                     int64_t *count)
{
    struct plan p;
    plan_start(&p, r);
    p.where = *w;
    p.lock = true;
    return load_count(db, a, &p, count);
}

/* The totals are taken before the counters are locked. Without a lock on the rows two who remove the same row would
 * both have counted it by then. */
err write_count_off(struct db *db, struct arena *a, const struct resource *r, const struct value *row,
                    const struct where *w)
{
    struct sql s;
    struct written done;
    int64_t count = -1;
    for (size_t i = 0; i < r->field_count && count != 0; i++) {
        if (r->fields[i].type != FIELD_REF || !sql_count_off(&s, a, r, &r->fields[i], row, w)) {
            continue;
        }
        if (count < 0) {
            TRY(lock_rows(db, a, r, w, &count));
        }
        if (count > 0) {
            TRY(run(db, a, &s, &done));
        }
    }
    return NULL;
}

err write_update(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                 const struct where *w, uint64_t *matched)
{
    struct sql s;
    struct written done = {0};
    complete_row(a, r, row, false);
    TRY(write_count_off(db, a, r, row, w));
    sql_update(&s, a, r, row, w);
    err e = run(db, a, &s, &done);
    if (e != NULL) {
        return write_explain(db, a, r, e);
    }
    *matched = done.matched;
    return NULL;
}

err write_statement(struct db *db, struct arena *a, const struct statement *s, const struct value *values,
                    uint64_t *matched)
{
    struct written done = {0};
    TRY(stmt_write(db, a, s->sql, values, s->values, &done));
    *matched = done.matched;
    return NULL;
}
