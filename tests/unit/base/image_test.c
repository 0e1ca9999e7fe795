/* base/image: three whole pictures, and what becomes of them when anything is wrong. */
#include "base/image.h"

#include <string.h>

#include "support/pictures.h"
#include "support/unit.h"

static const struct {
    enum image_type type;
    str bytes;
} whole[] = {
    {IMAGE_PNG, STR_INIT(PICTURE_PNG)},
    {IMAGE_JPEG, STR_INIT(PICTURE_JPEG)},
    {IMAGE_WEBP, STR_INIT(PICTURE_WEBP)},
};

/* A copy of its own size, so that a sanitizer sees what is read behind it. */
static char *copy(str s)
{
    char *p = arena_alloc(&arena, s.n);
    memcpy(p, s.p, s.n);
    return p;
}

static const char *check(enum image_type type, str s)
{
    return image_check(type, (str){copy(s), s.n});
}

static void whole_pictures(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(whole); i++) {
        assert_null(check(whole[i].type, whole[i].bytes));
        /* what stands behind the end is not looked at */
        char *p = arena_zero(&arena, whole[i].bytes.n + 9);
        memcpy(p, whole[i].bytes.p, whole[i].bytes.n);
        assert_null(image_check(whole[i].type, (str){p, whole[i].bytes.n + 9}));
    }
}

static void every_beginning_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(whole); i++) {
        for (size_t n = 0; n < whole[i].bytes.n; n++) {
            assert_non_null(check(whole[i].type, str_slice(whole[i].bytes, 0, n)));
        }
    }
}

static void each_is_none_of_the_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(whole); i++) {
        for (size_t j = 0; j < LENGTH(whole); j++) {
            const char *wrong = check(whole[i].type, whole[j].bytes);
            assert_true((wrong == NULL) == (i == j));
        }
    }
}

/* One byte put in the place of another. */
static const char *with(enum image_type type, str bytes, size_t at, int byte)
{
    char *p = copy(bytes);
    p[at] = (char)byte;
    return image_check(type, (str){p, bytes.n});
}

static size_t place(str bytes, const char *what, size_t n)
{
    const char *hit = memmem(bytes.p, bytes.n, what, n);
    assert_non_null(hit);
    return (size_t)(hit - bytes.p);
}

static void damaged_png(void **state)
{
    (void)state;
    str png = whole[0].bytes;
    size_t head = place(png, "IHDR", 4) + 4;
    assert_non_null(with(IMAGE_PNG, png, 0, 'P'));
    assert_string_equal(with(IMAGE_PNG, png, 11, 12), "is damaged");    /* the length of IHDR */
    assert_string_equal(with(IMAGE_PNG, png, 8, 0xFF), "is cut short"); /* a length past all */
    assert_string_equal(with(IMAGE_PNG, png, head - 1, 'X'), "is damaged");
    assert_string_equal(with(IMAGE_PNG, png, head + 3, 0), "has no size that can be shown");
    assert_string_equal(with(IMAGE_PNG, png, head + 7, 0), "has no size that can be shown");
    assert_string_equal(with(IMAGE_PNG, png, head, 0xFF), "has no size that can be shown");
    assert_string_equal(with(IMAGE_PNG, png, head + 8, 3), "is damaged"); /* bits a sample */
    assert_string_equal(with(IMAGE_PNG, png, head + 9, 1), "is damaged"); /* colour type */
    assert_string_equal(with(IMAGE_PNG, png, head + 9, 7), "is damaged");
    assert_string_equal(with(IMAGE_PNG, png, head + 10, 1), "is damaged"); /* compression */
    assert_string_equal(with(IMAGE_PNG, png, head + 11, 1), "is damaged"); /* filter */
    assert_string_equal(with(IMAGE_PNG, png, head + 12, 2), "is damaged"); /* interlace */
    assert_null(with(IMAGE_PNG, png, head + 12, 1));
    assert_string_equal(with(IMAGE_PNG, png, place(png, "IDAT", 4), 'X'), "is damaged"); /* no pixels */
}

