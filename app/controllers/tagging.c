#include "controllers/tagging.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "engine/load.h"
#include "engine/write.h"
#include "http/limit.h"
#include "models/tag.h"

/* A tag that was asked for. */
struct wish {
    str name;
    str fold;
    size_t place;     /* in the body: of two spellings the first counts */
    struct value uid; /* absent: there is none yet */
    bool linked;
};

static int by_fold(const void *a, const void *b)
{
    const struct wish *x = a;
    const struct wish *y = b;
    size_t shorter = x->fold.n < y->fold.n ? x->fold.n : y->fold.n;
    int order = shorter == 0 ? 0 : memcmp(x->fold.p, y->fold.p, shorter);
    order = order != 0 ? order : (x->fold.n > y->fold.n) - (x->fold.n < y->fold.n);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The names of the body, each once, in the order in which everybody takes their locks. */
static size_t read_wishes(struct call *c, struct wish *wishes)
{
    struct value list = c->body[TAG_LINKS_TAGS];
    size_t n = 0;
    for (size_t i = 0; i < list.list.n; i++) {
        str name = list.list.rows[i * TAG_NAME__MAX + TAG_NAME_NAME].text;
        wishes[i] = (struct wish){.name = name, .fold = text_fold(c->arena, name), .place = i};
    }
    qsort(wishes, list.list.n, sizeof *wishes, by_fold);
    for (size_t i = 0; i < list.list.n; i++) {
        if (n == 0 || !str_eq(wishes[n - 1].fold, wishes[i].fold)) {
            wishes[n++] = wishes[i];
        }
    }
    return n;
}

/* Fills in the tags that are there. */
static err find_tags(struct call *c, struct wish *wishes, size_t n)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, &tag_resource);
    unsigned uid = plan_column(&p, &tag_resource.fields[TAG_UID]);
    unsigned fold_of = plan_column(&p, &tag_resource.fields[TAG_NAME_FOLD]);
    for (size_t i = 0; i < TAGS_AT_ONCE; i++) {
        str fold = wishes[i < n ? i : 0].fold;
        where_either(&p.where, 1, &tag_resource.fields[TAG_NAME_FOLD], OP_EQ, value_bytes(fold.p, fold.n));
    }
    TRY(load_rows(c->db, c->arena, &p, &rows));
    for (size_t r = 0; r < rows.n; r++) {
        const struct value *tag = rows.cells + r * rows.columns;
        for (size_t i = 0; i < n; i++) {
            wishes[i].uid = str_eq(tag[fold_of].text, wishes[i].fold) ? tag[uid] : wishes[i].uid;
        }
    }
    return NULL;
}

/* A tag was there and is gone: everything from the start, which makes it anew. */
static err gone_again(struct call *c)
{
    return error_cause(c->arena, ERROR_DEADLOCK, "a tag was deleted while it was put on something");
}

/* Makes the tags that are missing: *made. One that somebody else makes meanwhile is found at the second look. */
static err make_tags(struct call *c, struct wish *wishes, size_t n, int64_t *made)
{
    bool raced = false;
    for (size_t i = 0; i < n; i++) {
        int64_t none = 0;
        struct value row[TAG__MAX] = {[TAG_NAME] = value_text(wishes[i].name)};
        if (wishes[i].uid.kind != VALUE_ABSENT) {
            continue;
        }
        err e = write_insert(c->db, c->arena, &tag_resource, row, &none);
        if (e != NULL && e->code != ERROR_DUPLICATE) {
            return e;
        }
        *made += e == NULL;
        raced = raced || e != NULL;
        wishes[i].uid = e == NULL ? row[TAG_UID] : wishes[i].uid;
    }
    TRY(raced ? find_tags(c, wishes, n) : NULL);
    for (size_t i = 0; i < n; i++) {
        TRY(wishes[i].uid.kind == VALUE_ABSENT ? gone_again(c) : NULL);
    }
    return NULL;
}

/* Marks the tags that are on the thing already. It is locked, so that stays so. */
static err find_links(struct call *c, const struct tagged *t, struct wish *wishes, size_t n)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, t->link);
    (void)plan_column(&p, &t->link->fields[t->far]);
    where_add(&p.where, &t->link->fields[t->near], OP_EQ, c->keys[0]);
    for (size_t i = 0; i < TAGS_AT_ONCE; i++) {
        where_either(&p.where, 1, &t->link->fields[t->far], OP_EQ, wishes[i < n ? i : 0].uid);
    }
    TRY(load_rows(c->db, c->arena, &p, &rows));
    for (size_t r = 0; r < rows.n; r++) {
        for (size_t i = 0; i < n; i++) {
            wishes[i].linked = wishes[i].linked || str_eq(rows.cells[r].text, wishes[i].uid.text);
        }
    }
    return NULL;
}

/* More than are shown nobody would find again. */
static err require_room(struct call *c, const struct tagged *t, const struct wish *wishes, size_t n)
{
    const char *thing = t->crud->resource->name;
    struct plan p;
    int64_t there = 0;
    int64_t more = 0;
    for (size_t i = 0; i < n; i++) {
        more += !wishes[i].linked;
    }
    if (more == 0) {
        return NULL;
    }
    plan_start(&p, t->link);
    where_add(&p.where, &t->link->fields[t->near], OP_EQ, c->keys[0]);
    TRY(load_count(c->db, c->arena, &p, &there));
    return there + more <= TAGS_SHOWN
               ? NULL
               : error_new(c->arena, ERROR_CONFLICT,
                           "a %s has at most %d tags: this one has %lld, and %lld more were sent", thing,
                           TAGS_SHOWN, (long long)there, (long long)more);
}

static err link_tags(struct call *c, const struct tagged *t, const struct wish *wishes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t none = 0;
        struct value row[ROW_MAX_FIELDS] = {{.kind = VALUE_ABSENT}};
        row[t->near] = c->keys[0];
        row[t->far] = wishes[i].uid;
        err e = wishes[i].linked ? NULL : write_insert(c->db, c->arena, t->link, row, &none);
        TRY(e != NULL && e->code == ERROR_CONFLICT ? gone_again(c) : e);
    }
    return NULL;
}

err tagging_add(struct call *c, const struct tagged *t, const struct crud *shown)
{
    struct wish wishes[TAGS_AT_ONCE] = {{.linked = false}};
    size_t n = read_wishes(c, wishes);
    int64_t made = 0;
    TRY(crud_require_writable(c, t->crud, c->keys[0]));
    if (n > 0) {
        TRY(find_tags(c, wishes, n));
        TRY(make_tags(c, wishes, n, &made));
        TRY(find_links(c, t, wishes, n));
        TRY(require_room(c, t, wishes, n));
        TRY(link_tags(c, t, wishes, n));
        TRY(limits_take_made(c, &limit_create_many, made));
    }
    return crud_show(c, shown, c->keys[0]);
}
