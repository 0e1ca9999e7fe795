#include "io/curl_door.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

/* The library's own limit, which says more of what went wrong, comes first. */
enum { BEAT_MICROS = 500000, GRACE_MS = 500 };

/* The library calls this about once a second when nothing moves, and oftener when something does. */
static int progress(void *user, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded)
{
    (void)down, (void)downloaded, (void)up, (void)uploaded;
    struct transfer *t = user;
    int64_t now = clock_steady();
    if (t->beat != NULL && !t->deaf && now - t->last_beat >= BEAT_MICROS) {
        t->last_beat = now;
        t->stopped = t->beat(t->ctx, t->a);
    }
    t->late = now > t->deadline;
    return t->stopped == NULL && !t->late ? 0 : 1;
}

void transfer_open(struct transfer *t, str url, const char *protocols, int64_t connect_ms, int64_t total_ms)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        abort(); /* out of memory */
    }
    t->curl = curl;
    t->last_beat = clock_steady();
    t->deadline = t->last_beat + (total_ms + GRACE_MS) * 1000;
    curl_easy_setopt(curl, CURLOPT_URL, str_c(t->a, url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* A connection that is kept would be closed with the handle, and an SMTP server's farewell be waited for without
     * any limit of ours. */
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)total_ms);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->said);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
}

CURLcode transfer_run(struct transfer *t)
{
    CURLcode code = curl_easy_perform(t->curl);
    return code == CURLE_ABORTED_BY_CALLBACK && t->stopped == NULL ? CURLE_OPERATION_TIMEDOUT : code;
}

str transfer_why(const struct transfer *t, CURLcode code)
{
    const char *said = t->said[0] != '\0' && !t->late ? t->said : curl_easy_strerror(code);
    return text_repair(t->a, str_copy(t->a, str_of(said)));
}

void transfer_close(struct transfer *t)
{
    curl_easy_cleanup(t->curl);
    t->curl = NULL;
}

void transfer_append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) {
        abort(); /* out of memory */
    }
    *list = longer;
}
