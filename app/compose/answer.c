#include "compose/answer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/text.h"

enum { SAID_BYTES = 200, TEXT_BYTES = 1 << 20, MODEL_BYTES = 100 };

static const struct json *read_json(struct arena *a, str text)
{
    struct json *document = NULL;
    struct json_failure why;
    return json_read(a, text, &json_default_limits, &document, &why) == JSON_READ_OK ? document : NULL;
}

static str string_member(const struct json *object, str name)
{
    const struct json *m = json_member(object, name);
    return m != NULL && m->type == JSON_STRING ? m->text : (str){"", 0};
}

static int64_t count_member(const struct json *object, str name)
{
    const struct json *m = json_member(object, name);
    uint64_t count = 0;
    bool good = m != NULL && m->type == JSON_INT && str_to_uint(m->text, &count);
    return good ? (int64_t)count : -1;
}

/* On one line and no longer than a log wants it. */
static str shorten(struct arena *a, str s, size_t most)
{
    s = text_start(s, most);
    char *copy = str_c(a, s);
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)copy[i] < ' ') {
            copy[i] = ' ';
        }
    }
    return (str){copy, s.n};
}

/* {"error": {"message": "..."}}, {"error": "..."}, {"object": "error", "message": "..."}, {"detail": "..."}. */
static bool find_error(struct arena *a, const struct json *document, str *said)
{
    const struct json *error = json_member(document, STR("error"));
    bool found = error != NULL && error->type != JSON_NULL;
    str message = found && error->type == JSON_STRING ? error->text : string_member(error, STR("message"));
    if (!found && str_eq(string_member(document, STR("object")), STR("error"))) {
        found = true;
        message = string_member(document, STR("message"));
    }
    const struct json *detail = json_member(document, STR("detail"));
    if (!found && detail != NULL && json_member(document, STR("choices")) == NULL) {
        found = true;
        message = string_member(document, STR("detail"));
    }
    *said = shorten(a, message, SAID_BYTES);
    return found;
}

/* A text, or a list of parts of which some are texts. */
static void put_content(struct buf *out, const struct json *content)
{
    if (content == NULL) {
        return;
    }
    if (content->type == JSON_STRING) {
        buf_str(out, content->text);
    }
    for (const struct json *part = content->first; content->type == JSON_ARRAY && part != NULL;
         part = part->next) {
        buf_str(out, string_member(part, STR("text")));
    }
}

/* What a choice says: in its message, its delta, as a tool's arguments, or as the text of the older protocol. */
static void take_choice(struct answer *out, struct buf *text, const struct json *document)
{
    const struct json *choices = json_member(document, STR("choices"));
    const struct json *choice = choices != NULL && choices->type == JSON_ARRAY ? choices->first : NULL;
    const struct json *message = json_member(choice, STR("message"));
    message = message != NULL ? message : json_member(choice, STR("delta"));
    size_t before = text->n;
    put_content(text, json_member(message, STR("content")));
    const struct json *calls = json_member(message, STR("tool_calls"));
    if (text->n == before && calls != NULL && calls->type == JSON_ARRAY) {
        const struct json *function = json_member(calls->first, STR("function"));
        put_content(text, json_member(function, STR("arguments")));
    }
    if (text->n == before) {
        put_content(text, json_member(choice, STR("text")));
    }
    str finish = string_member(choice, STR("finish_reason"));
    out->cut = out->cut || str_eq(finish, STR("length"));
    out->ended = out->ended || finish.n > 0;
    if (string_member(message, STR("refusal")).n > 0 || str_eq(finish, STR("content_filter"))) {
        out->kind = ANSWER_REFUSAL;
    } else if (choice != NULL && out->kind == ANSWER_FOREIGN) {
        out->kind = ANSWER_TEXT;
    }
}

static void take_facts(struct arena *a, struct answer *out, const struct json *document)
{
    const struct json *usage = json_member(document, STR("usage"));
    str model = string_member(document, STR("model"));
    if (model.n > 0) {
        out->model = shorten(a, model, MODEL_BYTES);
    }
    if (usage != NULL && usage->type == JSON_OBJECT) {
        out->prompt_tokens = count_member(usage, STR("prompt_tokens"));
        out->completion_tokens = count_member(usage, STR("completion_tokens"));
    }
}

static void take_document(struct arena *a, struct answer *out, struct buf *text, const struct json *document)
{
    if (find_error(a, document, &out->said)) {
        out->kind = ANSWER_ERROR;
        return;
    }
    take_choice(out, text, document);
    take_facts(a, out, document);
}

/* -- server-sent events (HTML Standard, section 9.2) -- */

static bool is_stream(str body)
{
    return str_starts(body, STR("data:")) || str_starts(body, STR("event:")) ||
           str_starts(body, STR("id:")) || str_starts(body, STR(":"));
}

static void read_stream(struct arena *a, str body, struct answer *out, struct buf *text)
{
    for (size_t at = 0; at < body.n && out->kind != ANSWER_ERROR;) {
        size_t end = str_find(body, '\n', at);
        str line = str_trim(str_slice(body, at, end));
        at = end + 1;
        if (!str_starts(line, STR("data:"))) {
            continue;
        }
        str data = str_trim(str_slice(line, 5, line.n));
        if (str_eq(data, STR("[DONE]"))) {
            out->ended = true;
            return;
        }
        const struct json *event = read_json(a, data);
        if (event != NULL) {
            take_document(a, out, text, event);
        }
    }
}

void answer_read(struct arena *a, str body, struct answer *out)
{
    struct buf text;
    *out = (struct answer){.kind = ANSWER_FOREIGN, .prompt_tokens = -1, .completion_tokens = -1};
    buf_init(&text, a, 1024, TEXT_BYTES);
    body = str_trim(body);
    if (is_stream(body)) {
        read_stream(a, text_repair(a, body), out, &text);
        out->cut = out->cut || !out->ended;
    } else {
        const struct json *document = read_json(a, body);
        if (document != NULL && document->type == JSON_OBJECT) {
            take_document(a, out, &text, document);
        }
    }
    out->text = buf_view(&text);
}
