#include "io/fetch.h"

#include <curl/curl.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

enum { FIRST_BYTES = 8192, BEAT_MICROS = 500000 };

struct fetching {
    const struct fetch_request *request;
    struct arena *a;
    struct buf body;
    int64_t last_beat;
    err stopped; /* what beat failed with */
    char said[CURL_ERROR_SIZE];
};

static size_t take(char *p, size_t size, size_t n, void *user)
{
    struct fetching *f = user;
    buf_put(&f->body, p, size * n);
    return f->body.full ? 0 : size * n;
}

/* The library calls this about once a second when nothing moves, and oftener when something does. */
static int progress(void *user, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded)
{
    (void)down, (void)downloaded, (void)up, (void)uploaded;
    struct fetching *f = user;
    int64_t now = clock_steady();
    if (f->request->beat != NULL && now - f->last_beat >= BEAT_MICROS) {
        f->last_beat = now;
        f->stopped = f->request->beat(f->request->ctx, f->a);
    }
    return f->stopped == NULL ? 0 : 1;
}

static enum fetch_result result_of(const struct fetching *f, CURLcode code)
{
    if (f->body.full) {
        return FETCH_TOO_LARGE;
    }
    switch ((int)code) {
    case CURLE_OK:
        return FETCH_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMEOUT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return FETCH_REFUSED;
    default:
        return FETCH_BROKEN;
    }
}

static void append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) {
        abort(); /* out of memory */
    }
    *list = longer;
}

static void set_headers(CURL *curl, struct arena *a, const struct fetch_request *r, struct curl_slist **list)
{
    /* An empty Expect keeps the library from waiting a second for "100 Continue". */
    static const char *const fixed[] = {"Content-Type: application/json", "Accept: application/json",
                                        "Expect:"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        append(list, fixed[i]);
    }
    if (r->bearer.n > 0) {
        str line = str_format(a, "Authorization: Bearer %.*s", STR_ARGS(r->bearer));
        append(list, line.p);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *list);
}

static void set_options(CURL *curl, struct fetching *f)
{
    const struct fetch_request *r = f->request;
    curl_easy_setopt(curl, CURLOPT_URL, str_c(f->a, r->url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "quire");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)r->total_ms);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body.p);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, f->said);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, f);
}

static void read_answer(CURL *curl, struct fetching *f, CURLcode code, struct fetch_answer *out)
{
    long status = 0;
    char *type = NULL;
    curl_off_t retry_after = 0;
    *out = (struct fetch_answer){.result = result_of(f, code)};
    if (out->result != FETCH_ANSWERED) {
        const char *said = f->said[0] != '\0' ? f->said : curl_easy_strerror(code);
        out->why = out->result == FETCH_TOO_LARGE
                       ? str_format(f->a, "the answer has more than %zu bytes", f->request->most)
                       : text_repair(f->a, str_copy(f->a, str_of(said)));
        return;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    out->status = (unsigned)status;
    out->type = text_repair(f->a, str_copy(f->a, str_of(type)));
    out->body = buf_view(&f->body);
    out->retry_after = retry_after > 0 ? (int64_t)retry_after : 0;
}

err fetch_post(struct arena *a, const struct fetch_request *r, struct fetch_answer *out)
{
    struct fetching f = {.request = r, .a = a, .last_beat = clock_steady()};
    struct curl_slist *headers = NULL;
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        abort(); /* out of memory */
    }
    buf_init(&f.body, a, FIRST_BYTES, r->most);
    set_headers(curl, a, r, &headers);
    set_options(curl, &f);
    CURLcode code = curl_easy_perform(curl);
    if (f.stopped == NULL) {
        read_answer(curl, &f, code, out);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return f.stopped;
}
