#include "migrate/migrate.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "io/hosts.h"
#include "migrate/author.h"
#include "migrate/target.h"

/* -- the verbs -- */

/* What a verb knows, a bit each. */
enum {
    JSON = 1 << 0,
    SQL = 1 << 1,
    VERBOSE = 1 << 2,
    MESSAGE = 1 << 3,
    REV_ID = 1 << 4,
    HEAD = 1 << 5,
    SPLICE = 1 << 6,
    AUTOGENERATE = 1 << 7,
    ALLOW_LOSS = 1 << 8,
    RANGE = 1 << 9,
    INDICATE = 1 << 10,
    CHECK_HEADS = 1 << 11,
    ACCEPT = 1 << 12,
    FORGET = 1 << 13,
    DONE = 1 << 14,
    NOT_DONE = 1 << 15,
    SCRATCH = 1 << 16
};

/* Whether a verb talks to the database. */
enum need { NEVER, ALWAYS, UNLESS_SQL, WHEN_CURRENT };

struct verb {
    const char *name;
    err (*run)(struct session *s);
    unsigned knows;
    enum need database;
    size_t most_words;
    err (*usage_check)(struct session *s); /* before anything is looked at; or NULL */
    const char *usage;                     /* what follows the name */
    const char *summary;
};

/* A range FROM:TO says where the database is, which only a script must be told. */
static err check_no_range(struct session *s, str word)
{
    bool range = str_find(word, ':', 0) < word.n;
    return range && !s->o->sql
               ? session_misused(s, "`%.*s`: a range is for --sql, which cannot look at the database",
                                 STR_ARGS(word))
               : NULL;
}

static str last_part(str word)
{
    size_t colon = str_find(word, ':', 0);
    return colon < word.n ? str_slice(word, colon + 1, word.n) : word;
}

static err check_upgrade(struct session *s)
{
    str word = s->o->word_count > 0 ? s->o->words[0] : STR("head");
    str to = last_part(word);
    if (str_starts(to, STR("-")) || str_eq(to, STR("base"))) {
        return session_misused(s, "upgrade goes forward: `%.*s` is for downgrade", STR_ARGS(to));
    }
    return check_no_range(s, word);
}

static err check_downgrade(struct session *s)
{
    if (s->o->word_count == 0) {
        return session_misused(s, "downgrade wants to be told how far: a revision, `base`, or `-1`");
    }
    str word = s->o->words[0];
    str to = last_part(word);
    if (str_starts(to, STR("+"))) {
        return session_misused(s, "downgrade goes back: `%.*s` is for upgrade", STR_ARGS(to));
    }
    if (s->o->sql && (str_find(word, ':', 0) == word.n || to.n == 0)) {
        return session_misused(s, "downgrade --sql wants FROM:TO: it cannot look where the database is");
    }
    return check_no_range(s, word);
}

static err check_down(struct session *s)
{
    unsigned steps = 1;
    if (s->o->word_count == 0 || target_steps(s->o->words[0], &steps)) {
        return NULL;
    }
    return session_misused(s, "the number of steps down must be a number from 1 to %d, not `%.*s`",
                           (int)TARGET_STEPS_MAX, STR_ARGS(s->o->words[0]));
}

static err check_range(struct session *s)
{
    str range = s->o->range;
    return range.n > 0 && str_find(range, ':', 0) == range.n
               ? session_misused(s, "--rev-range wants FROM:TO, where one may be missing, not `%.*s`",
                                 STR_ARGS(range))
               : NULL;
}

static err check_show(struct session *s)
{
    bool one = s->o->word_count == 1 && !str_starts(s->o->words[0], STR("-"));
    return one ? NULL
               : session_misused(s, "show wants to be told which: a revision, `head`, `heads`, `current`");
}

static err check_stamp(struct session *s)
{
    const struct migrate_options *o = s->o;
    bool good = o->word_count > 0;
    for (size_t i = 0; i < o->word_count; i++) {
        str to = last_part(o->words[i]);
        good = good && !str_starts(to, STR("+")) && !str_starts(to, STR("-"));
        TRY(check_no_range(s, o->words[i]));
    }
    if (o->sql && o->word_count > 1) {
        return session_misused(s, "stamp --sql takes one revision, or FROM:TO");
    }
    return good ? NULL
                : session_misused(s, "stamp wants to be told what: a revision, `head`, `heads` or `base`");
}

static err check_message(struct session *s)
{
    return author_slug(s->a, s->o->message).n > 0
               ? NULL
               : session_misused(s, "--message wants a letter or digit at least: it names the file");
}

static err check_revision(struct session *s)
{
    if (s->o->allow_loss && !s->o->autogenerate) {
        return session_misused(s, "--allow-loss goes with --autogenerate");
    }
    return s->o->message.n > 0 ? check_message(s)
                               : session_misused(s, "revision wants to be told what for: -m \"Add notes\"");
}

