#include "support/folder.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

enum { OPEN_AT_ONCE = 8 };

/* nftw() hands nothing through to what it calls. */
static struct {
    const char *end;
    unsigned count;
} looking;

char *folder_make(struct arena *a)
{
    char *path = str_c(a, STR("/tmp/quire-test-XXXXXX"));
    assert_non_null(mkdtemp(path));
    return path;
}

static int look(const char *path, const struct stat *st, int type, struct FTW *at)
{
    size_t n = strlen(path);
    size_t end = strlen(looking.end);
    (void)st;
    (void)at;
    looking.count += type == FTW_F && n >= end && strcmp(path + n - end, looking.end) == 0;
    return 0;
}

unsigned folder_files(const char *path, const char *end)
{
    looking.end = end;
    looking.count = 0;
    assert_int_equal(nftw(path, look, OPEN_AT_ONCE, FTW_PHYS), 0);
    return looking.count;
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void folder_remove(const char *path)
{
    assert_int_equal(nftw(path, take_away, OPEN_AT_ONCE, FTW_PHYS | FTW_DEPTH), 0);
}
