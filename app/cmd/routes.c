#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "conf/table.h"
#include "controllers/all.h"
#include "http/caching.h"

enum { PATH_COLUMN = 40 };

static const char *access_name(enum access access)
{
    static const char *const names[] = {[ACCESS_OPEN] = "open",
                                        [ACCESS_READ] = "read",
                                        [ACCESS_USER] = "user",
                                        [ACCESS_MODERATOR] = "moderator",
                                        [ACCESS_ADMIN] = "admin"};
    return names[access];
}

static void print_all(const struct route *const *arrays, const char *base)
{
    for (; *arrays != NULL; arrays++) {
        for (const struct route *r = *arrays; r->path != NULL; r++) {
            int room = PATH_COLUMN - (int)strlen(base);
            (void)printf("%-6s  %s%-*s  %-9s  %-5s  %s\n", method_name(r->method), base, room, r->path,
                         access_name(r->access), route_pool(r), caching_name(r));
        }
    }
}

/* The base path is the default one: no settings are read, so that this works wherever the program does. */
int command_routes(int argc, char *const *argv)
{
    if (argc > 1) {
        return command_misused("routes", "routes takes no arguments, but there is `%s`", argv[1]);
    }
    print_all(controllers, setting_find(STR("BASE_PATH"))->initial);
    print_all(bare_controllers, "");
    return EXIT_DONE;
}
