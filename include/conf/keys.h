/*
 * keys: which keys the settings name: the secrets of SECRET_KEY or SECRET_KEYS, the files of JWT_PRIVATE_KEY_FILE and
 * JWT_PUBLIC_KEY_FILES. What is made of them is http/keyring's business.
 *
 *     struct keys_list secrets;
 *     keys_secrets(&settings, &secrets);       // secrets.list[0] signs, all are believed
 */
#ifndef QUIRE_CONF_KEYS_H
#define QUIRE_CONF_KEYS_H

#include <stdbool.h>

#include "conf/settings.h"

/* How many keys can be believed at once, and how many settings can be wrong about them. */
enum { KEYS_MAX = 8, KEYS_MISTAKES = 4 };

/* Texts of the settings, without the blanks around commas; they live as long as those. */
struct keys_list {
    str list[KEYS_MAX];
    size_t n;
};

/* A setting and what is wrong with it, to be read after its name; no secret is in it. */
struct keys_mistake {
    const char *setting;
    str sentence;
};

/* The secrets in force, the first of which signs. */
void keys_secrets(const struct settings *s, struct keys_list *out);
/* The files of public keys that are believed beside the one that signs. */
void keys_public_files(const struct settings *s, struct keys_list *out);
/* Whether ALGORITHM is one that signs by a key file (RS256, ES256). */
bool keys_are_files(const struct settings *s);
/* What is wrong about the keys, at most KEYS_MISTAKES of them in `out`: their number. The key files are read. */
size_t keys_check(struct arena *a, const struct settings *s, struct keys_mistake *out);

#endif
