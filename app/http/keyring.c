#include "http/keyring.h"

#include "base/log.h"
#include "base/str.h"
#include "conf/check.h"
#include "conf/keys.h"
#include "io/jwt_seen.h"
#include "io/keyfile.h"

/* The newest first; each knows the next older one. */
static struct digest_key *seals_of(struct arena *life, const struct keys_list *secrets)
{
    struct digest_key *newest = NULL;
    for (size_t i = secrets->n; i-- > 0;) {
        struct digest_key *key = digest_key_new(life, secrets->list[i]);
        digest_key_follow(key, newest);
        newest = key;
    }
    return newest;
}

static err add_file(struct arena *life, str path, bool is_private, struct jwt_ring *ring)
{
    struct keyfile key;
    TRY(keyfile_read(life, str_c(life, path), is_private, ring->algorithm, &key));
    return jwt_add_keyfile(life, ring, &key);
}

static err add_files(struct arena *life, const struct settings *s, struct jwt_ring *ring)
{
    struct keys_list others;
    keys_public_files(s, &others);
    TRY(add_file(life, s->jwt_private_key_file, true, ring));
    for (size_t i = 0; i < others.n; i++) {
        TRY(add_file(life, others.list[i], false, ring));
    }
    return NULL;
}

static err add_secrets(struct arena *life, const struct keys_list *secrets, struct jwt_ring *ring)
{
    for (size_t i = 0; i < secrets->n; i++) {
        TRY(jwt_add_secret(life, ring, secrets->list[i]));
    }
    return NULL;
}

err keyring_open(struct arena *life, const struct settings *s, struct keyring *out)
{
    struct keys_list secrets;
    struct keyring keys = {
        .tokens = {.algorithm = s->algorithm, .issuer = s->token_issuer, .audience = s->token_audience}};
    keys_secrets(s, &secrets);
    TRY(keys_are_files(s) ? add_files(life, s, &keys.tokens) : add_secrets(life, &secrets, &keys.tokens));
    keys.seals = seals_of(life, &secrets);
    keys.cursors = cipher_new(life, keys.seals, STR("cursor"));
    keys.tokens.seen = jwt_seen_new(life);
    *out = keys;
    return NULL;
}

/* In production the settings themselves refuse it. */
static void warn_of_secrets(struct arena *a, const struct settings *s)
{
    struct keys_list secrets;
    keys_secrets(s, &secrets);
    for (size_t i = 0; i < secrets.n; i++) {
        str why = check_secret_strength(a, secrets.list[i]);
        if (why.n > 0) {
            log_line(LOG_WARN,
                     "the secret key is no secret: anybody can make tokens with it; APP_ENV=production would "
                     "refuse it",
                     "cause", str_c(a, why));
        }
    }
}

void keyring_warn(struct arena *a, const struct settings *s)
{
    warn_of_secrets(a, s);
    if (keys_are_files(s) && keyfile_is_exposed(str_c(a, s->jwt_private_key_file))) {
        log_line(LOG_WARN, "others than its owner can read the file of the private key: chmod 600", "file",
                 str_c(a, s->jwt_private_key_file));
    }
}
