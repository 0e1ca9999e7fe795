#include "support/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"

struct settings settings_loaded(struct arena *a, const char *folder, char *const *environment)
{
    struct settings s;
    err failed = settings_load(a, environment, folder, &s);
    if (failed != NULL) {
        fail_msg("%.*s", STR_ARGS(failed->detail));
    }
    return s;
}

void check_mistakes(struct arena *a, const char *folder, const char *expected, char *const *environment)
{
    struct settings s = {.db_port = -7};
    err failed = settings_load(a, environment, folder, &s);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INVALID);
    assert_int_equal(s.db_port, -7);
    struct buf out;
    buf_init(&out, a, 256, 1 << 20);
    for (const char *c = expected; *c != '\0'; c++) {
        if (*c == '@') {
            buf_c(&out, folder);
        } else {
            buf_char(&out, *c);
        }
    }
    assert_string_equal(str_c(a, failed->detail), str_c(a, buf_view(&out)));
}
