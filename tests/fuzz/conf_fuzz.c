/* dotenv and database_url: whatever the text, a line is good or has a problem that does not show its value; what is
 * written back reads back. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conf/check.h"
#include "conf/database_url.h"
#include "conf/dotenv.h"
#include "fuzz.h"

static void check_line(struct arena *a, const struct dotenv_line *l)
{
    if (l->problem != NULL) {
        HOLD(l->problem[0] != '\0');
        return;
    }
    struct buf out;
    buf_init(&out, a, 256, 1 << 20);
    buf_str(&out, l->name);
    buf_char(&out, '=');
    HOLD(l->value.n == 0 || memchr(l->value.p, '\0', l->value.n) == NULL);
    dotenv_put(&out, l->value);
    buf_lit(&out, "  # where");
    const struct dotenv_line *again = dotenv_parse(a, buf_view(&out));
    HOLD(again != NULL && again->problem == NULL && again->next == NULL);
    HOLD(str_eq(again->name, l->name) && str_eq(again->value, l->value));
}

static void check_url(struct arena *a, str text)
{
    struct database_url u;
    str why = {0};
    if (!database_url_parse(a, text, &u, &why)) {
        HOLD(why.n > 0);
        return;
    }
    HOLD(u.port >= 0 && u.port <= 65535);
    HOLD(u.password.n == 0 || (u.has_password && memchr(u.password.p, '\0', u.password.n) == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 4096);
    str text = {(const char *)data, size};
    unsigned number = 0;
    for (const struct dotenv_line *l = dotenv_parse(&a, text); l != NULL; l = l->next) {
        HOLD(l->number > number);
        number = l->number;
        check_line(&a, l);
    }
    check_url(&a, text);
    struct buf url;
    buf_init(&url, &a, 256, 1 << 20);
    buf_lit(&url, "mysql://");
    buf_str(&url, text);
    check_url(&a, buf_view(&url));
    if (memchr(data, '\0', size) == NULL) {
        (void)check_origins(&a, text);
        (void)check_listen(&a, text);
        (void)check_base_path(&a, text);
        (void)check_secret_strength(&a, text);
    }
    arena_free(&a);
    return 0;
}
