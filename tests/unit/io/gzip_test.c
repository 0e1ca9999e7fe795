#include "io/gzip.h"

#include "base/buf.h"
#include "base/rand.h"
#include "support/unit.h"

static err collect(void *with, str piece)
{
    buf_str(with, piece);
    return NULL;
}

static err refuse(void *with, str piece)
{
    (void)piece;
    return with;
}

/* A text through the packer (or the unpacker) in pieces of so many bytes; NULL, or why not. */
static err through(struct gzip *z, str text, size_t size, struct buf *out)
{
    const struct gzip_sink sink = {collect, out};
    buf_init(out, &arena, 1024, 64 << 20);
    for (size_t at = 0; at < text.n; at += size) {
        TRY(gzip_add(z, &arena, str_slice(text, at, at + size), sink));
    }
    return gzip_end(z, &arena, sink);
}

static str long_text(size_t n)
{
    char *p = arena_alloc(&arena, n);
    rand_bytes(p, n / 2); /* does not get smaller, and */
    for (size_t i = n / 2; i < n; i++) {
        p[i] = 'x'; /* does */
    }
    return (str){p, n};
}

static void there_and_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 7, 4096, 1 << 20};
    const str texts[] = {STR(""), STR("x"), long_text(1000), long_text(300000)};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        for (size_t j = i == 3 ? 1 : 0; j < LENGTH(sizes); j++) {
            struct buf packed;
            struct buf plain;
            assert_null(through(gzip_packer(&arena), texts[i], sizes[j], &packed));
            assert_null(through(gzip_unpacker(&arena), buf_view(&packed), sizes[j], &plain));
            check_str(buf_view(&plain), texts[i]);
        }
    }
}

static void what_is_broken_is_refused(void **state)
{
    (void)state;
    struct buf packed;
    struct buf plain;
    assert_null(through(gzip_packer(&arena), STR("some text, some text"), 100, &packed));
    str good = buf_view(&packed);
    const str bad[] = {STR(""), STR("no gzip"), str_slice(good, 0, good.n - 1), str_slice(good, 0, 5),
                       STR("x")};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        err e = through(gzip_unpacker(&arena), bad[i], 100, &plain);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_INVALID);
    }
    for (size_t size = 1; size < 200; size += 60) {
        buf_char(&packed, '!');
        assert_non_null(through(gzip_unpacker(&arena), buf_view(&packed), size, &plain));
    }
}

static void a_sink_that_fails_ends_it(void **state)
{
    (void)state;
    err full = error_new(&arena, ERROR_STORAGE, "full");
    struct gzip *z = gzip_packer(&arena);
    err e = gzip_add(z, &arena, STR("x"), (struct gzip_sink){refuse, (void *)full});
    e = e == NULL ? gzip_end(z, &arena, (struct gzip_sink){refuse, (void *)full}) : e;
    assert_ptr_equal(e, full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(there_and_back), TEST(what_is_broken_is_refused),
                                       TEST(a_sink_that_fails_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
