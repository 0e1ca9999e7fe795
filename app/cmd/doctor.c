#include "cmd/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/command.h"
#include "controllers/all.h"
#include "http/route.h"
#include "models/all.h"

enum { LIFE_BLOCK = 64 << 10, OUT_BYTES = 1 << 20 };

static const struct check *const subjects[] = {doctor_settings, doctor_database, doctor_machine, doctor_pool};
static const char *const words[] = {[VERDICT_OK] = "ok",
                                    [VERDICT_SKIPPED] = "skipped",
                                    [VERDICT_WARNING] = "warning",
                                    [VERDICT_PROBLEM] = "problem"};

__attribute__((format(printf, 2, 0))) static str formatted(struct patient *p, const char *format,
                                                           va_list args)
{
    struct buf b;
    buf_init(&b, p->a, 128, 64 << 10);
    buf_vprintf(&b, format, args);
    return buf_view(&b);
}

struct finding doctor_ok(struct patient *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct finding f = {.verdict = VERDICT_OK, .sentence = formatted(p, format, args)};
    va_end(args);
    return f;
}

struct finding doctor_bad(struct patient *p, enum verdict verdict, const char *advice, const char *format,
                          ...)
{
    va_list args;
    va_start(args, format);
    struct finding f = {.verdict = verdict, .sentence = formatted(p, format, args), .advice = str_of(advice)};
    va_end(args);
    return f;
}

static struct finding examine(struct patient *p, const struct check *c)
{
    if (c->needs != NEEDS_NOTHING && p->unsettled != NULL) {
        return doctor_bad(p, VERDICT_SKIPPED, "", "not without settings");
    }
    if (c->needs == NEEDS_DATABASE && p->db == NULL) {
        return doctor_bad(p, VERDICT_SKIPPED, "", "not without the database");
    }
    return c->look(p);
}

/* A sentence of several lines, as that of wrong settings is, stays one finding. */
static void put_line(struct buf *out, const char *name, const struct finding *f)
{
    buf_printf(out, "%-8s %s: ", words[f->verdict], name);
    for (size_t i = 0; i < f->sentence.n; i++) {
        if (f->sentence.p[i] == '\n') {
            buf_lit(out, "\n         ");
        } else {
            buf_char(out, f->sentence.p[i]);
        }
    }
    if (f->advice.n > 0) {
        buf_printf(out, "\n         -> %.*s", STR_ARGS(f->advice));
    }
    buf_char(out, '\n');
}

static void put_object(struct buf *out, const char *name, const struct finding *f)
{
    buf_printf(out, "{\"check\":\"%s\",\"result\":\"%s\",\"sentence\":", name, words[f->verdict]);
    json_put_dirty(out, f->sentence);
    buf_lit(out, ",\"advice\":");
    json_put_dirty(out, f->advice);
    buf_char(out, '}');
}

static int report(struct patient *p, bool json)
{
    unsigned count[VERDICT_PROBLEM + 1] = {0};
    struct buf out;
    buf_init(&out, p->a, 8 << 10, OUT_BYTES);
    buf_c(&out, json ? "{\"checks\":[" : "");
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        for (const struct check *c = subjects[i]; c->name != NULL; c++) {
            struct finding f = examine(p, c);
            count[f.verdict]++;
            if (json) {
                buf_c(&out, c == doctor_settings ? "" : ",");
                put_object(&out, c->name, &f);
            } else {
                put_line(&out, c->name, &f);
            }
        }
    }
    if (json) {
        buf_printf(&out, "],\"problems\":%u,\"warnings\":%u}\n", count[VERDICT_PROBLEM],
                   count[VERDICT_WARNING]);
    } else {
        buf_printf(&out, "problems: %u, warnings: %u\n", count[VERDICT_PROBLEM], count[VERDICT_WARNING]);
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    return count[VERDICT_PROBLEM] == 0 ? EXIT_DONE : EXIT_FAILED;
}

int command_doctor(int argc, char *const *argv)
{
    struct arena life;
    struct patient p = {.a = &life};
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--socket") == 0 && i + 1 < argc && p.socket_count < DOCTOR_SOCKETS) {
            p.sockets[p.socket_count++] = str_of(argv[++i]);
        } else if (strcmp(argv[i], "--socket") == 0) {
            return command_misused("doctor", "--socket needs an address, at most %d times",
                                   (int)DOCTOR_SOCKETS);
        } else {
            return command_misused("doctor", "doctor does not know `%s`", argv[i]);
        }
    }
    arena_init(&life, LIFE_BLOCK);
    p.unsettled = settings_load(&life, environ, ".", &p.s);
    int status = report(&p, json);
    arena_free(&life);
    return status;
}

/* As far as `quire serve` gets without its database. */
static err check_config(struct arena *a)
{
    struct patient p = {.a = a};
    struct router *router = NULL;
    TRY(command_load(a, &p.s));
    struct finding log = doctor_log_file(&p);
    if (log.verdict == VERDICT_PROBLEM) {
        return error_cause(a, ERROR_INTERNAL, "%.*s", STR_ARGS(log.sentence));
    }
    TRY(schema_check(a, &models));
    return router_new(a, p.s.base_path, controllers, bare_controllers, &router);
}

int command_check_config(int argc, char *const *argv)
{
    struct arena life;
    if (argc > 1) {
        return command_misused("check-config", "check-config takes no arguments, but there is `%s`", argv[1]);
    }
    arena_init(&life, LIFE_BLOCK);
    err e = check_config(&life);
    int status = e == NULL ? EXIT_DONE : command_failed(e);
    if (e == NULL) {
        (void)puts("the settings are right");
    }
    arena_free(&life);
    return status;
}
