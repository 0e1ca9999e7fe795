#include <string.h>

#include "base/arena.h"
#include "base/email.h"
#include "base/text.h"
#include "cmd/command.h"
#include "cmd/user.h"
#include "engine/validate.h"
#include "http/account.h"
#include "io/db.h"
#include "models/role.h"

enum {
    TRIES = 8,          /* how often a transaction is tried that meets others */
    LONG_TIMEOUT = 3600 /* seconds a statement, in place of DB_TIMEOUT, for what may take long */
};

static int read_arguments(struct user_wish *w, bool has_role, int argc, char *const *argv)
{
    w->verb = argv[1];
    for (int i = 2; i < argc; i++) {
        const char **to = strcmp(argv[i], "--username") == 0           ? &w->username
                          : strcmp(argv[i], "--email") == 0            ? &w->email
                          : has_role && strcmp(argv[i], "--role") == 0 ? &w->role
                                                                       : NULL;
        if (to == NULL || i + 1 == argc) {
            return command_misused("user", "user %s does not know `%s`, or it lacks its value", w->verb,
                                   argv[i]);
        }
        *to = argv[++i];
    }
    if ((w->username == NULL) == (w->email == NULL)) {
        return command_misused("user", "user %s needs either --email or --username", w->verb);
    }
    return has_role && w->role == NULL ? command_misused("user", "user %s needs --role", w->verb) : EXIT_DONE;
}

/* A role's name is what the API would take for one. */
static err check_role(struct arena *a, const char *role)
{
    struct value row[ROLE__MAX];
    struct problems problems;
    const struct pair pair = {STR("name"), str_of(role)};
    problems_init(&problems, a);
    validate_form(&problems, a, &role_resource, &pair, 1, row);
    return problems_err(&problems);
}

/* An address is looked for as it would have been stored. */
static err find(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    str text = str_of(w->email != NULL ? w->email : w->username);
    str normal = {0};
    str why = {0};
    if (!text_is_utf8(text)) {
        return error_new(a, ERROR_NOT_FOUND, "what is no UTF-8 is nobody's name");
    }
    if (w->email != NULL && email_check(a, text, &normal, &why)) {
        text = normal;
    }
    TRY(account_find(db, a, w->email != NULL, text, &out->id, &out->username));
    out->username = text_printable(a, out->username); /* for people can put anything into it */
    return NULL;
}

static err change_once(struct db *db, struct arena *a, const struct user_wish *w, user_change *change,
                       struct user_outcome *out)
{
    TRY(find(db, a, w, out));
    err e = change(db, a, w, out);
    if (e != NULL && e->code == ERROR_LAST_ADMIN) {
        return error_new(a, ERROR_LAST_ADMIN, "%.*s is the last admin who can act, and stays one",
                         STR_ARGS(out->username));
    }
    TRY(e);
    return db_commit(db, a);
}

static err change_account(struct db *db, struct arena *a, const struct user_wish *w, user_change *change,
                          struct user_outcome *out)
{
    for (int tries = 1;; tries++) {
        db_want_transaction(db);
        err e = change_once(db, a, w, change, out);
        if (e == NULL) {
            return NULL;
        }
        db_rollback(db);
        if (!db_contended(e) || tries == TRIES) {
            return e;
        }
    }
}

static int change_and_say(struct arena *a, int argc, char *const *argv, const struct user_verb *verb)
{
    struct user_wish wish = {0};
    struct user_outcome out = {0};
    struct settings s;
    int status = read_arguments(&wish, verb->has_role, argc, argv);
    if (status != EXIT_DONE) {
        return status;
    }
    err e = verb->has_role ? check_role(a, wish.role) : NULL;
    if (e != NULL) {
        return user_say_problems(e);
    }
    if (!command_settings(a, &s)) {
        return EXIT_FAILED;
    }
    if (verb->may_take_long) {
        s.db_timeout = LONG_TIMEOUT;
    }
    struct db *db = command_connect_whole(a, &s);
    if (db == NULL) {
        return EXIT_FAILED;
    }
    e = change_account(db, a, &wish, verb->change, &out);
    return e == NULL ? verb->say(&wish, &out) : command_failed(e);
}

int user_change_run(int argc, char *const *argv, const struct user_verb *verb)
{
    struct arena a;
    arena_init(&a, 16 << 10);
    int status = change_and_say(&a, argc, argv, verb);
    arena_free(&a);
    return status;
}
