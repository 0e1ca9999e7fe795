#include "base/image.h"

#include <stdlib.h>
#include <string.h>

static const char cut_short[] = "is cut short";
static const char broken[] = "is damaged";
static const char bad_size[] = "has no size that can be shown";

static const struct {
    str media_type;
    const char *extension;
} types[] = {
    [IMAGE_PNG] = {STR_INIT("image/png"), "png"},
    [IMAGE_JPEG] = {STR_INIT("image/jpeg"), "jpg"},
    [IMAGE_WEBP] = {STR_INIT("image/webp"), "webp"},
};

enum image_type image_type_of(str media_type)
{
    for (int t = IMAGE_PNG; t <= IMAGE_WEBP; t++) {
        if (str_eq(media_type, types[t].media_type)) {
            return (enum image_type)t;
        }
    }
    return IMAGE_NONE;
}

const char *image_extension(enum image_type type)
{
    if (type == IMAGE_NONE) {
        abort();
    }
    return types[type].extension;
}

/* Numbers of 1 to 4 bytes at a place that the caller has checked to be there. */
static uint32_t big(str s, size_t at, unsigned bytes)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < bytes; i++) {
        n = n << 8 | (unsigned char)s.p[at + i];
    }
    return n;
}

static uint32_t little(str s, size_t at, unsigned bytes)
{
    uint32_t n = 0;
    for (unsigned i = bytes; i > 0; i--) {
        n = n << 8 | (unsigned char)s.p[at + i - 1];
    }
    return n;
}

static bool is_at(str s, size_t at, str what)
{
    return at <= s.n && s.n - at >= what.n && memcmp(s.p + at, what.p, what.n) == 0;
}

static bool good_size(uint32_t width, uint32_t height)
{
    return width > 0 && height > 0 && width <= IMAGE_MAX_SIDE && height <= IMAGE_MAX_SIDE &&
           (uint64_t)width * height <= IMAGE_MAX_PIXELS;
}

/* IHDR: width, height, bits a sample, colour type, compression, filter, interlace. */
static const char *check_png_header(str s, size_t at)
{
    static const unsigned char depths[7] = {
        [0] = 1 | 2 | 4 | 8 | 16, [2] = 8 | 16, [3] = 1 | 2 | 4 | 8, [4] = 8 | 16, [6] = 8 | 16};
    uint32_t depth = big(s, at + 8, 1);
    uint32_t colour = big(s, at + 9, 1);
    bool power = depth != 0 && (depth & (depth - 1)) == 0;
    if (!power || colour >= sizeof depths || (depths[colour] & depth) == 0 || big(s, at + 10, 2) != 0 ||
        big(s, at + 12, 1) > 1) {
        return broken;
    }
    return good_size(big(s, at, 4), big(s, at + 4, 4)) ? NULL : bad_size;
}

/* A signature, then chunks: length, type, so many bytes, a checksum; first IHDR, some IDAT, last IEND. */
static const char *check_png(str s)
{
    enum { SIGNATURE = 8, AROUND = 12, HEADER = 13 };
    bool data = false;
    if (!is_at(s, 0, STR("\x89PNG\r\n\x1a\n"))) {
        return broken;
    }
    for (size_t at = SIGNATURE; at < s.n;) {
        if (s.n - at < AROUND || s.n - at - AROUND < big(s, at, 4)) {
            return cut_short;
        }
        uint32_t length = big(s, at, 4);
        bool first = at == SIGNATURE;
        if (is_at(s, at + 4, STR("IHDR")) != first || (first && length != HEADER)) {
            return broken;
        }
        const char *wrong = first ? check_png_header(s, at + 8) : NULL;
        if (wrong != NULL) {
            return wrong;
        }
        if (is_at(s, at + 4, STR("IEND"))) {
            return data && length == 0 ? NULL : broken;
        }
        data = data || (is_at(s, at + 4, STR("IDAT")) && length > 0);
        at += AROUND + length;
    }
    return cut_short;
}

