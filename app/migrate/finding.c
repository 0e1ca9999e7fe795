#include "migrate/finding.h"

#include <stdarg.h>

#include "base/arena.h"

enum { SENTENCE_BYTES = 4096 };

void finding_add(struct finding *d, struct step s)
{
    if (d->n == d->room) {
        size_t room = d->room == 0 ? 16 : d->room * 2;
        d->steps = arena_grow(d->a, d->steps, d->room * sizeof *d->steps, room * sizeof *d->steps);
        d->room = room;
    }
    d->steps[d->n++] = s;
}

void finding_refuse(struct finding *d, str sentence)
{
    if (d->refusal_count == d->refusal_room) {
        size_t room = d->refusal_room == 0 ? 16 : d->refusal_room * 2;
        d->refusals = arena_grow(d->a, d->refusals, d->refusal_room * sizeof(str), room * sizeof(str));
        d->refusal_room = room;
    }
    d->refusals[d->refusal_count++] = sentence;
}

void finding_refuse_at(struct finding *d, const struct table *t, str part, const char *format, ...)
{
    struct buf b;
    va_list args;
    buf_init(&b, d->a, 256, SENTENCE_BYTES);
    buf_printf(&b, "%.*s.%.*s: ", STR_ARGS(t->name), STR_ARGS(part));
    va_start(args, format);
    buf_vprintf(&b, format, args);
    va_end(args);
    finding_refuse(d, buf_view(&b));
}