static err check_merge(struct session *s)
{
    if (s->o->word_count == 0) {
        return session_misused(s, "merge wants to be told what: two revisions or more, or `heads`");
    }
    if (s->o->allow_loss && !s->o->autogenerate) {
        return session_misused(s, "--allow-loss goes with --autogenerate");
    }
    return s->o->message.n > 0 ? check_message(s) : NULL;
}

static const struct verb verbs[] = {
    {"upgrade", migrate_upgrade, JSON | VERBOSE | SQL, UNLESS_SQL, 1, check_upgrade, "[TARGET]",
     "apply TARGET, else the head, and all that it comes from"},
    {"downgrade", migrate_downgrade, JSON | VERBOSE | SQL, UNLESS_SQL, 1, check_downgrade, "TARGET",
     "take back what comes from TARGET"},
    {"stamp", migrate_stamp, JSON | SQL, UNLESS_SQL, MIGRATE_MAX_WORDS, check_stamp, "TARGET...",
     "record that TARGET and all that it comes from is applied, and nothing else, without running it"},
    {"current", migrate_current, JSON | VERBOSE | CHECK_HEADS, ALWAYS, 0, NULL, "",
     "what the database has: the applied migrations that no applied one comes from"},
    {"history", migrate_history, JSON | VERBOSE | RANGE | INDICATE, WHEN_CURRENT, 0, check_range, "",
     "all migrations, the newest first"},
    {"heads", migrate_heads, JSON | VERBOSE, NEVER, 0, NULL, "", "the migrations that are nobody's parent"},
    {"branches", migrate_branches, JSON | VERBOSE, NEVER, 0, NULL, "",
     "the migrations that are the parent of several"},
    {"show", migrate_show, JSON, WHEN_CURRENT, 1, check_show, "TARGET", "one migration with its statements"},
    {"revision", migrate_revision, JSON | SQL | MESSAGE | REV_ID | HEAD | SPLICE | AUTOGENERATE | ALLOW_LOSS,
     NEVER, 0, check_revision, "-m MESSAGE", "write the file of a new migration"},
    {"merge", migrate_merge, JSON | SQL | MESSAGE | REV_ID, NEVER, MIGRATE_MAX_WORDS, check_merge,
     "HEAD HEAD...", "write a migration that joins heads"},
    {"check", migrate_check, JSON | SQL, ALWAYS, 0, NULL, "",
     "whether all is applied and the tables are as declared; 3 when not"},
    {"up", migrate_upgrade, JSON | VERBOSE | SQL, UNLESS_SQL, 1, check_upgrade, "[TARGET]",
     "upgrade, for short"},
    {"down", migrate_down, JSON | VERBOSE, ALWAYS, 1, check_down, "[N]",
     "downgrade by N migrations, else one"},
    {"status", migrate_status, JSON, ALWAYS, 0, NULL, "", "every migration and whether it is applied"},
    {"repair", migrate_repair, JSON | DONE | NOT_DONE | ACCEPT | FORGET, ALWAYS, 0, NULL, "",
     "what was interrupted, edited or lost: say it, or decide it"},
    {"verify", migrate_verify, JSON | VERBOSE | SCRATCH, ALWAYS, 0, NULL, "",
     "try every migration up, down and up again on a database made for it"},
    {.name = NULL},
};

static const struct verb *find_verb(const char *name)
{
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (strcmp(v->name, name) == 0) {
            return v;
        }
    }
    return NULL;
}

/* -- the options -- */

struct option {
    const char *name;
    const char *brief; /* one letter, or NULL */
    unsigned bit;
    size_t text; /* where in struct migrate_options its value goes, or 0 */
    size_t flag; /* or where true goes */
    const char *help;
};

#define TEXT(member) offsetof(struct migrate_options, member), 0
#define FLAG(member) 0, offsetof(struct migrate_options, member)

