#include <stdio.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "cmd/user.h"
#include "http/account.h"

static err give(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    err e = account_grant(db, a, out->id, str_of(w->role));
    out->changed = e == NULL;
    return e != NULL && e->code == ERROR_DUPLICATE ? NULL : e; /* nothing was written then */
}

static err take(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    return account_revoke(db, a, out->id, str_of(w->role), &out->changed);
}

int user_grant(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = give, .has_role = true};
    struct arena a;
    struct user_wish w = {0};
    struct user_outcome out = {0};
    arena_init(&a, 16 << 10);
    int status = user_change_run(argc, argv, &verb, &a, &w, &out);
    if (status == EXIT_DONE) {
        (void)printf("%.*s %s the role %s\n", STR_ARGS(out.username),
                     out.changed ? "now holds" : "already holds", w.role);
    }
    arena_free(&a);
    return status;
}

int user_revoke(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = take, .has_role = true};
    struct arena a;
    struct user_wish w = {0};
    struct user_outcome out = {0};
    arena_init(&a, 16 << 10);
    int status = user_change_run(argc, argv, &verb, &a, &w, &out);
    if (status == EXIT_DONE && out.changed) {
        (void)printf("%.*s no longer holds the role %s\n", STR_ARGS(out.username), w.role);
    } else if (status == EXIT_DONE) {
        (void)fprintf(stderr, "quire: %.*s does not hold the role %s\n", STR_ARGS(out.username), w.role);
        status = EXIT_FAILED;
    }
    arena_free(&a);
    return status;
}
