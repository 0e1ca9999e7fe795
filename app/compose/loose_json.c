#include "compose/loose_json.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"

enum { DEEPEST = 3 };

/* Names that models give to the list, and to the text of one element. */
static const str list_names[] = {STR_INIT("tweets"), STR_INIT("thread"), STR_INIT("posts"),
                                 STR_INIT("items"),  STR_INIT("output"), STR_INIT("result")};
static const str text_names[] = {STR_INIT("text"), STR_INIT("tweet"), STR_INIT("content"), STR_INIT("body")};

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t skip_blanks(str s, size_t at)
{
    while (at < s.n && is_blank(s.p[at])) {
        at++;
    }
    return at;
}

static void add(struct loose *out, str piece)
{
    if (out->n < LOOSE_MAX_PIECES && str_trim(piece).n > 0) {
        out->pieces[out->n++] = piece;
    }
}

/* -- a whole document -- */

static void add_element(struct loose *out, const struct json *element)
{
    if (element->type == JSON_STRING) {
        add(out, element->text);
        return;
    }
    for (size_t i = 0; i < sizeof text_names / sizeof text_names[0]; i++) {
        const struct json *text = json_member(element, text_names[i]);
        if (text != NULL && text->type == JSON_STRING) {
            add(out, text->text);
            return;
        }
    }
}

static void add_elements(struct loose *out, const struct json *list)
{
    for (const struct json *e = list->first; e != NULL; e = e->next) {
        add_element(out, e);
    }
}

/* {"1": "...", "2": "..."}, {"tweet_1": "..."}: every member a text, every name with a digit at its end. */
static bool is_list_of_names(const struct json *object)
{
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        bool numbered = m->key.n > 0 && m->key.p[m->key.n - 1] >= '0' && m->key.p[m->key.n - 1] <= '9';
        if (m->type != JSON_STRING || !numbered) {
            return false;
        }
    }
    return object->count > 0;
}

static void add_document(struct loose *out, const struct json *value, unsigned depth)
{
    if (value->type == JSON_ARRAY) {
        add_elements(out, value);
        return;
    }
    if (value->type != JSON_OBJECT || depth > DEEPEST) {
        return;
    }
    for (size_t i = 0; i < sizeof list_names / sizeof list_names[0] && out->n == 0; i++) {
        const struct json *list = json_member(value, list_names[i]);
        if (list != NULL && list->type == JSON_STRING) {
            add(out, list->text);
        } else if (list != NULL) {
            add_document(out, list, depth + 1);
        }
    }
    if (out->n == 0 && is_list_of_names(value)) {
        add_elements(out, value);
    }
    if (out->n == 0 && value->count == 1) {
        add_document(out, value->first, depth + 1); /* a wrapper by whatever name */
    }
    if (out->n == 0) {
        add_element(out, value);
    }
}

/* -- a list that is not a whole document -- */

/* The index behind the JSON value that begins at `at`, strings respected; s.n + 1 when it breaks off. */
static size_t value_end(str s, size_t at)
{
    unsigned open = 0;
    bool quoted = false;
    for (size_t i = at; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
            if (!quoted && open == 0) {
                return i + 1;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            open++;
        } else if (open > 0 && (c == '}' || c == ']')) {
            open--;
            if (open == 0) {
                return i + 1;
            }
        } else if (open == 0 && (c == ',' || c == ']' || c == '}')) {
            return i;
        }
    }
    return s.n + 1;
}

/* Models forget to escape the line ends and tabs in their strings. */
static str escape_controls(struct arena *a, str s)
{
    struct buf out;
    bool quoted = false;
    buf_init(&out, a, s.n + 16, s.n * 2 + 16);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted && c == '\\' && i + 1 < s.n) {
            buf_char(&out, c);
            c = s.p[++i];
        } else if (c == '"') {
            quoted = !quoted;
        }
        if (quoted && (unsigned char)c < ' ') {
            buf_c(&out, c == '\t' ? "\\t" : "\\n");
        } else {
            buf_char(&out, c);
        }
    }
    return buf_view(&out);
}

static bool read_value(struct arena *a, str text, struct json **out)
{
    struct json_failure why;
    return json_read(a, text, &json_default_limits, out, &why) == JSON_READ_OK ||
           json_read(a, escape_controls(a, text), &json_default_limits, out, &why) == JSON_READ_OK;
}

/* Behind the bracket that opens the list called name; s.n when there is none. */
static size_t find_named_list(str s, str name)
{
    for (size_t at = str_find(s, '"', 0); at < s.n; at = str_find(s, '"', at + 1)) {
        str rest = str_slice(s, at + 1, s.n);
        if (!str_starts(rest, name) || rest.n <= name.n || rest.p[name.n] != '"') {
            continue;
        }
        size_t colon = skip_blanks(s, at + name.n + 2);
        size_t bracket = colon < s.n && s.p[colon] == ':' ? skip_blanks(s, colon + 1) : s.n;
        if (bracket < s.n && s.p[bracket] == '[') {
            return bracket + 1;
        }
    }
    return s.n;
}

/* The same for a list of no name, which must begin a line. */
static size_t find_bare_list(str s)
{
    for (size_t at = str_find(s, '[', 0); at < s.n; at = str_find(s, '[', at + 1)) {
        size_t first = skip_blanks(s, at + 1);
        bool begins = at == 0 || s.p[at - 1] == '\n';
        if (begins && first < s.n && (s.p[first] == '"' || s.p[first] == '{')) {
            return at + 1;
        }
    }
    return s.n;
}

static size_t find_list(str s)
{
    size_t at = s.n;
    for (size_t i = 0; i < sizeof list_names / sizeof list_names[0] && at == s.n; i++) {
        at = find_named_list(s, list_names[i]);
    }
    return at == s.n ? find_bare_list(s) : at;
}

/* Element by element; the one that breaks off is left out. True when the list has its end. */
static bool add_list(struct arena *a, str s, size_t at, struct loose *out)
{
    while (out->n < LOOSE_MAX_PIECES) {
        at = skip_blanks(s, at);
        if (at >= s.n || s.p[at] == ']') {
            return at < s.n;
        }
        size_t end = s.p[at] == ',' ? at + 1 : value_end(s, at);
        if (end > s.n || (end == at && s.p[at] == '}')) {
            return false;
        }
        struct json *element = NULL;
        if (s.p[at] != ',' && read_value(a, str_slice(s, at, end), &element)) {
            add_element(out, element);
        }
        at = end;
    }
    return true;
}

bool loose_json_read(struct arena *a, str text, struct loose *out, bool *whole)
{
    struct json *document = NULL;
    size_t before = out->n;
    *whole = true;
    text = str_trim(text);
    if (text.n == 0) {
        return false;
    }
    if ((text.p[0] == '{' || text.p[0] == '[') && read_value(a, text, &document)) {
        add_document(out, document, 0);
        return out->n > before;
    }
    size_t at = find_list(text);
    if (at < text.n) {
        *whole = add_list(a, text, at, out);
    }
    return out->n > before;
}