static const struct option options[] = {
    {"--json", NULL, JSON, FLAG(json), "print one JSON document for machines"},
    {"--sql", NULL, SQL, FLAG(sql), "print what would be done as SQL, and touch nothing"},
    {"--verbose", "-v", VERBOSE, FLAG(verbose), "tell more: of each migration, or of each statement"},
    {"--message", "-m", MESSAGE, TEXT(message), "what the new migration is for"},
    {"--rev-id", NULL, REV_ID, TEXT(rev_id), "its revision, else the next number"},
    {"--head", NULL, HEAD, TEXT(head), "its parent, else the head"},
    {"--splice", NULL, SPLICE, FLAG(splice), "allow a parent that is no head: a branch begins"},
    {"--autogenerate", NULL, AUTOGENERATE, FLAG(autogenerate),
     "write what makes the database as the tables are declared"},
    {"--allow-loss", NULL, ALLOW_LOSS, FLAG(allow_loss), "also what loses data"},
    {"--rev-range", "-r", RANGE, TEXT(range), "A:B, from A to B, both included"},
    {"--indicate-current", "-i", INDICATE, FLAG(indicate_current), "mark what the database has"},
    {"--check-heads", NULL, CHECK_HEADS, FLAG(check_heads), "exit with 3 when not every head is applied"},
    {"--accept", NULL, ACCEPT, TEXT(accept), "an applied file was edited on purpose"},
    {"--forget", NULL, FORGET, TEXT(forget), "drop the record of a migration"},
    {"--done", NULL, DONE, FLAG(is_done), "the interrupted statement was carried out"},
    {"--not-done", NULL, NOT_DONE, FLAG(is_not_done), "it was not"},
    {"--scratch", NULL, SCRATCH, TEXT(scratch), "the database to try in, made and dropped"},
    {.name = NULL},
};

/* A command line on its way. */
struct reading {
    const struct verb *verb;
    struct migrate_options *o;
    int argc, at; /* at: the argument being read */
    char *const *argv;
};

/* Whether arg is this option. *value: what stands behind it in the same argument, or NULL. */
static bool matches(const struct option *o, const char *arg, const char **value)
{
    size_t n = strlen(o->name);
    *value = NULL;
    if (strncmp(arg, o->name, n) == 0 && (arg[n] == '\0' || arg[n] == '=')) {
        *value = arg[n] == '=' ? arg + n + 1 : NULL;
        return true;
    }
    if (o->brief == NULL || strncmp(arg, o->brief, 2) != 0) {
        return false;
    }
    *value = arg[2] != '\0' ? arg + 2 : NULL;
    return true;
}

static int take_option(struct reading *r, const struct option *o, const char *value)
{
    if ((r->verb->knows & o->bit) == 0) {
        return command_misused("migrate", "migrate %s does not know `%s`", r->verb->name, o->name);
    }
    if (o->text == 0) {
        if (value != NULL) {
            return command_misused("migrate", "`%s` takes no value", o->name);
        }
        *(bool *)((char *)r->o + o->flag) = true;
        return EXIT_DONE;
    }
    if (value == NULL && ++r->at < r->argc) {
        value = r->argv[r->at];
    }
    if (value == NULL || *value == '\0') {
        return command_misused("migrate", "`%s` lacks its value", o->name);
    }
    *(str *)(void *)((char *)r->o + o->text) = str_of(value);
    return EXIT_DONE;
}

static bool is_word(const char *arg)
{
    return arg[0] != '-' || (arg[1] >= '0' && arg[1] <= '9');
}

static int take_argument(struct reading *r)
{
    const char *arg = r->argv[r->at];
    const char *value = NULL;
    for (const struct option *o = options; o->name != NULL; o++) {
        if (matches(o, arg, &value)) {
            return take_option(r, o, value);
        }
    }
    if (!is_word(arg) || r->o->word_count == r->verb->most_words) {
        return command_misused("migrate", "migrate %s does not know `%s`", r->verb->name, arg);
    }
    if (*arg == '\0') {
        return command_misused("migrate", "migrate %s was given an empty argument", r->verb->name);
    }
    r->o->words[r->o->word_count++] = str_of(arg);
    return EXIT_DONE;
}

static int read_arguments(struct reading *r)
{
    int status = EXIT_DONE;
    for (r->at = 2; r->at < r->argc && status == EXIT_DONE; r->at++) {
        status = take_argument(r);
    }
    if (status == EXIT_DONE && r->o->json && r->o->sql) {
        return command_misused("migrate", "`--json` and `--sql` are two answers: ask for one");
    }
    return status;
}

/* -- running one -- */

static int answer(struct session *s, const struct verb *v, err failed)
{
    if (failed != NULL && s->answer == SESSION_MISUSED) {
        return command_misused("migrate", "%.*s", STR_ARGS(failed->detail));
    }
    if (s->json.full && failed == NULL) {
        failed = error_cause(s->a, ERROR_INTERNAL, "the answer is too large");
    }
    if (s->o->json && !s->json.full) {
        str document = session_document(s, v->name, failed);
        (void)fwrite(document.p, 1, document.n, stdout);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        failed =
            failed != NULL ? failed : error_cause(s->a, ERROR_INTERNAL, "cannot write to standard output");
    }
    if (failed != NULL) {
        return command_failed(failed);
    }
    return s->answer == SESSION_NO ? EXIT_NO : EXIT_DONE;
}

