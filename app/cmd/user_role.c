#include <stdio.h>

#include "cmd/command.h"
#include "cmd/user.h"
#include "http/account.h"

static err give(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    err e = account_grant(db, a, out->id, str_of(w->role));
    out->changed = e == NULL;
    return e != NULL && e->code == ERROR_DUPLICATE ? NULL : e; /* nothing was written then */
}

static int say_given(const struct user_wish *w, const struct user_outcome *out)
{
    (void)printf("%.*s %s the role %s\n", STR_ARGS(out->username),
                 out->changed ? "now holds" : "already holds", w->role);
    return EXIT_DONE;
}

int user_grant(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = give, .say = say_given, .has_role = true};
    return user_change_run(argc, argv, &verb);
}

static err take(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    return account_revoke(db, a, out->id, str_of(w->role), &out->changed);
}

static int say_taken(const struct user_wish *w, const struct user_outcome *out)
{
    if (!out->changed) {
        (void)fprintf(stderr, "quire: %.*s does not hold the role %s\n", STR_ARGS(out->username), w->role);
        return EXIT_FAILED;
    }
    (void)printf("%.*s no longer holds the role %s\n", STR_ARGS(out->username), w->role);
    return EXIT_DONE;
}

int user_revoke(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = take, .say = say_taken, .has_role = true};
    return user_change_run(argc, argv, &verb);
}
