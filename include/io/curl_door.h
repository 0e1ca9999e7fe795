/*
 * curl_door: what the doors to libcurl (fetch, smtp) share: a handle with the options that each transfer has, and a
 * beat while it lasts. Not for anybody else: it shows the library's types.
 *
 * Nothing of the environment is used (no proxy), certificates are verified, no signal is taken. The handle belongs to
 * whoever opened the transfer and is freed by transfer_close(); the texts live in the arena.
 *
 *     struct transfer t = {.a = a, .beat = beat, .ctx = ctx};
 *     transfer_open(&t, url, "http,https", 5000, 30000);
 *     CURLcode code = transfer_run(&t);
 *     str why = transfer_why(&t, code);
 *     transfer_close(&t);
 */
#ifndef QUIRE_IO_CURL_DOOR_H
#define QUIRE_IO_CURL_DOOR_H

#include <curl/curl.h>

#include "base/err.h"

struct arena;

struct transfer {
    struct arena *a;
    err (*beat)(void *ctx, struct arena *a); /* called about once a second while it lasts; may be NULL */
    void *ctx;
    bool deaf; /* beat is not asked any more: what has been sent cannot be taken back */
    /* the rest is transfer_open()'s */
    CURL *curl;
    int64_t last_beat;
    int64_t deadline; /* clock_steady() */
    bool late;
    err stopped; /* what beat failed with */
    char said[CURL_ERROR_SIZE];
};

/* Makes the handle. protocols: those that the address may have, comma-separated; connect_ms for name, connection and
 * TLS, total_ms for everything, both at least 1. The transfer must stay where it is until it is closed. */
void transfer_open(struct transfer *t, str url, const char *protocols, int64_t connect_ms, int64_t total_ms);
/* Runs it. The library does not count its waiting for an SMTP server's last word as part of the time: we do, and then
 * it is CURLE_OPERATION_TIMEDOUT as ever. */
CURLcode transfer_run(struct transfer *t);
/* What the library says of a failure: valid UTF-8, at most a few hundred bytes. */
str transfer_why(const struct transfer *t, CURLcode code);
void transfer_close(struct transfer *t);
/* Puts a copy of line at the end of a list of the library's; curl_slist_free_all() frees it. */
void transfer_append(struct curl_slist **list, const char *line);

#endif
