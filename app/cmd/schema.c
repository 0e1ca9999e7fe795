#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command.h"
#include "engine/ddl.h"
#include "models/all.h"

int command_schema(int argc, char *const *argv)
{
    if (argc > 1) {
        return command_misused("schema", "schema takes no arguments, but there is `%s`", argv[1]);
    }
    struct arena a;
    struct buf out;
    arena_init(&a, 16 << 10);
    buf_init(&out, &a, 8 << 10, 1 << 20);
    err e = schema_check(&a, &models);
    for (size_t i = 0; e == NULL && i < models.count; i++) {
        struct table t;
        ddl_describe(&a, models.resources[i], &t);
        table_put_create(&out, &t);
        buf_lit(&out, ";\n\n");
    }
    int status = e == NULL ? EXIT_DONE : command_failed(e);
    (void)fwrite(out.p, 1, out.n, stdout);
    arena_free(&a);
    return status;
}
