#include "io/fetch.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "io/curl_door.h"

enum { FIRST_BYTES = 8192 };

struct fetching {
    const struct fetch_request *request;
    struct transfer transfer;
    struct buf body;
};

static size_t take(char *p, size_t size, size_t n, void *user)
{
    struct fetching *f = user;
    buf_put(&f->body, p, size * n);
    return f->body.full ? 0 : size * n;
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

static void set_headers(CURL *curl, struct arena *a, const struct fetch_request *r, struct curl_slist **list)
{
    /* An empty Expect keeps the library from waiting a second for "100 Continue". */
    static const char *const fixed[] = {"Content-Type: application/json", "Accept: application/json",
                                        "Expect:"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        transfer_append(list, fixed[i]);
    }
    if (r->bearer.n > 0) {
        str line = str_format(a, "Authorization: Bearer %.*s", STR_ARGS(r->bearer));
        transfer_append(list, line.p);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *list);
}

static void set_options(CURL *curl, struct fetching *f)
{
    const struct fetch_request *r = f->request;
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "quire");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body.p);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
}

static void read_answer(struct fetching *f, CURLcode code, struct fetch_answer *out)
{
    CURL *curl = f->transfer.curl;
    struct arena *a = f->transfer.a;
    long status = 0;
    char *type = NULL;
    curl_off_t retry_after = 0;
    *out = (struct fetch_answer){.result = result_of(f, code)};
    if (out->result != FETCH_ANSWERED) {
        out->why = out->result == FETCH_TOO_LARGE
                       ? str_format(a, "the answer has more than %zu bytes", f->request->most)
                       : transfer_why(&f->transfer, code);
        return;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    out->status = (unsigned)status;
    out->type = text_repair(a, str_copy(a, str_of(type)));
    out->body = buf_view(&f->body);
    out->retry_after = retry_after > 0 ? (int64_t)retry_after : 0;
}

err fetch_post(struct arena *a, const struct fetch_request *r, struct fetch_answer *out)
{
    struct fetching f = {.request = r, .transfer = {.a = a, .beat = r->beat, .ctx = r->ctx}};
    struct curl_slist *headers = NULL;
    buf_init(&f.body, a, FIRST_BYTES, r->most);
    transfer_open(&f.transfer, r->url, "http,https", r->connect_ms, r->total_ms);
    set_headers(f.transfer.curl, a, r, &headers);
    set_options(f.transfer.curl, &f);
    CURLcode code = transfer_run(&f.transfer);
    if (f.transfer.stopped == NULL) {
        read_answer(&f, code, out);
    }
    transfer_close(&f.transfer);
    curl_slist_free_all(headers);
    return f.transfer.stopped;
}
