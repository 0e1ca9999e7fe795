#include "twin.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

enum { MAC = 16, HEAD = 2, VALUE = 9, CURSOR = MAC + HEAD + VALUE, TEXT = CURSOR / 3 * 4 };

static EVP_MAC_CTX *mac;
static EVP_CIPHER_CTX *cipher;

/* One of the two keys that quire's io/cipher makes of the secret. */
static bool derive(const char *secret, const char *label, unsigned char key[32])
{
    return HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)label, strlen(label), key,
                NULL) != NULL;
}

bool cursor_init(const char *secret)
{
    unsigned char key[32];
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    cipher = EVP_CIPHER_CTX_new();
    return derive(secret, "cipher\ncursor\nmac", key) && EVP_MAC_init(mac, key, sizeof key, params) == 1 &&
           derive(secret, "cipher\ncursor\nkey", key) &&
           EVP_EncryptInit_ex(cipher, EVP_aes_256_ctr(), NULL, key, NULL) == 1;
}

static uint64_t hash(const char *p, size_t n)
{
    uint64_t h = 0xCBF29CE484222325U ^ n;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        h = (h ^ word) * 0x9E3779B97F4A7C15U;
        h ^= h >> 29;
    }
    for (; i < n; i++) {
        h = (h ^ (unsigned char)p[i]) * 0x100000001B3U;
    }
    return h ^ h >> 32;
}

void put_etag(long long version)
{
    size_t n = strlen(out.headers);
    (void)snprintf(out.headers + n, sizeof out.headers - n, "ETag: \"%lld-%016llx\"\r\n", version,
                   (unsigned long long)hash(out.text, out.n));
}

/* 27 bytes: base64 comes out even. */
static void encode(const unsigned char *bytes, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < CURSOR; i += 3) {
        unsigned three = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];
        *text++ = digits[three >> 18];
        *text++ = digits[three >> 12 & 63];
        *text++ = digits[three >> 6 & 63];
        *text++ = digits[three & 63];
    }
}

/* The position behind (or before) the post with that id in the list by id: quire's form, quire's seal. */
static void put_cursor(char *text, long long id, bool backward)
{
    static const char bound[] = "/api/v1/posts\nid\n\n";
    const uint64_t bound_n = sizeof bound - 1;
    unsigned char plain[HEAD + VALUE] = {2, backward, 2};
    unsigned char bytes[CURSOR];
    unsigned char full[32];
    size_t n = 0;
    int encrypted = 0;
    for (int i = 0; i < 8; i++) {
        plain[HEAD + 1 + i] = (unsigned char)(id >> (8 * i) & 255);
    }
    if (EVP_MAC_init(mac, NULL, 0, NULL) != 1 ||
        EVP_MAC_update(mac, (const unsigned char *)&bound_n, sizeof bound_n) != 1 ||
        EVP_MAC_update(mac, (const unsigned char *)bound, bound_n) != 1 ||
        EVP_MAC_update(mac, plain, sizeof plain) != 1 || EVP_MAC_final(mac, full, &n, sizeof full) != 1 ||
        EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, full) != 1 ||
        EVP_EncryptUpdate(cipher, bytes + MAC, &encrypted, plain, sizeof plain) != 1) {
        return;
    }
    memcpy(bytes, full, MAC);
    encode(bytes, text);
    text[TEXT] = '\0';
}

/* The query without skip, and a & behind it when anything is left. */
static void copy_query(const char *query, char *to, size_t size)
{
    size_t n = 0;
    for (const char *at = query; *at != '\0';) {
        size_t length = strcspn(at, "&");
        if (length > 0 && strncmp(at, "skip=", 5) != 0 && n + length + 2 < size) {
            memcpy(to + n, at, length);
            n += length;
            to[n++] = '&';
        }
        at += length + (at[length] == '&');
    }
    to[n] = '\0';
}

void put_links(const char *query, long long next_after, long long prev_before)
{
    char kept[128];
    char cursor[TEXT + 1];
    size_t room = sizeof out.headers;
    copy_query(query, kept, sizeof kept);
    size_t length = strlen(kept);
    int n = snprintf(out.headers, room, "Link: </api/v1/posts%s%.*s>; rel=\"first\"", length > 0 ? "?" : "",
                     length > 0 ? (int)length - 1 : 0, kept);
    if (next_after != 0) {
        put_cursor(cursor, next_after, false);
        n += snprintf(out.headers + n, room - (size_t)n, ", </api/v1/posts?%scursor=%s>; rel=\"next\"", kept,
                      cursor);
    }
    if (prev_before != 0) {
        put_cursor(cursor, prev_before, true);
        n += snprintf(out.headers + n, room - (size_t)n, ", </api/v1/posts?%scursor=%s>; rel=\"prev\"", kept,
                      cursor);
    }
    (void)snprintf(out.headers + n, room - (size_t)n, "\r\n");
}
