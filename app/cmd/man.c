#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command.h"
#include "cmd/manual.h"

/* What a command that has no text for --help prints as such. */
static str help_of_migrate(struct arena *a)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    if (f == NULL) {
        abort(); /* only when memory is out */
    }
    command_migrate_help(f);
    (void)fclose(f);
    arena_defer(a, free, text);
    return (str){text, n};
}

int command_man(int argc, char *const *argv)
{
    struct arena a;
    struct buf out;
    bool commands_page = argc == 2 && strcmp(argv[1], "quire") == 0;
    if (!commands_page && (argc != 2 || strcmp(argv[1], "quire.conf") != 0)) {
        return command_misused("man", "there are two pages: quire and quire.conf");
    }
    arena_init(&a, 64 << 10);
    buf_init(&out, &a, 64 << 10, 4 << 20);
    if (commands_page) {
        manual_commands(&out, commands, program_version, help_of_migrate(&a));
    } else {
        manual_settings(&out, program_version);
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    arena_free(&a);
    return EXIT_DONE;
}
