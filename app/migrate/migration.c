#include "migrate/migration.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/digest.h"

enum { DETAIL_BYTES = 64 << 10 };

struct parsing {
    struct arena *a;
    struct migration *m;
    struct buf mistakes;
    bool has_revision, has_parent, has_created, has_message;
    /* the two sections: where their text begins, and on which line; 0: not there */
    size_t up_at, up_end, down_at;
    unsigned up_line, down_line;
};

static void mistake(struct parsing *p, unsigned line, str sentence)
{
    if (p->mistakes.n > 0) {
        buf_char(&p->mistakes, '\n');
    }
    buf_printf(&p->mistakes, "%.*s:%u: ", STR_ARGS(p->m->path), line);
    buf_str(&p->mistakes, text_repair(p->a, sentence));
}

static bool alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool migration_is_revision(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!alnum(s.p[i])) {
            return false;
        }
    }
    return s.n > 0 && s.n <= MIGRATION_REVISION_BYTES;
}

/* The name of the file: <revision>_<slug>.sql */
static void read_name(struct parsing *p)
{
    str name = p->m->path;
    for (size_t slash = str_find(name, '/', 0); slash < name.n; slash = str_find(name, '/', 0)) {
        name = str_slice(name, slash + 1, name.n);
    }
    static const str suffix = STR_INIT(".sql");
    bool good = name.n > suffix.n && str_eq(str_slice(name, name.n - suffix.n, name.n), suffix) &&
                name.n - suffix.n <= MIGRATION_NAME_BYTES;
    name = good ? str_slice(name, 0, name.n - suffix.n) : name;
    size_t end = str_find(name, '_', 0);
    good = good && migration_is_revision(str_slice(name, 0, end)) && end + 1 < name.n;
    for (size_t i = end; i < name.n; i++) {
        good = good && (alnum(name.p[i]) || name.p[i] == '_' || name.p[i] == '-');
    }
    if (!good) {
        mistake(p, 1,
                STR("the file's name must be <revision>_<slug>.sql: letters and digits, then _ and letters, "
                    "digits, _ and -"));
    }
    p->m->name = name;
    p->m->revision = str_slice(name, 0, end);
}

/* -- the header -- */

static void read_parents(struct parsing *p, unsigned line, str list)
{
    struct migration *m = p->m;
    if (list.n == 0 || str_eq(list, STR("none"))) {
        return;
    }
    for (size_t at = 0; at <= list.n;) {
        size_t end = str_find(list, ',', at);
        str parent = str_trim(str_slice(list, at, end));
        at = end + 1;
        if (!migration_is_revision(parent)) {
            mistake(p, line, STR("parent must name revisions, comma-separated, or be none"));
        } else if (m->parent_count == MIGRATION_MAX_PARENTS) {
            mistake(p, line, STR("there are more than 8 parents"));
            return;
        } else {
            m->parents[m->parent_count++] = parent;
        }
    }
}

/* The value of "-- key: value"; false when the line is something else. */
static bool is_key(str line, str key, str *value)
{
    str rest = str_trim(str_slice(line, 2, line.n));
    if (!str_starts(line, STR("--")) || !str_starts(rest, key) || rest.n == key.n || rest.p[key.n] != ':') {
        return false;
    }
    *value = str_trim(str_slice(rest, key.n + 1, rest.n));
    return true;
}

static void note_once(struct parsing *p, bool *seen, unsigned line, const char *key)
{
    if (*seen) {
        mistake(p, line, str_format(p->a, "there is a second line \"-- %s:\"", key));
    }
    *seen = true;
}

static bool read_created(str value, int64_t *out)
{
    int64_t days = 0;
    if (!clock_parse_date(value, &days)) {
        return clock_parse_time(value, out);
    }
    *out = days * 86400 * 1000000;
    return true;
}

static void read_header_line(struct parsing *p, unsigned number, str line)
{
    struct migration *m = p->m;
    str value;
    if (is_key(line, STR("revision"), &value)) {
        note_once(p, &p->has_revision, number, "revision");
        if (!str_eq(value, m->revision)) {
            mistake(p, number,
                    str_format(p->a, "revision \"%.*s\" is not that of the file's name", STR_ARGS(value)));
        }
    } else if (is_key(line, STR("parent"), &value)) {
        note_once(p, &p->has_parent, number, "parent");
        read_parents(p, number, value);
    } else if (is_key(line, STR("created"), &value)) {
        note_once(p, &p->has_created, number, "created");
        if (!read_created(value, &m->created)) {
            mistake(p, number, STR("created must be a date or time: 2026-01-02, 2026-01-02T03:04:05Z"));
        }
    } else if (is_key(line, STR("message"), &value)) {
        note_once(p, &p->has_message, number, "message");
        m->message = value;
    } else if (line.n > 0 && !str_starts(line, STR("--"))) {
        mistake(p, number, STR("there is SQL before \"-- migrate:up\""));
    }
}

