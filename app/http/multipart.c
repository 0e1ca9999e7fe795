#include "http/multipart.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "http/request.h"

/* The value of `name=` among the parameters of a header, quoted or not; false when it is not there. */
static bool parameter(str header, str name, str *out)
{
    for (size_t at = str_find(header, ';', 0); at < header.n;) {
        size_t equals = str_find(header, '=', at);
        size_t next = str_find(header, ';', at + 1);
        if (next < equals) { /* one without a value */
            at = next;
            continue;
        }
        str found = str_trim(str_slice(header, at + 1, equals));
        bool quoted = str_starts(str_slice(header, equals + 1, header.n), STR("\""));
        size_t from = quoted ? equals + 2 : equals + 1;
        size_t end = str_find(header, quoted ? '"' : ';', from);
        if (equals < header.n && str_eq_nocase(found, name)) {
            str value = str_slice(header, from, end);
            *out = quoted ? value : str_trim(value);
            return true;
        }
        at = str_find(header, ';', end);
    }
    return false;
}

err multipart_broken(struct arena *a)
{
    return error_new(a, ERROR_BODY_UNREADABLE, "There was an error parsing the body");
}

/* RFC 2046: 1 to 70 printable characters, no blank at the end. */
static bool is_boundary(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F) {
            return false;
        }
    }
    return s.n > 0 && s.n <= MULTIPART_BOUNDARY_MAX && s.p[s.n - 1] != ' ';
}

err multipart_init(struct multipart *m, struct arena *a, str content_type, unsigned most_parts)
{
    str boundary = {0};
    if (!parameter(content_type, STR("boundary"), &boundary) || !is_boundary(boundary)) {
        return multipart_broken(a);
    }
    *m = (struct multipart){.state = MULTIPART_BEFORE, .parts_left = most_parts};
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.p, boundary.n);
    m->length = 4 + boundary.n;
    m->matched = 2; /* the line end before the first one may be missing */
    m->lent = 2;
    buf_init(&m->head, a, 512, MULTIPART_HEAD_MAX);
    return NULL;
}

void multipart_give(struct multipart *m, str piece)
{
    m->input = piece;
}

bool multipart_complete(const struct multipart *m)
{
    return m->state == MULTIPART_AFTER;
}

/* Looks for the delimiter. *found: it is behind us. What comes before it is m->data, perhaps empty; false when there is
 * nothing left to look at. A CR stands only at its beginning, so that a match that fails never hides another one. */
static bool scan(struct multipart *m, bool *found)
{
    str in = m->input;
    size_t at = 0;
    while (at < in.n && m->matched < m->length && in.p[at] == m->delimiter[m->matched]) {
        at++;
        m->matched++;
    }
    m->input = str_slice(in, at, in.n);
    m->data = (str){0};
    *found = m->matched == m->length;
    if (*found || m->input.n == 0) {
        m->lent = *found ? 0 : m->lent;
        m->matched = *found ? 0 : m->matched;
        return *found;
    }
    if (m->matched > 0) { /* it was none: data like any other */
        m->data = (str){m->delimiter + m->lent, m->matched - m->lent};
        m->matched = 0;
        m->lent = 0;
        return true;
    }
    size_t end = str_find(m->input, '\r', 0);
    m->data = str_slice(m->input, 0, end);
    m->input = str_slice(m->input, end, m->input.n);
    return true;
}

static void skip(struct multipart *m, size_t n)
{
    m->input = str_slice(m->input, n, m->input.n);
}

static enum multipart_event fail(struct multipart *m)
{
    m->state = MULTIPART_FAILED;
    return MULTIPART_BROKEN;
}

/* CR LF: a part follows; --: that was the last. */
static enum multipart_event after_boundary(struct multipart *m)
{
    char c = m->input.p[0];
    skip(m, 1);
    if (m->closing == 0 && (c == '\r' || c == '-')) {
        m->closing = c;
        return MULTIPART_MORE;
    }
    bool last = m->closing == '-' && c == '-';
    if (!last && (m->closing != '\r' || c != '\n' || m->parts_left == 0)) {
        return fail(m);
    }
    m->closing = 0;
    m->state = last ? MULTIPART_AFTER : MULTIPART_HEAD;
    m->parts_left -= last ? 0 : 1;
    m->head.n = 0;
    buf_lit(&m->head, "\r\n");
    return MULTIPART_MORE;
}

