#include "cmd/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/held.h"
#include "io/db.h"
#include "migrate/known.h"

const struct command *command_find(const char *name)
{
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

int command_failed(err e)
{
    (void)fprintf(stderr, "quire: %.*s\n", STR_ARGS(error_reason(e)));
    return EXIT_FAILED;
}

int command_misused(const char *command, const char *format, ...)
{
    va_list args;
    (void)fputs("quire: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, "\nTry `quire %s%s--help`.\n", command, *command == '\0' ? "" : " ");
    return EXIT_USAGE;
}

static enum log_level level_of(str name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++) {
        if (str_eq(name, str_of(names[i]))) {
            return (enum log_level)i;
        }
    }
    return LOG_INFO;
}

static err open_logs(struct arena *a, const struct settings *out)
{
    if (out->log_file.n > 0 && !log_open(str_c(a, out->log_file))) {
        return error_cause(a, ERROR_INTERNAL, "cannot open LOG_FILE %.*s: %s", STR_ARGS(out->log_file),
                           strerror(errno));
    }
    return NULL;
}

err command_load(struct arena *a, struct settings *out)
{
    TRY(settings_load(a, environ, ".", out));
    log_set_level(level_of(out->log_level));
    return NULL;
}

err command_load_logged(struct arena *a, struct settings *out)
{
    TRY(command_load(a, out));
    return open_logs(a, out);
}

err command_load_held(struct arena *a, struct held *held, struct settings *out)
{
    TRY(held_open(a, HELD_FD, held));
    TRY(settings_load_held(a, environ, ".", held, out));
    log_set_level(level_of(out->log_level));
    return open_logs(a, out);
}

bool command_settings(struct arena *a, struct settings *out)
{
    err e = command_load(a, out);
    if (e != NULL) {
        (void)command_failed(e);
    }
    return e == NULL;
}

static void free_db(void *db)
{
    db_free(db);
}

struct db *command_connect(struct arena *a, const struct settings *s)
{
    struct db_target *t = ARENA_NEW(a, struct db_target);
    *t = settings_db_target(s);
    struct db *db = db_new(t);
    arena_defer(a, free_db, db);
    err e = db_wait(db, a, NULL);
    if (e != NULL) {
        (void)command_failed(e);
        return NULL;
    }
    return db;
}

struct db *command_connect_whole(struct arena *a, const struct settings *s)
{
    struct db *db = command_connect(a, s);
    err e = db == NULL ? NULL : known_refuse_half_restored(db, a);
    if (e != NULL) {
        (void)command_failed(e);
        return NULL;
    }
    return db;
}

int command_on_database(command_task *task, const void *with)
{
    struct arena a;
    struct settings s;
    arena_init(&a, 64 << 10);
    struct db *db = command_settings(&a, &s) ? command_connect_whole(&a, &s) : NULL;
    err e = db == NULL ? NULL : task(db, &a, &s, with);
    int status = db == NULL ? EXIT_FAILED : e == NULL ? EXIT_DONE : command_failed(e);
    arena_free(&a);
    return status;
}

const char *command_migrations_dir(struct arena *a, const struct settings *s)
{
    if (s->migrations_dir.n > 0) {
        return str_c(a, s->migrations_dir);
    }
    return access("migrations", R_OK | X_OK) == 0 ? "migrations" : installed_migrations_dir;
}

str command_mail_templates(const struct settings *s)
{
    if (s->mail_templates.n > 0) {
        return s->mail_templates;
    }
    return str_of(access("mails", R_OK | X_OK) == 0 ? "mails" : installed_mail_templates);
}
