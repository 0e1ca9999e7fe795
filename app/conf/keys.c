#include "conf/keys.h"

#include "base/arena.h"
#include "conf/check.h"
#include "conf/table.h"
#include "io/keyfile.h"

/* The parts between commas; false when there are more than fit. Empty ones are kept: they are mistakes. */
static bool split(str text, struct keys_list *out)
{
    out->n = 0;
    for (size_t at = 0; text.n > 0 && at <= text.n;) {
        size_t comma = str_find(text, ',', at);
        if (out->n == KEYS_MAX) {
            return false;
        }
        out->list[out->n++] = str_trim(str_slice(text, at, comma));
        at = comma + 1;
    }
    return true;
}

void keys_secrets(const struct settings *s, struct keys_list *out)
{
    if (s->secret_keys.n > 0) {
        (void)split(s->secret_keys, out);
    } else {
        *out = (struct keys_list){{s->secret_key}, 1};
    }
}

void keys_public_files(const struct settings *s, struct keys_list *out)
{
    (void)split(s->jwt_public_key_files, out);
}

bool keys_are_files(const struct settings *s)
{
    return str_eq(s->algorithm, STR("RS256")) || str_eq(s->algorithm, STR("ES256"));
}

static str check_secret(struct arena *a, str secret, bool production)
{
    const struct setting *one = setting_find(STR("SECRET_KEY"));
    if ((int64_t)secret.n < one->min || (int64_t)secret.n > one->max) {
        return str_format(a, "must have %d to %d bytes, not %zu", (int)one->min, (int)one->max, secret.n);
    }
    return production ? check_secret_strength(a, secret) : (str){"", 0};
}

static str check_secrets(struct arena *a, const struct settings *s, bool production)
{
    struct keys_list l;
    if (s->secret_key.n > 0) {
        return STR("cannot go together with SECRET_KEY: put that one among these, and leave it out");
    }
    if (!split(s->secret_keys, &l)) {
        return str_format(a, "must be at most %d keys", (int)KEYS_MAX);
    }
    for (size_t i = 0; i < l.n; i++) {
        str wrong = check_secret(a, l.list[i], production);
        if (wrong.n > 0) {
            return str_format(a, "key %zu of %zu %.*s", i + 1, l.n, STR_ARGS(wrong));
        }
        for (size_t j = 0; j < i; j++) {
            if (str_eq(l.list[i], l.list[j])) {
                return str_format(a, "key %zu of %zu is the same as key %zu", i + 1, l.n, j + 1);
            }
        }
    }
    return (str){"", 0};
}

static str check_file(struct arena *a, const struct settings *s, str path, bool is_private)
{
    struct keyfile key;
    err wrong = path.n == 0 ? error_new(a, ERROR_INVALID, "an empty path is no file")
                            : keyfile_read(a, str_c(a, path), is_private, s->algorithm, &key);
    return wrong == NULL ? (str){"", 0} : wrong->detail;
}

static str check_private(struct arena *a, const struct settings *s)
{
    if (keys_are_files(s)) {
        return s->jwt_private_key_file.n == 0
                   ? str_format(a, "must be set when ALGORITHM is %.*s", STR_ARGS(s->algorithm))
                   : check_file(a, s, s->jwt_private_key_file, true);
    }
    return s->jwt_private_key_file.n == 0 ? (str){"", 0}
                                          : STR("means nothing unless ALGORITHM is RS256 or ES256");
}

static str check_public(struct arena *a, const struct settings *s)
{
    struct keys_list l;
    if (!keys_are_files(s)) {
        return s->jwt_public_key_files.n == 0 ? (str){"", 0}
                                              : STR("means nothing unless ALGORITHM is RS256 or ES256");
    }
    if (!split(s->jwt_public_key_files, &l) || l.n == KEYS_MAX) {
        return str_format(a, "must be at most %d files", KEYS_MAX - 1); /* the one that signs is another */
    }
    for (size_t i = 0; i < l.n; i++) {
        str wrong = check_file(a, s, l.list[i], false);
        if (wrong.n > 0) {
            return wrong;
        }
    }
    return (str){"", 0};
}

static void add(struct keys_mistake *out, size_t *n, const char *setting, str sentence)
{
    if (sentence.n > 0) {
        out[(*n)++] = (struct keys_mistake){setting, sentence};
    }
}

size_t keys_check(struct arena *a, const struct settings *s, struct keys_mistake *out)
{
    size_t n = 0;
    bool production = str_eq(s->app_env, STR("production"));
    const struct setting *one = setting_find(STR("SECRET_KEY"));
    if (production && (int64_t)s->secret_key.n >= one->min) {
        add(out, &n, "SECRET_KEY", check_secret_strength(a, s->secret_key));
    }
    if (s->secret_keys.n > 0) {
        add(out, &n, "SECRET_KEYS", check_secrets(a, s, production));
    }
    add(out, &n, "JWT_PRIVATE_KEY_FILE", check_private(a, s));
    add(out, &n, "JWT_PUBLIC_KEY_FILES", check_public(a, s));
    return n;
}
