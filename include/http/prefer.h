/*
 * prefer: what a client would rather have (RFC 7240): not to wait at all, or not for long.
 *
 *     struct preference p = prefer_read(c->request->prefer);
 *     if (p.respond_async || p.wait == 0) ... 202 at once
 */
#ifndef QUIRE_HTTP_PREFER_H
#define QUIRE_HTTP_PREFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct preference {
    bool respond_async;
    int64_t wait; /* seconds; -1: not said */
};

/* Reads a Prefer header. What it does not know, or cannot read, it passes over, as RFC 7240 section 2 asks; of a
 * preference given twice the first counts. */
struct preference prefer_read(str header);

#endif
