#include "io/gzip.h"

#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "base/arena.h"

enum { GZIP_FORMAT = 16, OUT_BYTES = 64 << 10 };

struct gzip {
    z_stream stream;
    bool packs;
    bool ended; /* the stream to be unpacked has come to its end */
    unsigned char out[OUT_BYTES];
};

static void drop(void *with)
{
    struct gzip *z = with;
    (void)(z->packs ? deflateEnd(&z->stream) : inflateEnd(&z->stream));
}

static struct gzip *make(struct arena *a, bool packs)
{
    struct gzip *z = ARENA_NEW(a, struct gzip);
    z->packs = packs;
    int status = packs ? deflateInit2(&z->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP_FORMAT,
                                      8, Z_DEFAULT_STRATEGY)
                       : inflateInit2(&z->stream, MAX_WBITS + GZIP_FORMAT);
    if (status != Z_OK) {
        abort(); /* only when memory is out */
    }
    arena_defer(a, drop, z);
    return z;
}

struct gzip *gzip_packer(struct arena *a)
{
    return make(a, true);
}

struct gzip *gzip_unpacker(struct arena *a)
{
    return make(a, false);
}

/* Runs the library until it has taken all and has nothing more to give. */
static err turn(struct gzip *z, struct arena *a, int flush, struct gzip_sink sink)
{
    int status = Z_OK;
    do {
        z->stream.next_out = z->out;
        z->stream.avail_out = OUT_BYTES;
        status = z->packs ? deflate(&z->stream, flush) : inflate(&z->stream, flush);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
            return error_new(a, ERROR_INVALID, "the compressed content is broken");
        }
        size_t n = OUT_BYTES - z->stream.avail_out;
        if (n > 0) {
            TRY(sink.take(sink.with, (str){(const char *)z->out, n}));
        }
    } while (status != Z_STREAM_END && z->stream.avail_out == 0);
    z->ended = z->ended || status == Z_STREAM_END;
    return NULL;
}

err gzip_add(struct gzip *z, struct arena *a, str piece, struct gzip_sink sink)
{
    if (z->ended && piece.n > 0) {
        return error_new(a, ERROR_INVALID, "there is something behind the compressed content");
    }
    z->stream.next_in = (const unsigned char *)piece.p;
    z->stream.avail_in = (unsigned)piece.n;
    TRY(turn(z, a, Z_NO_FLUSH, sink));
    return z->stream.avail_in == 0
               ? NULL
               : error_new(a, ERROR_INVALID, "there is something behind the compressed content");
}

err gzip_end(struct gzip *z, struct arena *a, struct gzip_sink sink)
{
    z->stream.avail_in = 0;
    if (z->packs) {
        return turn(z, a, Z_FINISH, sink);
    }
    return z->ended ? NULL : error_new(a, ERROR_INVALID, "the compressed content stops in the middle");
}