/* -- the sections -- */

/* What follows "migrate:down": nothing, or "irreversible: why". */
static void read_down(struct parsing *p, unsigned number, str rest)
{
    static const str word = STR_INIT("irreversible:");
    if (rest.n == 0) {
        return;
    }
    str why = str_trim(str_slice(rest, word.n, rest.n));
    if (!str_starts(rest, word) || why.n == 0) {
        mistake(p, number, STR("after \"-- migrate:down\" only \"irreversible: why\" may stand"));
        return;
    }
    p->m->irreversible = true;
    p->m->irreversible_why = why;
}

/* Takes a line that begins a section, the next one starting at `next`; false when it is none. */
static bool begin_section(struct parsing *p, unsigned number, str line, size_t here, size_t next)
{
    str value;
    if (!is_key(line, STR("migrate"), &value)) {
        return false;
    }
    if (str_eq(value, STR("up")) && p->up_line == 0 && p->down_line == 0) {
        p->up_at = next;
        p->up_line = number + 1;
    } else if (str_starts(value, STR("down")) && p->up_line > 0 && p->down_line == 0) {
        p->up_end = here;
        p->down_at = next;
        p->down_line = number + 1;
        read_down(p, number, str_trim(str_slice(value, 4, value.n)));
    } else {
        mistake(p, number, STR("the sections are \"-- migrate:up\" and then \"-- migrate:down\", each once"));
    }
    return true;
}

static void read_section(struct parsing *p, str text, unsigned line, struct statements *out)
{
    struct split_problem why;
    if (!split_sql(p->a, text, line, out, &why)) {
        mistake(p, why.line, why.sentence);
    }
}

static void read_sections(struct parsing *p, str text)
{
    struct migration *m = p->m;
    if (p->up_line == 0) {
        mistake(p, 1, STR("there is no section \"-- migrate:up\""));
        return;
    }
    if (p->down_line == 0) {
        mistake(p, 1,
                STR("there is no section \"-- migrate:down\"; without a way back, "
                    "write \"-- migrate:down irreversible: why\""));
        return;
    }
    read_section(p, str_slice(text, p->up_at, p->up_end), p->up_line, &m->up);
    read_section(p, str_slice(text, p->down_at, text.n), p->down_line, &m->down);
    if (m->irreversible && m->down.n > 0) {
        mistake(p, p->down_line, STR("an irreversible migration has no statements in its section down"));
    }
    if (!m->irreversible && m->down.n == 0 && m->up.n > 0) {
        mistake(p, p->down_line,
                STR("the section down is empty; without a way back, "
                    "write \"-- migrate:down irreversible: why\""));
    }
}

static void read_lines(struct parsing *p, str text)
{
    unsigned number = 1;
    for (size_t at = 0; at < text.n; number++) {
        size_t end = str_find(text, '\n', at);
        str line = str_trim(str_slice(text, at, end));
        if (!begin_section(p, number, line, at, end + 1) && p->up_line == 0) {
            read_header_line(p, number, line);
        }
        at = end + 1;
    }
    if (!p->has_revision || !p->has_parent || !p->has_created) {
        mistake(p, 1,
                str_format(p->a, "the header lacks%s%s%s", p->has_revision ? "" : " \"-- revision:\"",
                           p->has_parent ? "" : " \"-- parent:\"", p->has_created ? "" : " \"-- created:\""));
    }
}

/* A copy without a byte order mark and with every CR LF as LF, so that a checkout on another system is no
 * edit. */
static str normalise(struct arena *a, str text)
{
    char *copy = arena_alloc(a, text.n + 1);
    size_t n = 0;
    for (size_t i = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0; i < text.n; i++) {
        bool cr_lf = text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
        if (!cr_lf) {
            copy[n++] = text.p[i];
        }
    }
    return (str){copy, n};
}

err migration_parse(struct arena *a, str path, str text, struct migration *out)
{
    struct migration m = {.path = path};
    struct parsing p = {.a = a, .m = &m};
    buf_init(&p.mistakes, a, 256, DETAIL_BYTES);
    text = normalise(a, text);
    unsigned char sum[DIGEST_BYTES];
    digest_sha256(text, sum);
    m.checksum = digest_hex(a, sum, sizeof sum);
    read_name(&p);
    if (text_is_utf8(text)) {
        read_lines(&p, text);
        read_sections(&p, text);
    } else {
        mistake(&p, 1, STR("the file is not UTF-8"));
    }
    str detail = buf_view(&p.mistakes);
    if (detail.n > 0) {
        return error_new(a, ERROR_INVALID, "%.*s", STR_ARGS(detail));
    }
    *out = m;
    return NULL;
}
