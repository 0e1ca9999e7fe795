#include "http/upload.h"

#include "base/arena.h"
#include "base/text.h"
#include "conf/settings.h"
#include "engine/problem.h"
#include "http/multipart.h"
#include "io/fcgi.h"

/* How much of a text that stands where the file should be is shown in the complaint. */
enum { SHOWN_TEXT = 1000 };

/* What the last part named `file` was. */
enum received { NO_FILE, FILE_PART, TEXT_PART };

struct receiver {
    struct call *c;
    struct multipart parts;
    struct media_file *file;
    size_t file_limit;
    size_t read; /* of the body */
    enum received received;
    bool in_file; /* the part being read is it */
    struct buf text;
};

static err too_large(const struct receiver *r)
{
    return error_new(r->c->arena, ERROR_TOO_LARGE, "The file is larger than %zu bytes", r->file_limit);
}

static err problem_of(struct call *c, bool is_missing, const char *reason, struct input input)
{
    static const struct place root = {.name = STR_INIT("body")};
    static const struct place at = {.within = &root, .name = STR_INIT("file")};
    struct problems problems;
    problems_init(&problems, c->arena);
    if (is_missing) {
        problem_add(&problems, &at, "missing", input, NULL, "Field required");
    } else {
        problem_value(&problems, &at, input, "error", "Value error, ", str_of(reason));
    }
    return error_sure(problems_err(&problems));
}

static err begin_part(struct receiver *r)
{
    struct arena *a = r->c->arena;
    r->in_file = r->parts.has_name && str_eq(r->parts.name, STR("file"));
    if (!r->in_file) {
        return NULL;
    }
    r->received = r->parts.is_file ? FILE_PART : TEXT_PART;
    buf_init(&r->text, a, 64, SHOWN_TEXT);
    return r->file == NULL ? media_begin(r->c->media, a, &r->file) : media_restart(r->file, a);
}

static err take_data(struct receiver *r)
{
    if (!r->in_file) {
        return NULL;
    }
    str data = r->parts.data;
    if (r->received == TEXT_PART) {
        buf_str(&r->text, str_slice(data, 0, SHOWN_TEXT - r->text.n));
        return NULL;
    }
    if (data.n > r->file_limit - media_size(r->file)) {
        return too_large(r);
    }
    return media_write(r->file, r->c->arena, data);
}

static err take(struct receiver *r, str piece)
{
    multipart_give(&r->parts, piece);
    for (enum multipart_event event; (event = multipart_next(&r->parts)) != MULTIPART_MORE;) {
        if (event == MULTIPART_BROKEN) {
            return multipart_broken(r->c->arena);
        }
        if (event == MULTIPART_PART) {
            TRY(begin_part(r));
        } else if (event == MULTIPART_DATA) {
            TRY(take_data(r));
        }
    }
    return NULL;
}

static err check_length(const struct receiver *r)
{
    int64_t announced = r->c->request->content_length;
    if (announced >= 0 && (uint64_t)announced != r->read) {
        return error_new(r->c->arena, ERROR_BAD_REQUEST,
                         "The request body is not as long as its Content-Length says");
    }
    return NULL;
}

static err read_stream(struct receiver *r)
{
    struct arena *a = r->c->arena;
    char *chunk = arena_alloc(a, UPLOAD_CHUNK);
    for (size_t n = 1; n > 0;) {
        TRY(fcgi_read_some(r->c->fcgi, a, chunk, UPLOAD_CHUNK, &n));
        r->read += n;
        if (r->read > r->file_limit + UPLOAD_AROUND) {
            return too_large(r);
        }
        TRY(take(r, (str){chunk, n}));
    }
    TRY(check_length(r));
    return multipart_complete(&r->parts) ? NULL : multipart_broken(a);
}

static err keep_file(struct receiver *r)
{
    struct call *c = r->c;
    str name = {0};
    if (r->received == NO_FILE) {
        return problem_of(c, true, NULL, (struct input){0});
    }
    if (r->received == TEXT_PART) {
        str text = text_repair(c->arena, buf_view(&r->text));
        return problem_of(c, false, "Expected a file, received a text", input_text(text));
    }
    if (media_size(r->file) == 0) {
        return problem_of(c, false, "The file is empty", (struct input){0});
    }
    TRY(media_keep(r->file, c->arena, &name));
    c->upload.n = name.n;
    memcpy(c->upload.name, name.p, name.n);
    return NULL;
}

/* Nothing has been sent when the body is announced to be empty: the part is missing, whatever the content type. */
static err receive(struct receiver *r)
{
    struct call *c = r->c;
    int64_t announced = c->request->content_length;
    if (announced == 0) {
        return problem_of(c, true, NULL, (struct input){0});
    }
    if (!str_eq_nocase(request_media_type(c->request), STR("multipart/form-data"))) {
        return error_new(c->arena, ERROR_MEDIA_TYPE, "the body must be multipart/form-data");
    }
    if (announced > 0 && (uint64_t)announced > r->file_limit + UPLOAD_AROUND) {
        return too_large(r);
    }
    TRY(multipart_init(&r->parts, c->arena, c->request->content_type, UPLOAD_PARTS));
    TRY(read_stream(r));
    return keep_file(r);
}

err upload_receive(struct call *c)
{
    if (c->upload.n > 0) {
        return NULL;
    }
    struct receiver r = {.c = c, .file_limit = (size_t)c->settings->avatar_max_bytes};
    err e = receive(&r);
    if (r.file != NULL) {
        media_discard(r.file); /* before the answer says that nothing was kept */
    }
    return e;
}

str upload_url(const struct call *c)
{
    return str_format(c->arena, "%.*s/%.*s", STR_ARGS(c->settings->media_url), (int)c->upload.n,
                      c->upload.name);
}
