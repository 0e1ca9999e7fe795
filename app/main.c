/* quire: the backend of a publishing community. This file finds the subcommand;
 * app/cmd has one file for each. */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

const char *const installed_migrations_dir = QUIRE_MIGRATIONS_DIR;
const char *const installed_mail_templates = QUIRE_MAIL_TEMPLATES;
const char *const program_version = QUIRE_VERSION;

const struct command commands[] = {
    {"serve", command_serve, "serve the API by FastCGI",
     "Usage: quire serve\n\n"
     "Serves the API to a web server by FastCGI, with a pool of worker "
     "processes. The listening socket is file\n"
     "descriptor 0 when that listens (spawn-fcgi, multiwatch, systemd), else "
     "the one that LISTEN names.\n\n"
     "Signals: TERM finishes what is in flight and stops, HUP replaces the "
     "workers one after another, USR1 opens\n"
     "the log file again.\n\n"
     "Examples:\n"
     "  quire serve\n"
     "  LISTEN=127.0.0.1:9000 WORKERS=8 quire serve\n"
     "  spawn-fcgi -n -s /run/quire.sock -- /usr/local/bin/quire serve\n"},
    {"man", command_man, NULL,
     "Usage: quire man quire | quire.conf\n\nPrints a manual page as it is installed, for man(1).\n\n"
     "Example:\n  quire man quire | man -l -\n"},
    {"worker", command_worker, NULL,
     "Usage: quire worker\n\nWhat the workers of a pool are forked from; `quire serve` "
     "starts it.\n"},
    {"work", command_work, "compose the tweet threads that people have asked for, and send mails",
     "Usage: quire work\n\n"
     "Takes the threads that are wanted from the database and composes them, WORK_PROCESSES at once; one "
     "process more\n"
     "sends the mails (SMTP_URL). Any number of them may run, on any number of machines. Without one, "
     "requests for\n"
     "threads are answered 202 and wait, and so do mails.\n\n"
     "Signals: TERM stops; what is being composed goes back and is taken by the next. HUP replaces the "
     "processes one\n"
     "after another, USR1 opens the log file again.\n\n"
     "Examples:\n"
     "  quire work\n"
     "  COMPOSER=openai OPENAI_BASE_URL=http://127.0.0.1:8081/v1 OPENAI_MODEL=llama quire work\n"},
    {"job-worker", command_job_worker, NULL,
     "Usage: quire job-worker\n\nWhat the processes of `quire work` are forked from, which starts it.\n"},
    {"migrate", command_migrate, "bring the database's schema up or down, and tell and write its history",
     NULL},
    {"config", command_config, "print the settings in force and where each comes from",
     "Usage: quire config [--example]\n\n"
     "Prints every setting in force and where it comes from; secrets are "
     "masked. --example prints a commented\n"
     ".env file instead.\n\n"
     "Examples:\n"
     "  quire config\n"
     "  quire config --example >.env\n"},
    {"check-config", command_check_config, "say whether the settings are right",
     "Usage: quire check-config\n\n"
     "Reads the settings as `quire serve` does, and says everything that is wrong, a line each: the setting, "
     "the "
     "file\nand line or the environment, and what is allowed. It touches no database. Exit status 0 when all "
     "is "
     "right, else 1.\n\n"
     "Examples:\n"
     "  quire check-config\n"
     "  QUIRE_CONF=/etc/quire/quire.conf POOL_NAME=login quire check-config\n"},
    {"doctor", command_doctor, "look whether everything is well, and say what to do",
     "Usage: quire doctor [--json] [--socket ADDRESS]...\n\n"
     "Looks at the settings, keys and files, the database with its limits, schema and clock, the machine's "
     "limits and\n"
     "disk, the pool and the work behind it, and prints a line each: ok, warning or problem (skipped, where "
     "another\n"
     "problem hides it), and what to do. It changes nothing. The pool is asked on LISTEN, or on every "
     "--socket, "
     "of which\n"
     "there may be 8; one that has a socket for each worker, as the pool `read`, on all of them. Run it as "
     "the "
     "user that\n"
     "runs quire. Exit status 1 when there is a problem, else 0.\n\n"
     "Examples:\n"
     "  quire doctor\n"
     "  quire doctor --json --socket unix:/run/quire/web.sock --socket unix:/run/quire/read.sock\n"},
    {"schema", command_schema, "print the declared tables as SQL",
     "Usage: quire schema\n\n"
     "Prints the CREATE TABLE statements of the tables that this program "
     "declares. It touches no database.\n\n"
     "Example:\n"
     "  quire schema | less\n"},
    {"routes", command_routes, "list what can be asked, and who may",
     "Usage: quire routes\n\n"
     "Prints every route, a line each: method, path below the default BASE_PATH, who may use it, which "
     "pool nginx\n"
     "asks for it, and who may keep an answer to somebody who does not say who they are. It touches no "
     "database.\n\n"
     "  open       anybody; a token is not looked at\n"
     "  read       anybody while PUBLIC_READ is on, else who is signed in\n"
     "  user       who is signed in; often only the owner of the thing, or an admin\n"
     "  moderator  who holds the role `moderator` or `admin`\n"
     "  admin      who holds the role `admin`\n\n"
     "  web        reads and writes\n"
     "  read       a short read: where there is no such pool, or the list counts, searches, filters, skips "
     "or\n"
     "             includes, web answers\n"
     "  login      hashes a password\n"
     "  long       waits for a tweet thread\n\n"
     "  public     everybody, for a moment: the cache of nginx does\n"
     "  minutes    everybody, for five minutes\n"
     "  private    the client alone, who asks each time whether it is still good\n"
     "  never      nobody\n\n"
     "Examples:\n"
     "  quire routes\n"
     "  quire routes | grep -v ^GET\n"},
    {"openapi", command_openapi, "print the OpenAPI document",
     "Usage: quire openapi\n\n"
     "Prints the OpenAPI 3.1 document of the API, the same bytes that /openapi.json gives with the settings "
     "in\n"
     "force: BASE_PATH, PUBLIC_READ and REQUIRE_IF_MATCH are in it. It touches no database.\n\n"
     "Examples:\n"
     "  quire openapi >openapi.json\n"
     "  quire openapi | python3 -m json.tool | less\n"},
    {"user", command_user, "create, list and delete accounts, grant and revoke roles",
     "Usage: quire user create --username NAME --email ADDRESS [--admin]\n"
     "       quire user grant --email ADDRESS | --username NAME --role ROLE\n"
     "       quire user revoke --email ADDRESS | --username NAME --role ROLE\n"
     "       quire user delete --email ADDRESS | --username NAME\n"
     "       quire user list [--role ROLE] [--limit N]\n\n"
     "create makes an account; its password is the first line of standard input. --admin gives it the role\n"
     "`admin`. grant gives a role, which is made when there is none of that name; revoke takes it, but the "
     "last\n"
     "admin stays one. Rights come with the roles `admin` and `moderator`, from the next request on. delete\n"
     "does what DELETE /users/{id} does, at once and for good, but each statement may take an hour: for who "
     "has\n"
     "written or voted more than DB_TIMEOUT lets a request delete. list prints a table by id: id, username, "
     "e-mail address, "
     "whether\n"
     "the account is active, roles, when it was made.\n\n"
     "Examples:\n"
     "  echo \"$PASSWORD\" | quire user create --username ada --email ada@example.com --admin\n"
     "  quire user grant --email grace@example.com --role moderator\n"
     "  quire user revoke --username grace --role moderator\n"
     "  quire user delete --email grace@example.com\n"
     "  quire user list --role admin\n"},
    {"audit", command_audit, "show who logged in, failed to, and changed rights; drop what is old",
     "Usage: quire audit [--event NAME] [--user USER] [--since TIME] [--limit N] [--json]\n"
     "       quire audit prune [--before TIME]\n\n"
     "Prints security events, the newest first, 100 unless --limit says another number: number, time, event, "
     "who\n"
     "did it, whose account it was done to, the network it came from, and what else there is to say. USER is "
     "a\n"
     "number, an e-mail address or a username, and is looked for on both sides; TIME is as "
     "2026-01-31T12:00:00Z.\n"
     "--json prints a JSON object each line, as GET /audit shows it.\n\n"
     "prune drops the events that are older than AUDIT_KEEP_DAYS, or from before TIME.\n\n"
     "Examples:\n"
     "  quire audit --event login_failed --since 2026-01-31T00:00:00Z\n"
     "  quire audit --user ada --json | head\n"
     "  quire audit prune\n"},
    {"backup", command_backup, "write the whole database into one file",
     "Usage: quire backup FILE\n\n"
     "Writes every table as it is at one moment, by the database's own dump program, compressed and with a "
     "checksum.\nThe site may go on meanwhile; no migration runs. FILE must not be there yet; it gets its "
     "name "
     "when it is complete\nand on the disk, and can be read by its owner alone. MEDIA_DIR is not in it: copy "
     "that "
     "folder afterwards.\n\n"
     "Examples:\n"
     "  quire backup /var/backups/quire-$(date +%F).backup\n"},
    {"restore", command_restore, "fill the database from a backup",
     "Usage: quire restore [--replace] FILE\n\n"
     "Checks the file's checksum, then fills the database and counts the rows of every table. A database "
     "that is "
     "not\nempty is refused; with --replace all that it holds goes. It is also refused while others are "
     "connected, "
     "and\nfor a backup with a migration that this program does not know. When a restore does not come to "
     "its end, "
     "the\ndatabase says so, and `quire serve` does not start on it.\n\n"
     "Examples:\n"
     "  quire restore /var/backups/quire-2026-01-31.backup\n"
     "  quire restore --replace quire.backup && quire migrate up\n"},
    {"seed", command_seed, "fill the database with a made-up community",
     "Usage: quire seed [--users N] [--tags N] [--posts N] [--comments N] [--votes N] [--books N]\n"
     "                  [--reviews N] [--microposts N] [--seed N] [--password TEXT] [--append] [--yes]\n"
     "       quire seed --from FILE [--password TEXT] [--yes]\n\n"
     "Makes a community of any size (each N up to 100000000), for demos and benchmarks: people with "
     "profiles,\n"
     "posts with tags, votes and threads of comments, books with reviews, microposts. The same arguments "
     "and\n"
     "the same --seed (1) give the same rows. Everybody has the same --password (Paper-Lantern-7).\n\n"
     "With --from a JSON file tells a small one: who the people are, and what they wrote, how long ago\n"
     "(scripts/demo.d/community.json is one).\n\n"
     "A database that holds users is refused, unless --append adds behind them; so is APP_ENV=production\n"
     "without --yes. Nobody else should write meanwhile. Interrupted, it says what is there: what is "
     "committed\n"
     "is whole, and its counters are right.\n\n"
     "Examples:\n"
     "  quire seed --users 100 --posts 1000 --comments 5000 --votes 8000 --tags 50\n"
     "  quire seed --users 10000 --posts 1000000\n"
     "  quire seed --append --users 50 --books 200 --reviews 3000 --seed 7\n"},
    {NULL, NULL, NULL, NULL},
};

