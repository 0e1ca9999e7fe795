#include "http/openapi.h"

#include <stdio.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "controllers/all.h"

str command_openapi_text(struct arena *a, const struct settings *s)
{
    const struct openapi_source source = {program_version, s, controllers, bare_controllers};
    return openapi_make(a, &source);
}

/* The same bytes that /openapi.json gives with these settings. */
int command_openapi(int argc, char *const *argv)
{
    struct arena a;
    struct settings s;
    if (argc > 1) {
        return command_misused("openapi", "openapi takes no arguments, but there is `%s`", argv[1]);
    }
    arena_init(&a, 64 << 10);
    int status = EXIT_FAILED;
    if (command_settings(&a, &s)) {
        str text = command_openapi_text(&a, &s);
        bool written = fwrite(text.p, 1, text.n, stdout) == text.n && fflush(stdout) == 0;
        status = written ? EXIT_DONE : EXIT_FAILED;
    }
    arena_free(&a);
    return status;
}
