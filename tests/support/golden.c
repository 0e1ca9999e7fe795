#include "support/golden.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

enum { GOLDEN_BYTES = 4 << 20 };

static void write_file(const char *path, str text)
{
    FILE *f = fopen(path, "w");
    if (f == NULL || fwrite(text.p, 1, text.n, f) != text.n || fclose(f) != 0) {
        fail_msg("cannot write %s: %s", path, strerror(errno));
    }
    print_message("%s written\n", path);
}

void golden_check(struct arena *a, const char *path, str got)
{
    const char *update = getenv("UPDATE");
    if (update != NULL && *update != '\0') {
        write_file(path, got);
        return;
    }
    str want = {0};
    err e = file_read(a, path, GOLDEN_BYTES, &want);
    if (e != NULL) {
        fail_msg("%.*s (UPDATE=1 writes it)", STR_ARGS(e->detail));
    }
    unsigned line = 1;
    for (size_t i = 0, j = 0; i < got.n || j < want.n; line++) {
        size_t i_end = str_find(got, '\n', i);
        size_t j_end = str_find(want, '\n', j);
        str got_line = str_slice(got, i, i_end);
        str want_line = str_slice(want, j, j_end);
        if (!str_eq(got_line, want_line)) {
            fail_msg("%s:%u differs (UPDATE=1 writes it anew)\ngot  %.*s\nwant %.*s", path, line,
                     STR_ARGS(got_line), STR_ARGS(want_line));
        }
        i = i_end + 1;
        j = j_end + 1;
    }
    assert_int_equal(got.n, want.n);
}
