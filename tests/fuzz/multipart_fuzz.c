/* multipart: a body cut into pieces of any size says the same as the whole, its parts are within bounds, and what is
 * handed out stands in it. The first byte says how the body is cut; the boundary is `b`. */
#include <string.h>

#include "base/arena.h"
#include "fuzz.h"
#include "http/multipart.h"

enum { PARTS = 5, LOG_MAX = 1 << 20 };

/* Everything that was said, with the data of a part put together. */
static struct buf tell(struct arena *a, str body, size_t piece)
{
    struct buf log;
    struct multipart m;
    unsigned parts = 0;
    enum multipart_event event = MULTIPART_MORE;
    buf_init(&log, a, 256, LOG_MAX);
    HOLD(multipart_init(&m, a, STR("multipart/form-data; boundary=b"), PARTS) == NULL);
    for (size_t at = 0; at < body.n && event != MULTIPART_BROKEN; at += piece) {
        str given = str_slice(body, at, at + piece);
        char *copy = malloc(given.n); /* so that a sanitizer sees what is read behind it, or later */
        HOLD(copy != NULL);
        memcpy(copy, given.p, given.n);
        multipart_give(&m, (str){copy, given.n});
        while ((event = multipart_next(&m)) != MULTIPART_MORE && event != MULTIPART_BROKEN) {
            if (event == MULTIPART_PART) {
                HOLD(++parts <= PARTS && m.name.n <= MULTIPART_HEAD_MAX);
                buf_printf(&log, "[part %d %d ", m.has_name, m.is_file);
                buf_str(&log, m.name);
                buf_lit(&log, ": ");
            } else if (event == MULTIPART_DATA) {
                HOLD(m.data.n > 0 && memmem(body.p, body.n, m.data.p, m.data.n) != NULL);
                buf_str(&log, m.data);
            } else {
                buf_char(&log, ']');
            }
        }
        free(copy);
    }
    buf_lit(&log, "\n");
    buf_c(&log, event == MULTIPART_BROKEN ? "broken" : multipart_complete(&m) ? "complete" : "unfinished");
    return log;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 20000) {
        return 0;
    }
    struct arena a;
    arena_init(&a, 4096);
    str body = {(const char *)data + 1, size - 1};
    struct buf whole = tell(&a, body, size);
    struct buf cut = tell(&a, body, data[0] % 67 + 1);
    HOLD(str_eq(buf_view(&whole), buf_view(&cut)));
    arena_free(&a);
    return 0;
}
