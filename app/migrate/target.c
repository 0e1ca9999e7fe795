#include "migrate/target.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

enum { CANDIDATES = 8, SENTENCE_BYTES = 4096 };

bool target_steps(str text, unsigned *out)
{
    uint64_t n = 0;
    if (!str_to_uint(text, &n) || n == 0 || n > TARGET_STEPS_MAX) {
        return false;
    }
    *out = (unsigned)n;
    return true;
}

/* "a, b and 3 more": the migrations of a set. */
static str names(struct arena *a, const struct graph *g, const bool *in)
{
    struct buf b;
    size_t n = 0;
    buf_init(&b, a, 256, SENTENCE_BYTES);
    for (size_t i = 0; i < g->n; i++) {
        if (in[i] && n++ < CANDIDATES) {
            buf_printf(&b, "%s%.*s", n == 1 ? "" : ", ", STR_ARGS(g->items[i].name));
        }
    }
    if (n > CANDIDATES) {
        buf_printf(&b, " and %zu more", n - CANDIDATES);
    }
    return buf_view(&b);
}

static bool contains(str text, str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++) {
        if (str_eq_nocase(str_slice(text, i, i + part.n), part)) {
            return true;
        }
    }
    return false;
}

static err unknown(struct arena *a, const struct graph *g, str word)
{
    bool *alike = ARENA_ARRAY(a, bool, g->n);
    bool *heads = ARENA_ARRAY(a, bool, g->n);
    bool any = false;
    for (size_t i = 0; i < g->n; i++) {
        alike[i] = word.n > 0 && contains(g->items[i].name, word);
        heads[i] = graph_is_head(g, i);
        any = any || alike[i];
    }
    str shown = text_repair(a, str_slice(word, 0, MIGRATION_NAME_BYTES));
    if (g->n == 0) {
        return error_new(a, ERROR_NOT_FOUND, "there is no migration `%.*s`: there are none at all",
                         STR_ARGS(shown));
    }
    str list = names(a, g, any ? alike : heads);
    return error_new(a, ERROR_NOT_FOUND, "there is no migration `%.*s`; %s %.*s", STR_ARGS(shown),
                     any ? "perhaps" : "the newest is", STR_ARGS(list));
}

/* Whoever is called exactly that; g->n when nobody is. */
static size_t exactly(const struct graph *g, str word)
{
    static const str suffix = STR_INIT(".sql");
    for (size_t slash = str_find(word, '/', 0); slash < word.n; slash = str_find(word, '/', 0)) {
        word = str_slice(word, slash + 1, word.n);
    }
    if (word.n > suffix.n && str_eq(str_slice(word, word.n - suffix.n, word.n), suffix)) {
        word = str_slice(word, 0, word.n - suffix.n);
    }
    size_t i = graph_find(g, word);
    for (size_t j = 0; i == g->n && j < g->n; j++) {
        i = str_eq(g->items[j].name, word) ? j : i;
    }
    return i;
}

err target_one(struct arena *a, const struct graph *g, str word, size_t *out)
{
    size_t found = exactly(g, word);
    bool *begin = ARENA_ARRAY(a, bool, g->n);
    size_t n = 0;
    if (str_eq(word, STR("head")) && found == g->n) {
        TRY(graph_one_head(a, g, &found));
    }
    for (size_t i = 0; found == g->n && word.n > 0 && i < g->n; i++) {
        begin[i] = str_starts(g->items[i].name, word);
        n += begin[i] ? 1 : 0;
    }
    if (n > 1) {
        str list = names(a, g, begin);
        return error_new(a, ERROR_CONFLICT, "`%.*s` may be each of %.*s: write more of it", STR_ARGS(word),
                         STR_ARGS(list));
    }
    for (size_t i = 0; n == 1 && i < g->n; i++) {
        found = begin[i] ? i : found;
    }
    if (found == g->n) {
        return unknown(a, g, word);
    }
    *out = found;
    return NULL;
}

err target_read(struct arena *a, const struct graph *g, str word, struct target *out)
{
    struct target t = {.kind = TARGET_SET, .in = ARENA_ARRAY(a, bool, g->n)};
    bool forward = str_starts(word, STR("+"));
    if (forward || str_starts(word, STR("-"))) {
        t.kind = forward ? TARGET_FORWARD : TARGET_BACK;
        if (!target_steps(str_slice(word, 1, word.n), &t.steps)) {
            return error_new(a, ERROR_NOT_FOUND, "after + and - stands a number from 1 to %d, not `%.*s`",
                             (int)TARGET_STEPS_MAX, STR_ARGS(str_slice(word, 1, MIGRATION_NAME_BYTES)));
        }
    } else if (str_eq(word, STR("heads"))) {
        for (size_t i = 0; i < g->n; i++) {
            t.in[i] = graph_is_head(g, i);
        }
    } else if (!str_eq(word, STR("base"))) {
        size_t i = 0;
        bool nothing = str_eq(word, STR("head")) && g->n == 0;
        if (!nothing) {
            TRY(target_one(a, g, word, &i));
            t.in[i] = true;
        }
    }
    *out = t;
    return NULL;
}
