/*
 * doctor: what `quire doctor` looks at: small functions in tables, one thing each. They change nothing.
 *
 * A check says how it found things, and what to do where they are not well. Secrets are in no sentence. All is in the
 * patient's arena.
 *
 *     static struct finding look_at_disk(struct patient *p) { … return doctor_ok(p, "%s has room", path); }
 */
#ifndef QUIRE_CMD_DOCTOR_H
#define QUIRE_CMD_DOCTOR_H

#include "conf/settings.h"

struct arena;
struct db;

enum verdict { VERDICT_OK, VERDICT_SKIPPED, VERDICT_WARNING, VERDICT_PROBLEM };
enum { DOCTOR_SOCKETS = 8 };

struct finding {
    enum verdict verdict;
    str sentence;
    str advice; /* what to do; empty where all is well */
};

struct patient {
    struct arena *a;
    err unsettled; /* why the settings cannot be read, or NULL */
    struct settings s;
    struct db *db;               /* NULL until it is reached */
    str sockets[DOCTOR_SOCKETS]; /* of --socket; none: LISTEN */
    size_t socket_count;
};

enum needs { NEEDS_NOTHING, NEEDS_SETTINGS, NEEDS_DATABASE };

struct check {
    const char *name;
    enum needs needs; /* without it the check is skipped */
    struct finding (*look)(struct patient *p);
};

/* The checks of a subject, ended by a NULL name: app/cmd/doctor_NAME.c. */
extern const struct check doctor_settings[];
extern const struct check doctor_database[];
extern const struct check doctor_machine[];
extern const struct check doctor_pool[];

/* The check of LOG_FILE, which it does not make: `quire check-config` asks for it, too. */
struct finding doctor_log_file(struct patient *p);

/* Findings, formatted as printf does. */
struct finding doctor_ok(struct patient *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct finding doctor_bad(struct patient *p, enum verdict verdict, const char *advice, const char *format,
                          ...) __attribute__((format(printf, 4, 5)));

#endif
