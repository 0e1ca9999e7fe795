#include "twin.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <crypt.h>
#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

enum { TOKEN_SECONDS = 1800, SESSION_SECONDS = 14 * 86400, PASSWORD_BYTES = 72 };

static const char *secret;
static char kid[17]; /* names the secret, as quire does */

static void hex(char *text, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
}

void token_init(const char *key)
{
    unsigned char sum[SHA256_DIGEST_LENGTH];
    secret = key;
    (void)SHA256((const unsigned char *)key, strlen(key), sum);
    hex(kid, sum, sizeof kid / 2);
}

static bool text_is(const char *text, const char *expected)
{
    return text != NULL && strcmp(text, expected) == 0;
}

/* libjwt 1.10 writes out of bounds on an empty part, so that is looked at first. */
static bool has_three_parts(const char *token)
{
    const char *first = strchr(token, '.');
    const char *second = first == NULL ? NULL : strchr(first + 1, '.');
    return second != NULL && first > token && second > first + 1 && second[1] != '\0' &&
           strchr(second + 1, '.') == NULL;
}

bool token_read(const char *token)
{
    jwt_t *jwt = NULL;
    if (!has_three_parts(token) ||
        jwt_decode(&jwt, token, (const unsigned char *)secret, (int)strlen(secret)) != 0) {
        return false;
    }
    long now = (long)time(NULL);
    in.owner = jwt_get_grant_int(jwt, "id");
    in.session = jwt_get_grant_int(jwt, "sid");
    bool good = jwt_get_alg(jwt) == JWT_ALG_HS256 && text_is(jwt_get_header(jwt, "kid"), kid) &&
                jwt_get_header(jwt, "crit") == NULL && jwt_get_grant_int(jwt, "exp") > now &&
                jwt_get_grant_int(jwt, "iat") <= now + 60 && jwt_get_grant_int(jwt, "nbf") <= now &&
                text_is(jwt_get_grant(jwt, "iss"), "quire") && text_is(jwt_get_grant(jwt, "aud"), "quire") &&
                in.owner > 0 && in.session > 0;
    jwt_free(jwt);
    return good;
}

/* Appends a token as a JSON string. */
static bool put_token(long now)
{
    unsigned char bytes[16];
    char jti[33];
    char sub[24];
    jwt_t *jwt = NULL;
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes || jwt_new(&jwt) != 0) {
        return false;
    }
    hex(jti, bytes, sizeof bytes);
    (void)snprintf(sub, sizeof sub, "%lld", in.owner);
    bool good = jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)secret, (int)strlen(secret)) == 0 &&
                jwt_add_header(jwt, "kid", kid) == 0 && jwt_add_grant_int(jwt, "id", in.owner) == 0 &&
                jwt_add_grant(jwt, "sub", sub) == 0 && jwt_add_grant_int(jwt, "sid", in.session) == 0 &&
                jwt_add_grant_int(jwt, "iat", now) == 0 &&
                jwt_add_grant_int(jwt, "exp", now + TOKEN_SECONDS) == 0 &&
                jwt_add_grant(jwt, "iss", "quire") == 0 && jwt_add_grant(jwt, "aud", "quire") == 0 &&
                jwt_add_grant(jwt, "jti", jti) == 0;
    char *text = good ? jwt_encode_str(jwt) : NULL;
    if (text != NULL) {
        put_text(text, strlen(text));
    }
    free(text);
    jwt_free(jwt);
    return text != NULL;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 : -1;
}

