#include "backup/tally.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"

enum state { LINE_BEGINS, LINE_GOES_ON, NAME, BEFORE_VALUES, VALUES, QUOTED, ESCAPED };

static const str insert = STR_INIT("INSERT INTO `");
static const str values = STR_INIT(" VALUES");

static struct tally_table *find(struct tally *t, str name)
{
    for (struct tally_table *each = t->tables; each != NULL; each = each->next) {
        if (str_eq(str_of(each->name), name)) {
            return each;
        }
    }
    struct tally_table *made = ARENA_NEW(t->a, struct tally_table);
    size_t n = name.n < TALLY_NAME ? name.n : TALLY_NAME;
    memcpy(made->name, name.p, n);
    made->next = t->tables;
    t->tables = made;
    return made;
}

/* Whether the word that is looked for is complete now. */
static bool matches(struct tally *t, str word, char c)
{
    t->matched = c == word.p[t->matched] ? t->matched + 1 : c == word.p[0] ? 1 : 0;
    return t->matched == word.n;
}

static void go(struct tally *t, enum state state)
{
    t->state = (int)state;
    t->matched = 0;
}

static void begin_line(struct tally *t, char c)
{
    if (c == '\n') {
        t->matched = 0;
    } else if (c != insert.p[t->matched]) {
        go(t, LINE_GOES_ON);
    } else if (++t->matched == insert.n) {
        go(t, NAME);
    }
}

static void take_name(struct tally *t, char c)
{
    if (c == '`') {
        t->now = find(t, (str){t->name, t->matched});
        go(t, BEFORE_VALUES);
    } else if (t->matched < TALLY_NAME) {
        t->name[t->matched++] = c;
    }
}

static void take_value(struct tally *t, char c)
{
    if (c == '\'') {
        go(t, QUOTED);
    } else if (c == '(' && t->depth++ == 0) {
        t->now->rows++;
        t->rows++;
    } else if (c == ')' && t->depth > 0) {
        t->depth--;
    } else if (c == ';' && t->depth == 0) {
        go(t, LINE_GOES_ON);
    }
}

static void take(struct tally *t, char c)
{
    switch ((enum state)t->state) {
    case LINE_BEGINS:
        begin_line(t, c);
        return;
    case LINE_GOES_ON:
        if (c == '\n') {
            go(t, LINE_BEGINS);
        }
        return;
    case NAME:
        take_name(t, c);
        return;
    case BEFORE_VALUES:
        if (matches(t, values, c)) {
            t->depth = 0;
            go(t, VALUES);
        }
        return;
    case VALUES:
        take_value(t, c);
        return;
    case QUOTED:
        t->state = c == '\\' ? ESCAPED : c == '\'' ? VALUES : QUOTED;
        return;
    case ESCAPED:
        t->state = QUOTED;
        return;
    }
}

void tally_add(struct tally *t, str piece)
{
    for (size_t i = 0; i < piece.n; i++) {
        take(t, piece.p[i]);
    }
}

void tally_expect(struct tally *t, str name)
{
    (void)find(t, name);
}

str tally_json(const struct tally *t)
{
    struct buf b;
    buf_init(&b, t->a, 1024, 1 << 20);
    buf_char(&b, '{');
    for (const struct tally_table *each = t->tables; each != NULL; each = each->next) {
        buf_c(&b, each == t->tables ? "" : ",");
        json_put_dirty(&b, str_of(each->name));
        buf_printf(&b, ":%" PRIu64, each->rows);
    }
    buf_char(&b, '}');
    return buf_view(&b);
}
