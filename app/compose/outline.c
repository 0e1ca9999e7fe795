#include "base/arena.h"
#include "base/buf.h"
#include "compose/extract_part.h"
#include "compose/weight.h"

/* A topic heavier than this is only spoken of as "this". */
enum { SUBJECT_WEIGHT = 60, POINT_BYTES = 2048, OPENING_WEIGHT = 160 };

/* A point with the topic in the place of its %. */
static str fill(struct sheet *s, const char *point, str subject)
{
    struct buf out;
    buf_init(&out, s->a, 512, POINT_BYTES);
    for (const char *c = point; *c != '\0'; c++) {
        if (*c == '%') {
            buf_str(&out, subject);
        } else {
            buf_char(&out, *c);
        }
    }
    return buf_view(&out);
}

/* One tweet has no room for an opening phrase beside a point: the topic, then the point. */
static err make_single(struct sheet *s, str point)
{
    bool done = false;
    TRY(sheet_opening(s, (struct phrase){"", ""}, OPENING_WEIGHT));
    TRY(sheet_put(s, STR("\n\n"), point, &done));
    return done ? NULL : sheet_opening(s, s->tone->openings[s->variant], 0);
}

err extract_outline(struct sheet *s)
{
    unsigned weight = 0;
    bool done = true;
    TRY(weight_of(s->a, s->topic, &weight));
    str subject =
        weight > SUBJECT_WEIGHT ? STR("this") : str_format(s->a, "\u201c%.*s\u201d", STR_ARGS(s->topic));
    if (s->most == 1) {
        return make_single(s, fill(s, s->tone->points[0], STR("this")));
    }
    TRY(sheet_opening(s, s->tone->openings[s->variant], 0));
    TRY(sheet_put(s, STR("\n\n"), fill(s, s->tone->points[0], subject), &done));
    for (size_t i = 1; i < TONE_POINTS && done; i++) {
        TRY(sheet_begin(s, fill(s, s->tone->points[i], subject), &done));
    }
    return NULL;
}
