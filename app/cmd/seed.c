#include "seed/seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_in.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/progress.h"
#include "engine/validate.h"
#include "io/db.h"
#include "io/media.h"
#include "io/password.h"
#include "models/account.h"
#include "seed/dice.h"

/* A statement of some hundred rows on a slow disk, and an index of words that is written out in between. */
enum { DB_TIMEOUT = 600 };

/* The longest story. */
enum { STORY_MAX = 16 << 20 };

static const char default_password[] = "Paper-Lantern-7";

/* What was asked for on the command line. */
struct wish {
    struct seed_order order;
    const char *password;
    const char *from; /* a story; NULL: made up */
    bool append, yes;
};

/* -- arguments -- */

static int read_count(const char *name, const char *text, uint64_t most, uint64_t *out)
{
    if (!str_to_uint(str_of(text), out) || *out > most) {
        return command_misused("seed", "%s must be a number from 0 to %" PRIu64 ", not `%s`", name, most,
                               text);
    }
    return EXIT_DONE;
}

/* The value of argv[*i], which is behind it. */
static int read_value(struct wish *w, const char *name, const char *text)
{
    uint64_t n = 0;
    if (strcmp(name, "--password") == 0) {
        w->password = text;
        return EXIT_DONE;
    }
    if (strcmp(name, "--from") == 0 && *text != '\0') {
        w->from = text;
        return EXIT_DONE;
    }
    if (strcmp(name, "--seed") == 0) {
        int status = read_count(name, text, UINT32_MAX, &n);
        w->order.seed = n;
        return status;
    }
    for (int kind = 0; kind < SEED__MAX; kind++) {
        if (strcmp(name + 2, seed_name((enum seed_kind)kind)) == 0) {
            int status = read_count(name, text, SEED_MAX_ROWS, &n);
            w->order.counts[kind] = (int64_t)n;
            return status;
        }
    }
    return command_misused("seed", "seed does not know `%s`", name);
}

static int read_arguments(struct wish *w, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--append") == 0) {
            w->append = true;
        } else if (strcmp(argv[i], "--yes") == 0) {
            w->yes = true;
        } else if (strncmp(argv[i], "--", 2) != 0) {
            return command_misused("seed", "seed does not know `%s`", argv[i]);
        } else {
            int status = read_value(w, argv[i], i + 1 < argc ? argv[i + 1] : "");
            if (status != EXIT_DONE) {
                return status;
            }
            i++;
        }
    }
    return EXIT_DONE;
}

static int check_wish(struct arena *a, const struct wish *w)
{
    int64_t all = 0;
    for (int kind = 0; kind < SEED__MAX; kind++) {
        all += w->order.counts[kind];
    }
    if (w->from != NULL && (all > 0 || w->append)) {
        return command_misused(
            "seed",
            "--from begins a community: how much there is, the file says, and --append is not for it");
    }
    if (all == 0 && w->from == NULL) {
        return command_misused("seed", "seed wants to be told how much, as in --users 100 --posts 1000");
    }
    str mistake = seed_mistake(a, &w->order);
    if (mistake.n > 0) {
        return command_misused("seed", "%.*s", STR_ARGS(mistake));
    }
    struct problems problems;
    struct value form[REGISTER__MAX];
    const struct pair pairs[] = {{STR("username"), STR("somebody")},
                                 {STR("email"), STR("somebody@example.com")},
                                 {STR("password"), str_of(w->password)}};
    problems_init(&problems, a);
    validate_form(&problems, a, &register_form, pairs, sizeof pairs / sizeof pairs[0], form);
    return problems.count == 0
               ? EXIT_DONE
               : command_misused("seed", "--password must be a password: 8 characters to 72 bytes");
}

/* -- running -- */

/* One hash for everybody: as many as there are users would take days. */
static err hash_once(struct arena *a, const struct settings *s, struct wish *w)
{
    unsigned char salt[PASSWORD_SALT_BYTES];
    struct dice d;
    dice_start(&d, w->order.seed, UINT32_MAX, 0);
    for (size_t i = 0; i < sizeof salt; i++) {
        salt[i] = (unsigned char)dice_below(&d, 256);
    }
    return password_hash_salted(a, (unsigned)s->bcrypt_cost, str_of(w->password), salt, &w->order.hash);
}

