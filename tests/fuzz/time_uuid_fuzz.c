/* clock and uuid: what reads as a time, a date or a UUID is written in one form, which reads as the same thing. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/uuid.h"
#include "fuzz.h"

static void check_time(struct arena *a, str text)
{
    struct buf b;
    int64_t micros = 0;
    int64_t again = 0;
    buf_init(&b, a, 32, 32);
    if (clock_parse_time(text, &micros)) {
        HOLD(micros >= INT64_C(-62135596800000000) && micros <= INT64_C(253402300799999999));
        clock_put_time(&b, micros);
        HOLD(!b.full && clock_parse_time(buf_view(&b), &again) && again == micros);
        struct civil c = clock_to_civil(micros);
        HOLD(clock_valid_date(c.year, c.month, c.day) && clock_from_civil(&c) == micros);
    }
}

static void check_date(struct arena *a, str text)
{
    struct buf b;
    int64_t days = 0;
    buf_init(&b, a, 32, 32);
    if (clock_parse_date(text, &days)) {
        clock_put_date(&b, days);
        HOLD(str_eq(buf_view(&b), text)); /* there is but one form */
    }
}

static void check_uuid(struct arena *a, str text)
{
    unsigned char id[UUID_BYTES];
    unsigned char again[UUID_BYTES];
    struct buf b;
    str why = {0};
    if (!uuid_parse(a, text, id, &why)) {
        HOLD(str_starts(why, STR("invalid ")) && text_is_utf8(why));
        return;
    }
    buf_init(&b, a, UUID_TEXT, UUID_TEXT);
    uuid_put(&b, id);
    HOLD(b.n == UUID_TEXT && uuid_parse(a, buf_view(&b), again, &why));
    HOLD(memcmp(id, again, UUID_BYTES) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    str text = {(const char *)data, size};
    arena_init(&a, 4096);
    check_time(&a, text);
    check_date(&a, text);
    if (text_is_utf8(text)) {
        check_uuid(&a, text);
    }
    arena_free(&a);
    return 0;
}
