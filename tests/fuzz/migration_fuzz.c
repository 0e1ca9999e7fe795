/* migration and split: whatever the file, it is refused with reasons, or its statements lie in it in their order and
 * split the same when they are put together again. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "fuzz.h"
#include "migrate/migration.h"

static void check_split(struct arena *a, str text)
{
    struct statements list;
    struct statements again;
    struct split_problem why = {.line = 0};
    if (!split_sql(a, text, 1, &list, &why)) {
        HOLD(why.line > 0 && why.sentence.n > 0);
        return;
    }
    struct buf out;
    buf_init(&out, a, 256, 1 << 20);
    buf_lit(&out, "DELIMITER fuzz!delimiter\n");
    const char *at = text.p;
    for (size_t i = 0; i < list.n; i++) {
        str one = list.items[i].text;
        HOLD(one.n > 0 && one.p >= at && one.p + one.n <= text.p + text.n);
        at = one.p + one.n;
        buf_str(&out, one);
        buf_lit(&out, "\nfuzz!delimiter\n");
    }
    if (memmem(text.p, text.n, "fuzz!", 5) != NULL) {
        return;
    }
    HOLD(split_sql(a, buf_view(&out), 1, &again, &why) && again.n == list.n);
    for (size_t i = 0; i < list.n; i++) {
        HOLD(str_eq(list.items[i].text, again.items[i].text) && list.items[i].kind == again.items[i].kind);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 4096);
    str text = {(const char *)data, size};
    struct migration m;
    err failed = migration_parse(&a, STR("dir/0001_x.sql"), text, &m);
    if (failed == NULL) {
        HOLD(str_eq(m.revision, STR("0001")) && m.checksum.n == 64 &&
             m.parent_count <= MIGRATION_MAX_PARENTS);
        HOLD(m.up.n == 0 || m.down.n > 0 || m.irreversible);
    } else {
        HOLD(failed->detail.n > 0 && text_is_utf8(failed->detail));
    }
    check_split(&a, text);
    arena_free(&a);
    return 0;
}