/* A field of the form in body; false when it is not there or longer than the buffer. Ends in NUL. */
static bool form_field(const char *name, char *to, size_t most, unsigned long *n)
{
    size_t length = strlen(name);
    const char *at = body;
    while (at != NULL && !(strncmp(at, name, length) == 0 && at[length] == '=')) {
        at = strchr(at, '&') == NULL ? NULL : strchr(at, '&') + 1;
    }
    if (at == NULL) {
        return false;
    }
    for (*n = 0, at += length + 1; *at != '\0' && *at != '&'; at++) {
        if (*n + 1 == most) {
            return false;
        }
        if (*at == '%' && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0) {
            to[(*n)++] = (char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
            at += 2;
        } else {
            to[(*n)++] = *at == '+' ? ' ' : *at;
        }
    }
    to[*n] = '\0';
    return true;
}

/* The name that was typed, folded as far as ASCII goes. */
static bool read_login(char *password, size_t most)
{
    unsigned long n = 0;
    if (!form_field("username", in.login, sizeof in.login, &in.login_n) ||
        !form_field("password", password, most, &n) || n == 0 || strlen(password) != n) {
        return false;
    }
    for (unsigned long i = 0; i < in.login_n; i++) {
        in.login[i] = (char)tolower((unsigned char)in.login[i]);
    }
    return true;
}

/* Whether the password is that of the row; when there is no row it takes as long. */
static bool check_password(bool found, const char *password)
{
    static struct crypt_data work;
    static const char decoy[] = "$2b$12$quireDecoyquireDecoyququireDecoyquireDecoyquireDecoy/";
    row.hash[found ? row.hash_n : 0] = '\0';
    const char *hash = found ? row.hash : decoy;
    const char *made = crypt_rn(password, hash, &work, (int)sizeof work);
    return made != NULL && found && strlen(made) == row.hash_n && CRYPTO_memcmp(made, hash, row.hash_n) == 0;
}

static void keep(const char *param, char *to, size_t most, unsigned long *n, my_bool *null)
{
    *n = param == NULL ? 0 : strnlen(param, most);
    *null = *n == 0;
    memcpy(to, param == NULL ? "" : param, *n);
}

/* The log-in as a security event: by nobody yet, of in.owner, from the /24 of an IPv4 address. */
static void keep_event(const char *address)
{
    enum { LOGIN = 1, LAST_BYTE = 0xFF };
    struct in_addr bytes;
    bool known = address != NULL && inet_pton(AF_INET, address, &bytes) == 1;
    in.event = LOGIN;
    in.network_null = !known;
    if (known) {
        char text[INET_ADDRSTRLEN];
        bytes.s_addr &= htonl(~(uint32_t)LAST_BYTE);
        (void)inet_ntop(AF_INET, &bytes, text, sizeof text);
        in.network_n = (unsigned long)snprintf(in.network, sizeof in.network, "%s/24", text);
    }
}

MYSQL_TIME moment_of(time_t seconds, long nanoseconds)
{
    struct tm civil;
    (void)gmtime_r(&seconds, &civil);
    return (MYSQL_TIME){.year = (unsigned)civil.tm_year + 1900,
                        .month = (unsigned)civil.tm_mon + 1,
                        .day = (unsigned)civil.tm_mday,
                        .hour = (unsigned)civil.tm_hour,
                        .minute = (unsigned)civil.tm_min,
                        .second = (unsigned)civil.tm_sec,
                        .second_part = (unsigned long)nanoseconds / 1000,
                        .time_type = MYSQL_TIMESTAMP_DATETIME};
}

enum { REFRESH_BYTES = 32, REFRESH_TEXT = 43 };

static char refresh[REFRESH_TEXT + 2]; /* base64 pads it to a multiple of four */

/* A refresh token, and in.digest of it. */
static bool make_refresh(void)
{
    unsigned char bytes[REFRESH_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        return false;
    }
    (void)EVP_EncodeBlock((unsigned char *)refresh, bytes, sizeof bytes);
    refresh[REFRESH_TEXT] = '\0';
    for (char *c = refresh; *c != '\0'; c++) {
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
    }
    (void)SHA256((const unsigned char *)refresh, REFRESH_TEXT, (unsigned char *)in.digest);
    in.digest_n = sizeof in.digest;
    return true;
}

/* The session of in.owner, if the password that was checked is theirs still: 1; 0 when not, -1 on an error. */
static int open_session(void)
{
    if (!begin_transaction()) {
        return -1;
    }
    if (!execute(CONFIRM)) {
        return -1;
    }
    if (matched(CONFIRM) == 0) {
        return roll_back() ? 0 : -1;
    }
    if (!execute(ADD_SESSION)) {
        return -1;
    }
    in.session = new_id(ADD_SESSION);
    if (!execute(DROP_SESSIONS) || !make_refresh() || !execute(ADD_REFRESH) || !execute(ADD_EVENT)) {
        return -1;
    }
    return commit() ? 1 : -1;
}

bool log_in(const char *agent, const char *address)
{
    char password[PASSWORD_BYTES + 1];
    struct timespec now;
    if (!read_login(password, sizeof password)) {
        refuse(422, "no good form");
        return true;
    }
    int got = fetch_one(ACCOUNT);
    if (got < 0 || !check_password(got == 1, password) || !row.active) {
        refuse(403, "wrong name or password");
        return got >= 0;
    }
    (void)clock_gettime(CLOCK_REALTIME, &now);
    in.owner = row.id;
    in.now = moment_of(now.tv_sec, now.tv_nsec);
    in.expires = moment_of(now.tv_sec + SESSION_SECONDS, now.tv_nsec);
    keep(agent, in.agent, sizeof in.agent, &in.agent_n, &in.agent_null);
    keep(address, in.address, sizeof in.address, &in.address_n, &in.address_null);
    keep_event(address);
    got = open_session();
    if (got <= 0) {
        refuse(403, "wrong name or password");
        return got == 0;
    }
    PUT("{\"access_token\":");
    if (!put_token((long)now.tv_sec)) {
        return false;
    }
    PUT(",\"token_type\":\"bearer\",\"expires_in\":");
    put_int(TOKEN_SECONDS);
    PUT(",\"refresh_token\":");
    put_text(refresh, REFRESH_TEXT);
    PUT("}");
    return true;
}