/* Whether a marker begins a frame, whose head holds the size: SOF0 to SOF15 without DHT, JPG and DAC. */
static bool is_frame(uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* A marker may stand behind any number of bytes FF. */
static size_t behind_fill(str s, size_t at)
{
    while (at < s.n && (unsigned char)s.p[at] == 0xFF) {
        at++;
    }
    return at;
}

/* Behind SOI segments: FF, a marker, a length that counts itself; the frame before the first scan; after that scan,
 * somewhere, EOI. */
static const char *check_jpeg(str s)
{
    enum { FRAME_LEAST = 8, SOS = 0xDA };
    bool sized = false;
    if (!is_at(s, 0, STR("\xFF\xD8\xFF"))) {
        return broken;
    }
    for (size_t at = 2; at < s.n;) {
        if ((unsigned char)s.p[at] != 0xFF) {
            return broken;
        }
        at = behind_fill(s, at);
        if (s.n - at < 3 || s.n - at - 1 < big(s, at + 1, 2)) {
            return cut_short;
        }
        uint32_t marker = big(s, at, 1);
        uint32_t length = big(s, at + 1, 2);
        if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD9) || length < 2) {
            return broken; /* nothing without a length may stand here */
        }
        if (is_frame(marker)) {
            if (length < FRAME_LEAST) {
                return broken;
            }
            if (!good_size(big(s, at + 6, 2), big(s, at + 4, 2))) {
                return bad_size;
            }
            sized = true;
        }
        at += 1 + length;
        if (marker == SOS) {
            bool ends = memmem(s.p + at, s.n - at, "\xFF\xD9", 2) != NULL;
            return !sized ? broken : ends ? NULL : cut_short;
        }
    }
    return cut_short;
}

/* What the first chunk says of the size: the canvas of an extended file, the frame of a plain one. */
static const char *check_webp_size(str s, size_t at, uint32_t length)
{
    uint32_t width = 0;
    uint32_t height = 0;
    size_t body = at + 8;
    if (is_at(s, at, STR("VP8X")) && length >= 10) {
        width = little(s, body + 4, 3) + 1;
        height = little(s, body + 7, 3) + 1;
    } else if (is_at(s, at, STR("VP8L")) && length > 5 && s.p[body] == 0x2F) {
        uint32_t bits = little(s, body + 1, 4);
        width = (bits & 0x3FFF) + 1;
        height = (bits >> 14 & 0x3FFF) + 1;
    } else if (is_at(s, at, STR("VP8 ")) && length > 10 && is_at(s, body + 3, STR("\x9D\x01\x2A"))) {
        width = little(s, body + 6, 2) & 0x3FFF;
        height = little(s, body + 8, 2) & 0x3FFF;
    } else {
        return broken;
    }
    return good_size(width, height) ? NULL : bad_size;
}

/* "RIFF", a length, "WEBP", then chunks of a name, a length and so many bytes, padded to an even number. */
static const char *check_webp(str s)
{
    enum { HEAD = 12, CHUNK = 8 };
    if (!is_at(s, 0, STR("RIFF")) || !is_at(s, 8, STR("WEBP"))) {
        return broken;
    }
    uint32_t riff = little(s, 4, 4);
    if (riff > s.n - CHUNK) {
        return cut_short;
    }
    s = str_slice(s, 0, CHUNK + riff);
    bool picture = false;
    for (size_t at = HEAD; at < s.n;) {
        if (s.n - at < CHUNK || s.n - at - CHUNK < little(s, at + 4, 4)) {
            return broken;
        }
        uint32_t length = little(s, at + 4, 4);
        const char *wrong = at == HEAD ? check_webp_size(s, at, length) : NULL;
        if (wrong != NULL) {
            return wrong;
        }
        picture =
            picture || is_at(s, at, STR("VP8 ")) || is_at(s, at, STR("VP8L")) || is_at(s, at, STR("ANMF"));
        at += CHUNK + length + (length & 1);
    }
    return picture ? NULL : broken;
}

const char *image_check(enum image_type type, str bytes)
{
    switch (type) {
    case IMAGE_PNG:
        return check_png(bytes);
    case IMAGE_JPEG:
        return check_jpeg(bytes);
    case IMAGE_WEBP:
        return check_webp(bytes);
    case IMAGE_NONE:
        break;
    }
    abort();
}
