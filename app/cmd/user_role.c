#include <stdio.h>
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

/* How often a transaction is tried that meets others. */
enum { TRIES = 8 };

/* What was asked for on the command line. */
struct wish {
    const char *verb;
    const char *username, *email, *role;
};

/* What came of it. */
struct outcome {
    str username;
    const char *role;
    bool changed;
};

static int read_arguments(struct wish *w, int argc, char *const *argv)
{
    w->verb = argv[1];
    for (int i = 2; i < argc; i++) {
        const char **to = strcmp(argv[i], "--username") == 0 ? &w->username
                          : strcmp(argv[i], "--email") == 0  ? &w->email
                          : strcmp(argv[i], "--role") == 0   ? &w->role
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
    return w->role == NULL ? command_misused("user", "user %s needs --role", w->verb) : EXIT_DONE;
}

/* A role's name is what the API would take for one. */
static err check_role(struct arena *a, const struct wish *w)
{
    struct value row[ROLE__MAX];
    struct problems problems;
    const struct pair pair = {STR("name"), str_of(w->role)};
    problems_init(&problems, a);
    validate_form(&problems, a, &role_resource, &pair, 1, row);
    return problems_err(&problems);
}

/* An address is looked for as it would have been stored. */
static err find(struct db *db, struct arena *a, const struct wish *w, int64_t *id, str *username)
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
    return account_find(db, a, w->email != NULL, text, id, username);
}

static err give(struct db *db, struct arena *a, const struct wish *w, struct outcome *out)
{
    int64_t id = 0;
    TRY(find(db, a, w, &id, &out->username));
    err e = account_grant(db, a, id, str_of(w->role));
    out->changed = e == NULL;
    if (e != NULL && e->code == ERROR_DUPLICATE) {
        db_rollback(db);
        return NULL;
    }
    return e == NULL ? db_commit(db, a) : e;
}

static err take(struct db *db, struct arena *a, const struct wish *w, struct outcome *out)
{
    int64_t id = 0;
    TRY(find(db, a, w, &id, &out->username));
    err e = account_revoke(db, a, id, str_of(w->role), &out->changed);
    if (e != NULL && e->code == ERROR_LAST_ADMIN) {
        return error_new(a, ERROR_LAST_ADMIN, "%.*s is the last admin who can act, and stays one",
                         STR_ARGS(out->username));
    }
    TRY(e);
    return db_commit(db, a);
}

typedef err change(struct db *db, struct arena *a, const struct wish *w, struct outcome *out);

static err run_change(struct arena *a, struct db *db, const struct wish *w, change *run, struct outcome *out)
{
    for (int tries = 1;; tries++) {
        db_want_transaction(db);
        err e = run(db, a, w, out);
        if (e == NULL) {
            return NULL;
        }
        db_rollback(db);
        if (!db_contended(e) || tries == TRIES) {
            return e;
        }
    }
}

static int change_role(int argc, char *const *argv, change *run, struct outcome *out, struct arena *a)
{
    struct wish w = {0};
    struct settings s;
    int status = read_arguments(&w, argc, argv);
    if (status != EXIT_DONE) {
        return status;
    }
    out->role = w.role;
    err e = check_role(a, &w);
    if (e != NULL) {
        return user_say_problems(e);
    }
    if (!command_settings(a, &s)) {
        return EXIT_FAILED;
    }
    struct db *db = command_connect_whole(a, &s);
    if (db == NULL) {
        return EXIT_FAILED;
    }
    e = run_change(a, db, &w, run, out);
    return e == NULL ? EXIT_DONE : command_failed(e);
}

int user_grant(int argc, char *const *argv)
{
    struct arena a;
    struct outcome out = {0};
    arena_init(&a, 16 << 10);
    int status = change_role(argc, argv, give, &out, &a);
    if (status == EXIT_DONE) {
        (void)printf("%.*s %s the role %s\n", STR_ARGS(out.username),
                     out.changed ? "now holds" : "already holds", out.role);
    }
    arena_free(&a);
    return status;
}

int user_revoke(int argc, char *const *argv)
{
    struct arena a;
    struct outcome out = {0};
    arena_init(&a, 16 << 10);
    int status = change_role(argc, argv, take, &out, &a);
    if (status == EXIT_DONE && out.changed) {
        (void)printf("%.*s no longer holds the role %s\n", STR_ARGS(out.username), out.role);
    } else if (status == EXIT_DONE) {
        (void)fprintf(stderr, "quire: %.*s does not hold the role %s\n", STR_ARGS(out.username), out.role);
        status = EXIT_FAILED;
    }
    arena_free(&a);
    return status;
}
