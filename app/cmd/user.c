#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "cmd/command.h"
#include "cmd/user.h"
#include "engine/validate.h"
#include "http/account.h"
#include "http/audit.h"
#include "io/db.h"
#include "models/account.h"
#include "models/role.h"
#include "models/user.h"

/* What was asked for on the command line. */
struct wish {
    const char *username;
    const char *email;
    bool admin;
};

/* The rules are those of the API: the same form, the same sentences. */
static err check_account(struct arena *a, const struct wish *w, str password, struct value *row)
{
    struct problems problems;
    const struct pair pairs[] = {{STR("username"), str_of(w->username)},
                                 {STR("email"), str_of(w->email)},
                                 {STR("password"), password}};
    problems_init(&problems, a);
    validate_form(&problems, a, &register_form, pairs, sizeof pairs / sizeof pairs[0], row);
    return problems_err(&problems);
}

/* The first line of standard input, without its end. */
static bool read_password(struct arena *a, str *out)
{
    char line[512];
    if (fgets(line, sizeof line, stdin) == NULL) {
        return false;
    }
    *out = str_copy(a, (str){line, strcspn(line, "\r\n")});
    explicit_bzero(line, sizeof line);
    return true;
}

static err create(struct db *db, struct arena *a, const struct settings *s, const struct wish *w,
                  const struct value *form, int64_t *id)
{
    struct value row[USER__MAX] = {
        [USER_USERNAME] = form[REGISTER_USERNAME], [USER_EMAIL] = form[REGISTER_EMAIL]};
    db_want_transaction(db);
    TRY(account_create(db, a, (unsigned)s->bcrypt_cost, row, form[REGISTER_PASSWORD].text, id));
    TRY(audit_note_local(db, a, AUDIT_USER_CREATED, *id, (str){0}));
    if (w->admin) {
        TRY(account_grant(db, a, *id, STR(ROLE_ADMIN)));
    }
    return db_commit(db, a);
}

/* The `msg` of every problem, a line each. */
int user_say_problems(err e)
{
    struct arena a;
    struct json *list = NULL;
    struct json_failure why;
    arena_init(&a, 4096);
    if (e->problems.n == 0 || json_read(&a, e->problems, &json_default_limits, &list, &why) != JSON_READ_OK) {
        arena_free(&a);
        return command_failed(e);
    }
    for (const struct json *p = list->first; p != NULL; p = p->next) {
        const struct json *loc = json_member(p, STR("loc"));
        const struct json *field = loc->first->next;
        (void)fprintf(stderr, "quire: %.*s: %.*s\n", STR_ARGS(field->text),
                      STR_ARGS(json_member(p, STR("msg"))->text));
    }
    arena_free(&a);
    return EXIT_FAILED;
}

static int run_create(struct arena *a, const struct wish *w)
{
    struct settings s;
    struct value form[REGISTER__MAX];
    str password = {0};
    int64_t id = 0;
    if (!read_password(a, &password)) {
        return command_misused("user", "the password is read from the first line "
                                       "of standard input, which is empty");
    }
    err e = check_account(a, w, password, form);
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
    e = create(db, a, &s, w, form, &id);
    if (e != NULL) {
        db_rollback(db);
        return command_failed(e);
    }
    (void)printf("created user %lld%s\n", (long long)id, w->admin ? ", an admin" : "");
    return EXIT_DONE;
}

static int user_create(int argc, char *const *argv)
{
    struct wish w = {0};
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--admin") == 0) {
            w.admin = true;
        } else if (strcmp(argv[i], "--username") == 0 && i + 1 < argc) {
            w.username = argv[++i];
        } else if (strcmp(argv[i], "--email") == 0 && i + 1 < argc) {
            w.email = argv[++i];
        } else {
            return command_misused("user", "user create does not know `%s`, or it lacks its value", argv[i]);
        }
    }
    if (w.username == NULL || w.email == NULL) {
        return command_misused("user", "user create needs --username and --email");
    }
    struct arena a;
    arena_init(&a, 16 << 10);
    int status = run_create(&a, &w);
    arena_free(&a);
    return status;
}

int command_user(int argc, char *const *argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char *const *argv);
    } verbs[] = {{"create", user_create},
                 {"grant", user_grant},
                 {"revoke", user_revoke},
                 {"delete", user_delete},
                 {"list", user_list}};
    if (argc < 2) {
        return command_misused("user",
                               "user wants to be told what to do: create, grant, revoke, delete or list");
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].run(argc, argv);
        }
    }
    return command_misused("user", "user does not know `%s`", argv[1]);
}