static void print_help(FILE *to)
{
    (void)fputs("Usage: quire COMMAND [ARGUMENTS]\n\nThe backend of a publishing "
                "community.\n\nCommands:\n",
                to);
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (c->summary != NULL) {
            (void)fprintf(to, "  %-13s %s\n", c->name, c->summary);
        }
    }
    (void)fputs("\n`quire COMMAND --help` tells more. `quire --version` prints "
                "the version.\n\n"
                "Settings come from the environment, then .env.$APP_ENV, then "
                ".env: see `quire config --example`.\n"
                "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no.\n\n"
                "Example:\n  quire migrate up && quire serve\n",
                to);
}

static bool asks_for_help(int argc, char *const *argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    if (*QUIRE_CONF_FILE != '\0') {
        (void)setenv("QUIRE_CONF", QUIRE_CONF_FILE, 0); /* a package has its file in one place */
    }
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("quire " QUIRE_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    const struct command *c = command_find(argv[1]);
    if (c == NULL) {
        return command_misused("", "there is no command `%s`", argv[1]);
    }
    if (asks_for_help(argc - 2, argv + 2)) {
        char help[] = "--help";
        char *const asked[] = {argv[1], help, NULL};
        if (c->help == NULL) {
            return c->run(2, asked);
        }
        (void)fputs(c->help, stdout);
        return EXIT_DONE;
    }
    return c->run(argc - 1, argv + 1);
}
