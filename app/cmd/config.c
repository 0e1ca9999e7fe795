#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command.h"

int command_config(int argc, char *const *argv)
{
    bool example = argc > 1 && strcmp(argv[1], "--example") == 0;
    int known = example ? 2 : 1;
    if (argc > known) {
        return command_misused("config", "config does not know `%s`", argv[known]);
    }
    struct arena a;
    struct buf out;
    arena_init(&a, 16 << 10);
    buf_init(&out, &a, 8 << 10, 1 << 20);
    err e = NULL;
    if (example) {
        settings_print_example(&out);
    } else {
        e = settings_print(&a, environ, ".", &out);
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    int status = e == NULL ? EXIT_DONE : command_failed(e);
    arena_free(&a);
    return status;
}
