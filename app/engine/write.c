#include "engine/write.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/uuid.h"
#include "engine/load.h"
#include "engine/sql.h"
#include "io/db.h"

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
        if (f->type == FIELD_FOLD && row[f->of].kind == VALUE_TEXT) {
            str folded = text_fold(a, row[f->of].text);
            row[i] = value_bytes(folded.p, folded.n);
        }
    }
}

/* A taken key, in a sentence that names the field. */
static err explain(struct db *db, struct arena *a, const struct resource *r, err e)
{
    if (e->code == ERROR_DUPLICATE) {
        const struct field *f = resource_of_key_name(r, db_duplicate_key(db));
        return f == NULL
                   ? error_new(a, ERROR_DUPLICATE, "this %s already exists", r->name)
                   : error_new(a, ERROR_DUPLICATE, "a %s with this %s already exists", r->name, f->name);
    }
    if (e->code == ERROR_CONFLICT) {
        return error_new(a, ERROR_CONFLICT, "what this %s refers to is gone or still in use", r->name);
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
        return explain(db, a, r, e);
    }
    *id = done.insert_id;
    return NULL;
}

/* Takes what is about to change or go off the counters that the rows feed. */
static err count_off(struct db *db, struct arena *a, const struct resource *r, const struct value *row,
                     const struct where *w)
{
    struct sql s;
    struct written done;
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].type == FIELD_REF && sql_count_off(&s, a, r, &r->fields[i], row, w)) {
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
    TRY(count_off(db, a, r, row, w));
    sql_update(&s, a, r, row, w);
    err e = run(db, a, &s, &done);
    if (e != NULL) {
        return explain(db, a, r, e);
    }
    *matched = done.matched;
    return NULL;
}

/* Whether rows of child go when the row they refer to by f goes, and counters of others than r count them. */
static bool counted_elsewhere(const struct resource *child, const struct field *f, const struct resource *r)
{
    if (f->type != FIELD_REF || f->to != r || f->on_delete != CASCADE) {
        return false;
    }
    for (size_t i = 0; i < child->field_count; i++) {
        const struct field *other = &child->fields[i];
        for (size_t j = 0; other->type == FIELD_REF && other->to != r && j < other->to->field_count; j++) {
            const struct field *counter = &other->to->fields[j];
            if ((counter->type == FIELD_COUNT || counter->type == FIELD_SUM) && counter->to == child) {
                return true;
            }
        }
    }
    return false;
}

/* Takes the rows of child that belong to the locked rows off the counters of others. */
static err count_off_children(struct db *db, struct arena *a, const struct resource *child,
                              const struct field *f, const struct rows *keys)
{
    for (size_t i = 0; i < keys->n; i++) {
        struct where theirs = {.count = 0};
        where_add(&theirs, f, OP_EQ, keys->cells[i]);
        TRY(count_off(db, a, child, NULL, &theirs));
    }
    return NULL;
}

static err lock_keys(struct db *db, struct arena *a, const struct resource *r, const struct where *w,
                     struct rows *keys)
{
    const unsigned char key[] = {(unsigned char)resource_key(r)};
    const struct shape only_key = SHAPE("Key", r, key);
    struct plan p;
    plan_init(&p, r, &only_key);
    p.where = *w;
    p.lock = true;
    return load_page(db, a, &p, keys);
}

err write_delete(struct db *db, struct arena *a, const struct registry *all, const struct resource *r,
                 const struct where *w, uint64_t *matched)
{
    struct rows keys = {0};
    bool locked = false;
    for (size_t i = 0; i < all->count; i++) {
        const struct resource *child = all->resources[i];
        for (size_t j = 0; j < child->field_count; j++) {
            if (!counted_elsewhere(child, &child->fields[j], r)) {
                continue;
            }
            if (!locked) {
                TRY(lock_keys(db, a, r, w, &keys));
                locked = true;
            }
            TRY(count_off_children(db, a, child, &child->fields[j], &keys));
        }
    }
    TRY(count_off(db, a, r, NULL, w));
    struct sql s;
    struct written done = {0};
    sql_delete(&s, a, r, w);
    err e = run(db, a, &s, &done);
    if (e != NULL) {
        return explain(db, a, r, e);
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