static bool mentions_current(const struct migrate_options *o)
{
    static const str word = STR_INIT("current");
    str range = o->range;
    size_t colon = str_find(range, ':', 0);
    return o->indicate_current || (o->word_count > 0 && str_eq(o->words[0], word)) ||
           str_eq(str_slice(range, 0, colon), word) || str_eq(str_slice(range, colon + 1, range.n), word);
}

static bool connects(const struct verb *v, const struct migrate_options *o)
{
    return v->database == ALWAYS || (v->database == UNLESS_SQL && !o->sql) ||
           (v->database == WHEN_CURRENT && mentions_current(o)) || o->autogenerate;
}

static int run(struct session *s, const struct verb *v)
{
    struct settings settings;
    if (!command_settings(s->a, &settings)) {
        return EXIT_FAILED;
    }
    settings.db_timeout = MIGRATE_DB_TIMEOUT; /* an ALTER TABLE can take its time */
    /* The lock that keeps runners apart is that of one server (GET_LOCK): so all of them go to the same one. */
    settings.db_hosts = hosts_first(settings.db_hosts);
    if (connects(v, s->o) && (s->db = command_connect(s->a, &settings)) == NULL) {
        return EXIT_FAILED;
    }
    s->dir = str_of(command_migrations_dir(s->a, &settings));
    return answer(s, v, v->run(s));
}

static int run_verb(const struct verb *v, const struct migrate_options *o)
{
    struct arena a;
    struct session s;
    arena_init(&a, 64 << 10);
    session_init(&s, NULL, &a, STR(""), o);
    err misuse = v->usage_check == NULL ? NULL : v->usage_check(&s);
    int status = misuse == NULL ? run(&s, v) : answer(&s, v, misuse);
    arena_free(&a);
    return status;
}

/* -- help -- */

static void print_examples(FILE *to)
{
    (void)fputs(
        "\nTARGET is a revision, its file's name or a unique beginning, head, heads, base, +N or -N.\n"
        "One runner at a time: others wait. What was interrupted is gone on with.\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no.\n\n"
        "Examples:\n"
        "  quire migrate upgrade                    bring the database up to date\n"
        "  quire migrate upgrade +1\n"
        "  quire migrate upgrade 0002:head --sql    the script for a database that is at 0002\n"
        "  quire migrate downgrade -1               take the newest back\n"
        "  quire migrate downgrade 0001\n"
        "  quire migrate stamp head                 of a database that was made by other means\n"
        "  quire migrate current --check-heads || echo behind\n"
        "  quire migrate history -r 0002:current\n"
        "  quire migrate heads\n"
        "  quire migrate branches\n"
        "  quire migrate show 0002\n"
        "  quire migrate revision -m 'Add notes' --autogenerate\n"
        "  quire migrate merge -m 'Join notes and tags' heads\n"
        "  quire migrate check --json               in a pipeline\n"
        "  quire migrate up\n"
        "  quire migrate down 2\n"
        "  quire migrate status\n"
        "  quire migrate verify                     before a deployment, as on an empty database\n"
        "  quire migrate repair                     what is amiss; then, say:\n"
        "  quire migrate repair --accept 0002\n",
        to);
}

void command_migrate_help(FILE *to)
{
    (void)fputs(
        "Usage: quire migrate VERB [OPTIONS]\n\n"
        "Applies the files of the migrations folder to the database, takes them back, and tells and writes "
        "their history.\n\n",
        to);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        (void)fprintf(to, "  %s%s%s\n        %s", v->name, *v->usage == '\0' ? "" : " ", v->usage,
                      v->summary);
        const char *before = "\n        ";
        for (const struct option *o = options; o->name != NULL; o++) {
            if ((v->knows & o->bit) != 0) {
                (void)fprintf(to, "%s%s", before, o->name);
                before = " ";
            }
        }
        (void)fputc('\n', to);
    }
    (void)fputs("\nOptions:\n", to);
    for (const struct option *o = options; o->name != NULL; o++) {
        (void)fprintf(to, "  %s%s%-18s %s\n", o->brief != NULL ? o->brief : "  ",
                      o->brief != NULL ? ", " : "  ", o->name, o->help);
    }
    print_examples(to);
}

int command_migrate(int argc, char *const *argv)
{
    struct migrate_options o = {.word_count = 0};
    const struct verb *v = find_verb(argc > 1 ? argv[1] : "");
    if (argc < 2) {
        return command_misused("migrate",
                               "migrate wants to be told what to do: upgrade, downgrade, status …");
    }
    if (strcmp(argv[1], "--help") == 0) {
        command_migrate_help(stdout);
        return EXIT_DONE;
    }
    if (v == NULL) {
        return command_misused("migrate", "migrate does not know `%s`", argv[1]);
    }
    struct reading r = {.verb = v, .o = &o, .argc = argc, .argv = argv};
    int status = read_arguments(&r);
    return status == EXIT_DONE ? run_verb(v, &o) : status;
}
