#include "conf/describe.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conf/dotenv.h"
#include "conf/settings.h"

/* "a b c" as "a, b, c". */
static str list_choices(struct arena *a, const char *choices)
{
    struct buf out;
    buf_init(&out, a, 64, 1024);
    for (const char *c = choices; *c != '\0'; c++) {
        if (*c == ' ') {
            buf_char(&out, ',');
        }
        buf_char(&out, *c);
    }
    return buf_view(&out);
}

str setting_allowed(struct arena *a, const struct setting *s)
{
    switch (s->type) {
    case SETTING_INT:
        return str_format(a, "a whole number from %" PRId64 " to %" PRId64, s->min, s->max);
    case SETTING_OCTAL:
        return str_format(a, "an octal number from %04" PRIo64 " to %04" PRIo64, (uint64_t)s->min,
                          (uint64_t)s->max);
    case SETTING_BOOL:
        return STR("true or false");
    case SETTING_CHOICE: {
        str choices = list_choices(a, s->choices);
        return str_format(a, "one of %.*s", STR_ARGS(choices));
    }
    case SETTING_TEXT:
        break;
    }
    return str_format(a, "a text of %" PRId64 " to %" PRId64 " bytes", s->min, s->max);
}

static void put_comment(struct buf *out, const char *doc)
{
    str rest = str_of(doc);
    while (rest.n > 0) {
        size_t end = str_find(rest, '\n', 0);
        buf_lit(out, "# ");
        buf_str(out, str_slice(rest, 0, end));
        buf_char(out, '\n');
        rest = str_slice(rest, end + 1, rest.n);
    }
}

void settings_print_example(struct buf *out)
{
    put_comment(out, "Every setting of Quire. Copy this file to .env and change what "
                     "is yours.\n"
                     "A line without # is in force; the others show the defaults.\n"
                     "The environment wins over .env.$APP_ENV, which wins over .env. "
                     "`quire config` shows what is in force.\n"
                     "This file is made by `quire config --example`.");
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        if (s->group != NULL) {
            buf_printf(out, "\n# -- %s --\n", s->group);
        }
        buf_char(out, '\n');
        put_comment(out, s->doc);
        if (s->type != SETTING_TEXT) {
            str bounds = setting_allowed(out->arena, s);
            buf_printf(out, "# Allowed: %.*s.\n", STR_ARGS(bounds));
        }
        buf_printf(out, "%s%s=", s->initial == NULL ? "" : "#", s->name);
        dotenv_put(out, str_of(s->initial == NULL ? s->example : s->initial));
        buf_char(out, '\n');
    }
}