static void damaged_jpeg(void **state)
{
    (void)state;
    str jpeg = whole[1].bytes;
    size_t frame = place(jpeg, "\xFF\xC0", 2);
    size_t scan = place(jpeg, "\xFF\xDA", 2);
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame, 0), "is damaged");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 1, 0xFE), "is damaged"); /* a scan without a frame */
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 1, 0xD9), "is damaged"); /* its end before a scan */
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 1, 0x01), "is damaged");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 3, 7), "is damaged");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 3, 1), "is damaged");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 2, 0xFF), "is cut short");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 6, 0), "has no size that can be shown");
    assert_string_equal(with(IMAGE_JPEG, jpeg, frame + 7, 0xFF), "has no size that can be shown");
    assert_string_equal(with(IMAGE_JPEG, jpeg, scan + 1, 0xFE), "is damaged");
    assert_null(with(IMAGE_JPEG, jpeg, frame + 1, 0xC2)); /* progressive */
}

static void damaged_webp(void **state)
{
    (void)state;
    str webp = whole[2].bytes;
    assert_string_equal(with(IMAGE_WEBP, webp, 4, 0xFF), "is cut short");
    assert_string_equal(with(IMAGE_WEBP, webp, 4, 2), "is damaged"); /* less than its own head */
    assert_string_equal(with(IMAGE_WEBP, webp, 8, 'X'), "is damaged");
    assert_string_equal(with(IMAGE_WEBP, webp, 12, 'X'), "is damaged"); /* another first chunk */
    assert_string_equal(with(IMAGE_WEBP, webp, 16, 0xFF), "is damaged");
    assert_string_equal(with(IMAGE_WEBP, webp, 20, 0), "is damaged"); /* no signature of VP8L */
    /* an extended file without frames is no picture, with one it is; the size is that of the canvas */
#define CANVAS "VP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0"
    assert_string_equal(check(IMAGE_WEBP, STR("RIFF\x16\0\0\0WEBP" CANVAS)), "is damaged");
    assert_null(check(IMAGE_WEBP, STR("RIFF\x20\0\0\0WEBP" CANVAS "VP8 \x02\0\0\0zz")));
    assert_string_equal(
        check(IMAGE_WEBP,
              STR("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\x0f\0\0VP8 \x02\0\0\0zz")),
        "has no size that can be shown");
    assert_null(check(IMAGE_WEBP, STR("RIFF\x18\0\0\0WEBPVP8 \x0b\0\0\0zzz\x9d\x01\x2a\x01\0\x01\0zz")));
    assert_string_equal(
        check(IMAGE_WEBP, STR("RIFF\x18\0\0\0WEBPVP8 \x0b\0\0\0zzz\x9d\x01\x2a\x00\0\x01\0zz")),
        "has no size that can be shown");
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        unsigned width, height;
        bool good;
    } cases[] = {{1, 1, true},          {16384, 1, true},         {16385, 1, false},
                 {1, 16385, false},     {10000, 10000, true},     {10000, 10001, false},
                 {16384, 16384, false}, {0x10001, 0x10001, false}};
    size_t head = place(whole[0].bytes, "IHDR", 4) + 4;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *p = copy(whole[0].bytes);
        for (unsigned j = 0; j < 4; j++) {
            p[head + j] = (char)(cases[i].width >> (24 - 8 * j));
            p[head + 4 + j] = (char)(cases[i].height >> (24 - 8 * j));
        }
        const char *wrong = image_check(IMAGE_PNG, (str){p, whole[0].bytes.n});
        assert_true((wrong == NULL) == cases[i].good);
    }
}

static void names(void **state)
{
    (void)state;
    assert_int_equal(image_type_of(STR("image/png")), IMAGE_PNG);
    assert_int_equal(image_type_of(STR("image/jpeg")), IMAGE_JPEG);
    assert_int_equal(image_type_of(STR("image/webp")), IMAGE_WEBP);
    assert_int_equal(image_type_of(STR("image/svg+xml")), IMAGE_NONE);
    assert_int_equal(image_type_of(STR("")), IMAGE_NONE);
    assert_string_equal(image_extension(IMAGE_JPEG), "jpg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_pictures),
        TEST(every_beginning_is_refused),
        TEST(each_is_none_of_the_others),
        TEST(damaged_png),
        TEST(damaged_jpeg),
        TEST(damaged_webp),
        TEST(sizes),
        TEST(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
