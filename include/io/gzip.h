/*
 * gzip: the door to zlib: a gzip stream (RFC 1952) made or read piece by piece, in bounded memory.
 *
 *     struct gzip *z = gzip_packer(a);
 *     TRY(gzip_add(z, a, text, sink));             // sink gets compressed pieces
 *     TRY(gzip_end(z, a, sink));
 */
#ifndef QUIRE_IO_GZIP_H
#define QUIRE_IO_GZIP_H

#include "base/err.h"

struct arena;
struct gzip;

/* Where the pieces go; each is good until `take` returns. */
struct gzip_sink {
    err (*take)(void *with, str piece);
    void *with;
};

/* One that compresses, one that unpacks. They live as long as what is in the arena. */
struct gzip *gzip_packer(struct arena *a);
struct gzip *gzip_unpacker(struct arena *a);
/* Takes a piece in. ERROR_INVALID when what is unpacked is no gzip stream; else what the sink failed with. */
MUST_USE err gzip_add(struct gzip *z, struct arena *a, str piece, struct gzip_sink sink);
/* All was added: gives out what is left. ERROR_INVALID when what was unpacked stops in the middle. */
MUST_USE err gzip_end(struct gzip *z, struct arena *a, struct gzip_sink sink);

#endif
