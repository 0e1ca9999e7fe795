/*
 * image: whether bytes are a whole picture of one of three kinds, looked at from outside: its parts are walked by
 * their lengths and must fit, with a size in pixels that is sane. Nothing is decoded.
 *
 * That the bytes begin like such a picture is asked first (io/magic); this refuses what only begins so. Bytes behind
 * the end of a picture are let pass, as every program that shows pictures does.
 *
 *     enum image_type type = image_type_of(STR("image/png"));
 *     if (type != IMAGE_NONE && image_check(type, bytes) == NULL) puts(image_extension(type));
 *
 * PNG: ISO/IEC 15948, section 5. JPEG: ITU-T T.81, annex B. WebP: RFC 9649, section 2.
 */
#ifndef QUIRE_BASE_IMAGE_H
#define QUIRE_BASE_IMAGE_H

#include "base/str.h"

enum image_type { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_WEBP };

/* Bounds of a picture: 2 MiB of the right bytes can stand for gigabytes of pixels in whoever shows them. */
enum { IMAGE_MAX_SIDE = 16384, IMAGE_MAX_PIXELS = 100 * 1000 * 1000 };

/* Which type a media type names, or IMAGE_NONE. */
enum image_type image_type_of(str media_type);
/* "png", "jpg", "webp". */
const char *image_extension(enum image_type type);
/* NULL when the bytes are such a picture, else what is wrong, to be read after "the picture": "is cut short". */
const char *image_check(enum image_type type, str bytes);

#endif
