/*
 * command: the subcommands of the program: what `quire --help` lists, one file each.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no (of commands that are asked something). An error is
 * one clear sentence on standard error.
 *
 *     const struct command *c = command_find(argv[1]);
 *     return c->run(argc - 1, argv + 1);
 */
#ifndef QUIRE_CMD_COMMAND_H
#define QUIRE_CMD_COMMAND_H

#include <stdio.h>

#include "base/err.h"
#include "conf/settings.h"

struct arena;
struct db;
struct held;

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NO = 3 };

struct command {
    const char *name;
    int (*run)(int argc, char *const *argv); /* argv[0] is the command's name */
    const char *summary;                     /* NULL: not listed */
    const char *help; /* usage and examples; NULL: run() prints it, given --help first */
};

/* Every command, ended by a NULL name. */
extern const struct command commands[];
const struct command *command_find(const char *name);

int command_serve(int argc, char *const *argv);
int command_worker(int argc, char *const *argv);
int command_work(int argc, char *const *argv);
int command_job_worker(int argc, char *const *argv);
int command_migrate(int argc, char *const *argv);
int command_man(int argc, char *const *argv);
int command_config(int argc, char *const *argv);
int command_check_config(int argc, char *const *argv);
int command_doctor(int argc, char *const *argv);
int command_schema(int argc, char *const *argv);
int command_routes(int argc, char *const *argv);
int command_openapi(int argc, char *const *argv);
int command_user(int argc, char *const *argv);
int command_audit(int argc, char *const *argv);
int command_backup(int argc, char *const *argv);
int command_restore(int argc, char *const *argv);
int command_seed(int argc, char *const *argv);

/* What `quire migrate --help` says. */
void command_migrate_help(FILE *to);

/* What the commands share. */

/* Loads the settings; what is logged goes to standard error. A LOG_FILE is left alone: whoever gives a command is often
 * another user than the pools, and a file made for them here would be one that they may not write to. */
MUST_USE err command_load(struct arena *a, struct settings *out);
/* The same for what stays and serves: the log is LOG_FILE, where there is one. */
MUST_USE err command_load_logged(struct arena *a, struct settings *out);
/* The latter in what the workers of a pool are forked from, of what its parent has it hold (conf/held.h): opens that,
 * and leaves it open for what else is to be held. */
MUST_USE err command_load_held(struct arena *a, struct held *held, struct settings *out);
/* As command_load(); false when it said why not on standard error. */
bool command_settings(struct arena *a, struct settings *out);
/* A connection to the database of the settings, or NULL when it said why not. */
struct db *command_connect(struct arena *a, const struct settings *s);
/* The same, for what works on the site's rows: a database that is half restored is refused. */
struct db *command_connect_whole(struct arena *a, const struct settings *s);
/* Loads the settings, connects, and has the task done with `with`; says what failed. Returns an exit status. */
typedef err command_task(struct db *db, struct arena *a, const struct settings *s, const void *with);
int command_on_database(command_task *task, const void *with);
/* Waits until the database answers, and looks at its schema as SCHEMA_CHECK wants it; before a pool is started. The
 * connection is closed again: each process opens its own. *stopped: a signal ended the waiting. ERROR_CONFLICT for a
 * schema that this program does not know. */
MUST_USE err command_await_database(struct arena *life, const struct settings *s, bool *stopped);
/* Says a failure on standard error: "quire: " and its cause, or its sentence where it has none. Returns EXIT_FAILED. */
int command_failed(err e);
/* "quire: sentence" and where help is. Returns EXIT_USAGE. */
int command_misused(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Where the words of mails are: MAIL_TEMPLATES, else ./mails when it is there, else the installed ones. */
str command_mail_templates(const struct settings *s);
/* Where the migrations are: MIGRATIONS_DIR, else ./migrations when it is there, else the installed ones. */
const char *command_migrations_dir(struct arena *a, const struct settings *s);
/* The OpenAPI document for these settings. */
str command_openapi_text(struct arena *a, const struct settings *s);
/* Set by main() from the build: which version this is. */
extern const char *const program_version;
/* Likewise: where `make install` puts the migrations. */
extern const char *const installed_migrations_dir;
extern const char *const installed_mail_templates;

#endif