/* "10 users, 1000 posts" */
static str list_done(struct arena *a, const struct seed_watch *w)
{
    struct buf b;
    buf_init(&b, a, 128, 1024);
    for (int kind = 0; kind < SEED__MAX; kind++) {
        if (w->done[kind] > 0) {
            buf_printf(&b, "%s%" PRId64 " %s", b.n == 0 ? "" : ", ", w->done[kind],
                       seed_name((enum seed_kind)kind));
        }
    }
    return b.n == 0 ? STR("nothing") : buf_view(&b);
}

static int say_failure(struct arena *a, err e, const struct seed_watch *w)
{
    str cause = interrupted() ? STR("interrupted") : error_reason(e);
    str there = list_done(a, w);
    (void)fprintf(stderr, "quire: %.*s; what is committed stays and is whole: %.*s%s\n", STR_ARGS(cause),
                  STR_ARGS(there),
                  e->code == ERROR_OUTCOME_UNKNOWN ? "; the last transaction may be there, too" : "");
    return EXIT_FAILED;
}

static int seed(struct db *db, struct arena *a, const struct settings *s, struct wish *w)
{
    struct progress progress;
    int64_t begun = clock_steady();
    if (w->from != NULL) {
        w->order.story.media = media_open(a, s->media_dir);
    }
    interrupt_listen();
    progress_start(&progress, interrupted);
    err e = seed_run(db, a, &w->order, &progress.watch);
    progress_end(&progress);
    if (w->from != NULL) {
        media_close(w->order.story.media);
    }
    if (e != NULL) {
        return say_failure(a, e, &progress.watch);
    }
    double seconds = (double)(clock_steady() - begun) / 1e6;
    str there = list_done(a, &progress.watch);
    (void)printf("seeded %.*s: %" PRId64 " rows in %.1f s, %.0f a second\n", STR_ARGS(there),
                 progress.watch.rows, seconds, (double)progress.watch.rows / seconds);
    return EXIT_DONE;
}

/* The story, and the folder that it lies in. */
static err read_story(struct arena *a, const struct settings *s, struct wish *w)
{
    str text;
    struct json *told = NULL;
    struct json_failure why = {0, "it is not UTF-8"};
    const char *slash = strrchr(w->from, '/');
    TRY(file_read(a, w->from, STORY_MAX, &text));
    if (json_read(a, text, &json_default_limits, &told, &why) != JSON_READ_OK) {
        return error_new(a, ERROR_INVALID, "%s: %s, at character %zu", w->from, why.message, why.position);
    }
    w->order.story.told = told;
    w->order.story.folder = slash == NULL ? STR(".") : (str){w->from, (size_t)(slash - w->from)};
    w->order.story.media_url = s->media_url;
    w->order.story.now = clock_now();
    return NULL;
}

static int refuse(const char *sentence)
{
    (void)fprintf(stderr, "quire: %s\n", sentence);
    return EXIT_FAILED;
}

static int run(struct arena *a, struct wish *w)
{
    struct settings s;
    if (!command_settings(a, &s)) {
        return EXIT_FAILED;
    }
    if (str_eq(s.app_env, STR("production")) && !w->yes) {
        return refuse("APP_ENV is production: made-up people do not belong there, unless --yes says so");
    }
    err unread = w->from == NULL ? NULL : read_story(a, &s, w);
    if (unread != NULL) {
        return command_failed(unread);
    }
    s.db_timeout = DB_TIMEOUT;
    struct db *db = command_connect_whole(a, &s);
    if (db == NULL) {
        return EXIT_FAILED;
    }
    bool found = false;
    err e = seed_find_users(db, a, &found);
    if (e == NULL && found && !w->append) {
        return refuse("the database holds users already: --append adds to them");
    }
    e = e == NULL ? hash_once(a, &s, w) : e;
    return e == NULL ? seed(db, a, &s, w) : command_failed(e);
}

int command_seed(int argc, char *const *argv)
{
    struct wish w = {.order = {.seed = 1}, .password = default_password};
    struct arena a;
    int status = read_arguments(&w, argc, argv);
    if (status != EXIT_DONE) {
        return status;
    }
    arena_init(&a, 64 << 10);
    status = check_wish(&a, &w);
    if (status == EXIT_DONE) {
        status = run(&a, &w);
    }
    arena_free(&a);
    return status;
}
