#include "engine/remove.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/load.h"
#include "engine/sql.h"
#include "engine/write.h"
#include "io/db.h"

/* So many keys stand in one statement. */
enum { BATCH = 32 };

struct removal {
    struct db *db;
    struct arena *arena;
    const struct registry *all;
};

/* Keys in the order of their discovery, each once. */
struct keys {
    struct value *list;
    size_t n, room;
    size_t *slots; /* 1 + place in the list, by hash; 0: free */
    size_t slot_count;
};

static err remove_all(const struct removal *m, const struct resource *r, const struct where *w,
                      uint64_t *matched);

static bool goes_along(const struct field *f, const struct resource *with)
{
    return f->type == FIELD_REF && f->to == with && f->on_delete == CASCADE;
}

/* The reference of a row to one of its own kind that takes it along; NULL when there is none. */
static const struct field *reference_to_own_kind(const struct resource *r)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (goes_along(&r->fields[i], r)) {
            return &r->fields[i];
        }
    }
    return NULL;
}

/* Whether rows of child are counted by others than those that they go along with by `by`. By another of their
 * references they may be counted by other rows of the same kind: who follows one person and goes is one follower less
 * of another. */
static bool feeds_counter_elsewhere(const struct resource *child, const struct field *by)
{
    for (size_t i = 0; i < child->field_count; i++) {
        const struct field *ref = &child->fields[i];
        for (size_t j = 0; ref->type == FIELD_REF && ref != by && j < ref->to->field_count; j++) {
            const struct field *counter = &ref->to->fields[j];
            if ((counter->type == FIELD_COUNT || counter->type == FIELD_SUM) && counter->to == child &&
                counter->key == (int)i) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the database may not be left alone with the rows of child that go along by that reference. References that
 * take along lead from later to earlier resources of the list, but for those to their own kind, so this ends. */
static bool matters(const struct registry *all, const struct resource *child, const struct field *by)
{
    if (reference_to_own_kind(child) != NULL || feeds_counter_elsewhere(child, by)) {
        return true;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct resource *grandchild = all->resources[i];
        for (size_t j = 0; grandchild != child && j < grandchild->field_count; j++) {
            const struct field *f = &grandchild->fields[j];
            if (goes_along(f, child) && matters(all, grandchild, f)) {
                return true;
            }
        }
    }
    return false;
}

static void where_among(struct where *w, const struct field *f, const struct value *keys, size_t n)
{
    w->count = 0;
    for (size_t i = 0; i < BATCH; i++) {
        where_either(w, 1, f, OP_EQ, keys[i < n ? i : 0]); /* padded: one statement for all sizes */
        if (n == 1) {
            return;
        }
    }
}

/* Removes the rows of child whose f is among the values. */
static err remove_children(const struct removal *m, const struct resource *child, const struct field *f,
                           const struct value *values, size_t n)
{
    for (size_t at = 0; at < n; at += BATCH) {
        struct arena_mark mark = arena_mark(m->arena);
        struct where theirs;
        uint64_t matched = 0;
        where_among(&theirs, f, values + at, n - at < BATCH ? n - at : BATCH);
        TRY(remove_all(m, child, &theirs, &matched));
        arena_rewind(m->arena, mark);
    }
    return NULL;
}

/* The values of field f of the rows that w selects, which are locked. */
static err lock_values(const struct removal *m, const struct resource *r, const struct field *f,
                       const struct where *w, struct rows *out)
{
    struct plan p;
    plan_start(&p, r);
    (void)plan_column(&p, f);
    p.where = *w;
    p.lock = true;
    return load_rows(m->db, m->arena, &p, out);
}

/* Removes what goes along with the rows that w selects, as far as it matters. *gone: there are no such rows. */
static err remove_along(const struct removal *m, const struct resource *r, const struct where *w, bool *gone)
{
    *gone = false;
    for (size_t i = 0; i < m->all->count && !*gone; i++) {
        const struct resource *child = m->all->resources[i];
        for (size_t j = 0; child != r && j < child->field_count && !*gone; j++) {
            const struct field *f = &child->fields[j];
            if (!goes_along(f, r) || !matters(m->all, child, f)) {
                continue;
            }
            struct rows values;
            TRY(lock_values(m, r, field_target(f), w, &values));
            TRY(remove_children(m, child, f, values.cells, values.n));
            *gone = values.n == 0;
        }
    }
    return NULL;
}

static err delete_now(const struct removal *m, const struct resource *r, const struct where *w,
                      const struct field *last_first, uint64_t *matched)
{
    struct sql s;
    struct written done = {0};
    TRY(write_count_off(m->db, m->arena, r, NULL, w));
    sql_delete(&s, m->arena, r, w, last_first);
    err e = stmt_write(m->db, m->arena, buf_view(&s.text), s.values, s.count, &done);
    if (e != NULL) {
        return write_explain(m->db, m->arena, r, e);
    }
    *matched = done.matched;
    return NULL;
}

/* Numbers one key; false when it was there. */
static bool note(struct arena *a, struct keys *k, struct value key)
{
    if (k->n * 2 >= k->slot_count) {
        k->slot_count = k->slot_count == 0 ? 64 : k->slot_count * 2;
        k->slots = ARENA_ARRAY(a, size_t, k->slot_count);
        for (size_t i = 0; i < k->n; i++) {
            size_t at = (uint64_t)k->list[i].i * 0x9E3779B97F4A7C15U % k->slot_count;
            while (k->slots[at] != 0) {
                at = (at + 1) % k->slot_count;
            }
            k->slots[at] = i + 1;
        }
    }
    size_t at = (uint64_t)key.i * 0x9E3779B97F4A7C15U % k->slot_count;
    for (; k->slots[at] != 0; at = (at + 1) % k->slot_count) {
        if (k->list[k->slots[at] - 1].i == key.i) {
            return false;
        }
    }
    if (k->n == k->room) {
        size_t more = k->room == 0 ? 64 : k->room * 2;
        k->list = arena_grow(a, k->list, sizeof *k->list * k->room, sizeof *k->list * more);
        k->room = more;
    }
    k->slots[at] = k->n + 1;
    k->list[k->n++] = key;
    return true;
}

/* The keys of the rows that w selects and of all that refer to them, directly or not: all are locked. */
static err gather(const struct removal *m, const struct resource *r, const struct field *own,
                  const struct where *w, struct keys *keys, uint64_t *matched)
{
    const struct field *key = field_target(own);
    struct rows found;
    TRY(lock_values(m, r, key, w, &found));
    *matched = found.n;
    for (size_t i = 0; i < found.n; i++) {
        (void)note(m->arena, keys, found.cells[i]);
    }
    for (size_t at = 0; at < keys->n;) {
        size_t n = keys->n - at < BATCH ? keys->n - at : BATCH;
        struct where replies;
        where_among(&replies, own, keys->list + at, n);
        TRY(lock_values(m, r, key, &replies, &found));
        for (size_t i = 0; i < found.n; i++) {
            (void)note(m->arena, keys, found.cells[i]);
        }
        at += n;
    }
    return NULL;
}

static int later_first(const void *a, const void *b)
{
    int64_t x = ((const struct value *)a)->i;
    int64_t y = ((const struct value *)b)->i;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Rows that refer to their own kind: a row is younger than what it refers to, so the youngest go first, and the
 * database finds nothing left to take along. */
static err remove_tree(const struct removal *m, const struct resource *r, const struct field *own,
                       const struct where *w, uint64_t *matched)
{
    struct keys keys = {0};
    TRY(gather(m, r, own, w, &keys, matched));
    if (keys.n == 0) {
        return NULL;
    }
    qsort(keys.list, keys.n, sizeof *keys.list, later_first);
    for (size_t at = 0; at < keys.n; at += BATCH) {
        struct arena_mark mark = arena_mark(m->arena);
        struct where some;
        uint64_t done = 0;
        bool gone = false;
        where_among(&some, field_target(own), keys.list + at, keys.n - at < BATCH ? keys.n - at : BATCH);
        TRY(remove_along(m, r, &some, &gone));
        TRY(delete_now(m, r, &some, field_target(own), &done));
        arena_rewind(m->arena, mark);
    }
    return NULL;
}

static err remove_all(const struct removal *m, const struct resource *r, const struct where *w,
                      uint64_t *matched)
{
    const struct field *own = reference_to_own_kind(r);
    bool gone = false;
    if (own != NULL) {
        return remove_tree(m, r, own, w, matched);
    }
    TRY(remove_along(m, r, w, &gone));
    if (gone) {
        *matched = 0;
        return NULL;
    }
    return delete_now(m, r, w, NULL, matched);
}

err remove_rows(struct db *db, struct arena *a, const struct registry *all, const struct resource *r,
                const struct where *w, uint64_t *matched)
{
    const struct removal m = {db, a, all};
    return remove_all(&m, r, w, matched);
}