/* Reads the name of a part, and whether it is a file, from its head. */
static void read_head(struct multipart *m)
{
    static const str wanted = STR_INIT("content-disposition:");
    str head = buf_view(&m->head);
    m->has_name = false;
    m->is_file = false;
    m->name = (str){0};
    for (size_t at = 0; at < head.n;) {
        const char *end = memmem(head.p + at, head.n - at, "\r\n", 2);
        str line = str_slice(head, at, end == NULL ? head.n : (size_t)(end - head.p));
        str file = {0};
        if (str_starts_nocase(line, wanted)) {
            m->has_name = parameter(line, STR("name"), &m->name);
            m->is_file = parameter(line, STR("filename"), &file) || parameter(line, STR("filename*"), &file);
            return;
        }
        at += line.n + 2;
    }
}

/* Takes bytes up to the blank line that ends the head. */
static enum multipart_event in_head(struct multipart *m)
{
    struct buf *head = &m->head;
    size_t n = str_find(m->input, '\n', 0);
    n += n < m->input.n ? 1 : 0;
    buf_put(head, m->input.p, n);
    skip(m, n);
    if (head->full) {
        return fail(m);
    }
    if (head->n < 4 || memcmp(head->p + head->n - 4, "\r\n\r\n", 4) != 0) {
        return MULTIPART_MORE;
    }
    read_head(m);
    m->state = MULTIPART_CONTENT;
    m->matched = 2; /* an empty part: its boundary may follow without another line end */
    m->lent = 2;
    return MULTIPART_PART;
}

static enum multipart_event in_content(struct multipart *m)
{
    bool found = false;
    if (scan(m, &found) && !found) {
        return m->data.n > 0 ? MULTIPART_DATA : MULTIPART_MORE;
    }
    m->state = found ? MULTIPART_BOUNDARY : m->state;
    return found ? MULTIPART_END : MULTIPART_MORE;
}

static enum multipart_event step(struct multipart *m)
{
    bool found = false;
    switch (m->state) {
    case MULTIPART_BEFORE:
        (void)scan(m, &found);
        m->state = found ? MULTIPART_BOUNDARY : m->state;
        return MULTIPART_MORE;
    case MULTIPART_BOUNDARY:
        return after_boundary(m);
    case MULTIPART_HEAD:
        return in_head(m);
    case MULTIPART_CONTENT:
        return in_content(m);
    case MULTIPART_AFTER:
        skip(m, m->input.n);
        return MULTIPART_MORE;
    case MULTIPART_FAILED:
        break;
    }
    return MULTIPART_BROKEN;
}

enum multipart_event multipart_next(struct multipart *m)
{
    enum multipart_event event = m->state == MULTIPART_FAILED ? MULTIPART_BROKEN : MULTIPART_MORE;
    while (event == MULTIPART_MORE && m->input.n > 0) {
        event = step(m);
    }
    return event;
}

err multipart_read(struct arena *a, str content_type, str body, struct pair **pairs, size_t *count)
{
    struct multipart m;
    TRY(multipart_init(&m, a, content_type, UINT_MAX));
    struct pair *list = ARENA_ARRAY(a, struct pair, REQUEST_MAX_PAIRS);
    struct buf value = {0};
    size_t n = 0;
    bool wanted = false;
    multipart_give(&m, body);
    for (enum multipart_event event; (event = multipart_next(&m)) != MULTIPART_MORE;) {
        if (event == MULTIPART_BROKEN) {
            return multipart_broken(a);
        }
        if (event == MULTIPART_PART) {
            wanted = m.has_name && !m.is_file && n < REQUEST_MAX_PAIRS;
            if (wanted) {
                list[n].name = text_repair(a, str_copy(a, m.name));
                buf_init(&value, a, 64, body.n);
            }
        } else if (wanted && event == MULTIPART_DATA) {
            buf_str(&value, m.data);
        } else if (wanted) {
            list[n++].value = text_repair(a, buf_view(&value));
        }
    }
    if (!multipart_complete(&m)) {
        return multipart_broken(a);
    }
    *pairs = list;
    *count = n;
    return NULL;
}
