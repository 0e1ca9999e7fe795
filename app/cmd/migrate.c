#include "migrate/migrate.h"

#include <string.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "io/db.h"

enum { STEPS_MAX = 100000 };

/* What was asked for on the command line. */
struct wish {
    const char *verb;
    unsigned steps;
};

static bool read_steps(const char *text, unsigned *out)
{
    uint64_t n = 0;
    if (!str_to_uint(str_of(text), &n) || n == 0 || n > STEPS_MAX) {
        return false;
    }
    *out = (unsigned)n;
    return true;
}

static err run(struct db *db, struct arena *a, const struct settings *s, const struct wish *w)
{
    str dir = str_of(command_migrations_dir(a, s));
    if (strcmp(w->verb, "up") == 0) {
        return migrate_up(db, a, dir, stderr);
    }
    if (strcmp(w->verb, "down") == 0) {
        return migrate_down(db, a, dir, w->steps, stderr);
    }
    return migrate_status(db, a, dir, stdout);
}

static int run_wish(struct arena *a, const struct wish *w)
{
    struct settings s;
    if (!command_settings(a, &s)) {
        return EXIT_FAILED;
    }
    s.db_timeout = MIGRATE_DB_TIMEOUT; /* an ALTER TABLE can take its time */
    struct db *db = command_connect(a, &s);
    if (db == NULL) {
        return EXIT_FAILED;
    }
    err e = run(db, a, &s, w);
    return e == NULL ? EXIT_DONE : command_failed(e);
}

int command_migrate(int argc, char *const *argv)
{
    struct wish w = {.verb = argc > 1 ? argv[1] : "", .steps = 1};
    bool down = strcmp(w.verb, "down") == 0;
    if (!down && strcmp(w.verb, "up") != 0 && strcmp(w.verb, "status") != 0) {
        return command_misused("migrate", "migrate wants to be told `up`, `down` or `status`");
    }
    if (argc > (down ? 3 : 2)) {
        return command_misused("migrate", "migrate %s does not know `%s`", w.verb, argv[argc - 1]);
    }
    if (argc == 3 && !read_steps(argv[2], &w.steps)) {
        return command_misused("migrate", "the number of steps down must be a number from 1 to %d, not `%s`",
                               STEPS_MAX, argv[2]);
    }
    struct arena a;
    arena_init(&a, 64 << 10);
    int status = run_wish(&a, &w);
    arena_free(&a);
    return status;
}
