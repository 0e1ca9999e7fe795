#include "backup/client.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/db.h"
#include "io/hosts.h"

static const char defaults_file[] = "--defaults-file=" CHILD_SECRET_PATH;

/* A value of an option file, in double quotes, as my_print_defaults reads it back. */
static void put_option(struct buf *b, const char *name, str value)
{
    buf_printf(b, "%s=\"", name);
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '"' || c == '\\') {
            buf_char(b, '\\');
        }
        buf_char(b, c);
    }
    buf_lit(b, "\"\n");
}

/* Where the connection is, not where the settings would have one: both must be with the same server. */
static str options(struct arena *a, const struct db *db)
{
    const struct db_target *t = db_target_of(db);
    const struct host *h = db_host_of(db);
    struct buf b;
    buf_init(&b, a, 1024, 64 << 10);
    buf_lit(&b, "[client]\n");
    put_option(&b, "user", t->user);
    put_option(&b, "password", t->password);
    if (str_starts(h->name, STR("/"))) {
        put_option(&b, "socket", h->name);
        buf_lit(&b, "protocol=socket\n");
    } else {
        put_option(&b, "host", h->name);
        buf_printf(&b, "port=%" PRId64 "\n", h->port); /* no protocol: localhost is a socket for both */
    }
    if (t->ssl_ca.n > 0) {
        put_option(&b, "ssl-ca", t->ssl_ca);
        buf_lit(&b, "ssl-verify-server-cert\n");
    }
    return buf_view(&b);
}

err client_dump(struct arena *a, const struct db *db, const str *tables, size_t n, struct child *out)
{
    static const char *const names[] = {"mariadb-dump", "mysqldump", NULL};
    static const char *const fixed[] = {NULL,
                                        defaults_file,
                                        "--default-character-set=utf8mb4",
                                        "--single-transaction",
                                        "--quick",
                                        "--hex-blob",
                                        "--no-tablespaces",
                                        "--skip-triggers",
                                        "--no-autocommit",
                                        "--skip-dump-date",
                                        "--max-allowed-packet=1G",
                                        "--"};
    enum { FIXED = sizeof fixed / sizeof fixed[0] };
    const char **argv = ARENA_ARRAY(a, const char *, FIXED + 1 + n + 1);
    for (size_t i = 0; i < FIXED; i++) {
        argv[i] = fixed[i];
    }
    argv[FIXED] = str_c(a, db_target_of(db)->name);
    for (size_t i = 0; i < n; i++) {
        argv[FIXED + 1 + i] = str_c(a, tables[i]);
    }
    const struct child_wish w = {.names = names, .argv = argv, .secrets = options(a, db), .speaks = true};
    return child_start(a, &w, out);
}

err client_feed(struct arena *a, const struct db *db, struct child *out)
{
    static const char *const names[] = {"mariadb", "mysql", NULL};
    const char *argv[] = {NULL,
                          defaults_file,
                          "--default-character-set=utf8mb4",
                          "--batch",
                          "--max-allowed-packet=1G",
                          "--",
                          str_c(a, db_target_of(db)->name),
                          NULL};
    const struct child_wish w = {.names = names, .argv = argv, .secrets = options(a, db), .feeds = true};
    return child_start(a, &w, out);
}
