#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compose/extract_part.h"
#include "compose/weight.h"

/* A topic heavier than this is only spoken of as "this". */
enum { SUBJECT_WEIGHT = 60, POINT_BYTES = 2048 };

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

/* What the points call the topic. A question, or what has quotation marks of its own, fits into no sentence. */
static err name_subject(struct sheet *s, str *out)
{
    unsigned weight = 0;
    bool quoted = false;
    TRY(weight_of(s->a, s->topic, &weight));
    for (size_t i = 0; i < s->topic.n; i++) {
        quoted = quoted || s->topic.p[i] == '"';
    }
    quoted = quoted || memmem(s->topic.p, s->topic.n, "\u201c", sizeof "\u201c" - 1) != NULL;
    bool plain = weight <= SUBJECT_WEIGHT && !quoted && !sheet_has_question(s);
    *out = plain ? str_format(s->a, "\u201c%.*s\u201d", STR_ARGS(s->topic)) : STR("this");
    return NULL;
}

static const char *const *points_of(const struct sheet *s)
{
    return sheet_has_question(s) ? tone_questions : s->tone->points;
}

/* One tweet: the topic, and the first point that fits beside it. */
static err make_single(struct sheet *s)
{
    bool done = false;
    TRY(sheet_opening(s, s->tone->openings, TONE_VARIANTS, 0));
    for (size_t i = 0; i < TONE_POINTS && !done; i++) {
        TRY(sheet_put(s, STR("\n\n"), fill(s, points_of(s)[i], STR("this")), &done));
    }
    return NULL;
}

err extract_outline(struct sheet *s)
{
    str subject;
    bool done = true;
    if (s->most == 1) {
        return make_single(s);
    }
    TRY(name_subject(s, &subject));
    TRY(sheet_opening(s, s->tone->openings, TONE_VARIANTS, 0));
    TRY(sheet_put(s, STR("\n\n"), fill(s, points_of(s)[0], subject), &done));
    for (size_t i = 1; i < TONE_POINTS && done; i++) {
        TRY(sheet_begin(s, fill(s, points_of(s)[i], subject), &done));
    }
    return NULL;
}
