#include "twin.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <json-c/json.h>

enum { PAGE_MOST = 100 };

struct answer out;

void put(const char *p, size_t n)
{
    if (n > sizeof out.text - out.n) {
        (void)fputs("twin: an answer exceeds its buffer\n", stderr);
        abort();
    }
    memcpy(out.text + out.n, p, n);
    out.n += n;
}

void put_int(long long value)
{
    char digits[24];
    size_t at = sizeof digits;
    unsigned long long rest = value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    put(digits + at, sizeof digits - at);
}

static void put_escape(unsigned char c)
{
    static const char letters[] = "btn\0fr"; /* for 8 to 13 */
    char text[8];
    if (c == '"' || c == '\\') {
        put((char[]){'\\', (char)c}, 2);
    } else if (c >= 8 && c <= 13 && c != 11) {
        put((char[]){'\\', letters[c - 8]}, 2);
    } else {
        put(text, (size_t)snprintf(text, sizeof text, "\\u%04x", c));
    }
}

static bool must_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* The index of the first byte from `at` on that must be escaped, or n. Eight at a time: a byte's top bit is marked
 * when it is under 0x20, a quote, a backslash; the lowest mark is always a true one. */
static size_t plain_until(const char *p, size_t at, size_t n)
{
    const unsigned long long each = 0x0101010101010101U;
    for (; n - at >= 8; at += 8) {
        unsigned long long eight;
        memcpy(&eight, p + at, sizeof eight);
        eight = le64toh(eight);
        unsigned long long marks =
            (eight - each * 0x20) | ((eight ^ each * '"') - each) | ((eight ^ each * '\\') - each);
        marks &= ~eight & each * 0x80;
        if (marks != 0) {
            return at + (size_t)__builtin_ctzll(marks) / 8;
        }
    }
    while (at < n && !must_escape((unsigned char)p[at])) {
        at++;
    }
    return at;
}

void put_text(const char *p, size_t n)
{
    PUT("\"");
    for (size_t at = 0; at < n; at++) {
        size_t end = plain_until(p, at, n);
        put(p + at, end - at);
        if (end < n) {
            put_escape((unsigned char)p[end]);
        }
        at = end;
    }
    PUT("\"");
}

static char *digits_of(char *at, unsigned long value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

void put_time(const MYSQL_TIME *t)
{
    char text[32] = "\"";
    char *at = digits_of(text + 1, t->year, 4);
    *at++ = '-';
    at = digits_of(at, t->month, 2);
    *at++ = '-';
    at = digits_of(at, t->day, 2);
    *at++ = 'T';
    at = digits_of(at, t->hour, 2);
    *at++ = ':';
    at = digits_of(at, t->minute, 2);
    *at++ = ':';
    at = digits_of(at, t->second, 2);
    if (t->second_part != 0) {
        *at++ = '.';
        at = digits_of(at, t->second_part, 6);
    }
    *at++ = 'Z';
    *at++ = '"';
    put(text, (size_t)(at - text));
}

static void put_post(void)
{
    PUT("{\"id\":");
    put_int(row.id);
    PUT(",\"title\":");
    put_text(row.title, row.title_n);
    PUT(",\"content\":");
    put_text(row.content, row.content_n);
    if (row.published) {
        PUT(",\"published\":true,\"owner_id\":");
    } else {
        PUT(",\"published\":false,\"owner_id\":");
    }
    put_int(row.owner);
    /* A post always has an owner: the reference is NOT NULL, and the database keeps it. */
    PUT(",\"owner\":{\"id\":");
    put_int(row.user);
    PUT(",\"username\":");
    put_text(row.username, row.username_n);
    PUT("},\"votes\":");
    put_int(row.votes);
    PUT(",\"score\":");
    put_int(row.score);
    PUT(",\"comment_count\":");
    put_int(row.comments);
    PUT(",\"created_at\":");
    put_time(&row.created);
    PUT(",\"updated_at\":");
    put_time(&row.updated);
    PUT("}");
}

/* The answer is an error. */
void refuse(int code, const char *why)
{
    out.status = code;
    out.n = 0;
    PUT("{\"detail\":\"");
    put(why, strlen(why));
    PUT("\"}");
}

bool show_post(const char *id)
{
    char *end = NULL;
    errno = 0;
    in.id = strtoll(id, &end, 10);
    if (!isdigit((unsigned char)*id) || *end != '\0' || errno != 0) {
        refuse(422, "bad id");
        return true;
    }
    in.published = 1;
    int got = fetch_one(ONE_POST);
    if (got == 1) {
        put_post();
        put_etag(row.version);
    } else if (got == 0) {
        refuse(404, "no such post");
    }
    return got >= 0;
}

/* A number in the query; false when there is one that is none, or out of bounds. */
static bool query_number(const char *query, const char *name, long long least, long long most,
                         long long *number)
{
    size_t n = strlen(name);
    for (const char *at = query; at != NULL; at = strchr(at, '&') == NULL ? NULL : strchr(at, '&') + 1) {
        if (strncmp(at, name, n) == 0 && at[n] == '=') {
            char *end = NULL;
            errno = 0;
            *number = strtoll(at + n + 1, &end, 10);
            return isdigit((unsigned char)at[n + 1]) && (*end == '\0' || *end == '&') && errno == 0 &&
                   *number >= least && *number <= most;
        }
    }
    return true;
}

bool list_posts(const char *query)
{
    in.limit = 10;
    in.skip = 0;
    in.published = 1;
    if (!query_number(query, "limit", 1, PAGE_MOST, &in.limit) ||
        !query_number(query, "skip", 0, LLONG_MAX, &in.skip)) {
        refuse(422, "bad number");
        return true;
    }
    long long limit = in.limit++; /* one more, to know whether there is a next page */
    long long first = 0;
    long long last = 0;
    bool more = false;
    int got = execute(PAGE) ? 1 : -1;
    PUT("[");
    for (long long n = 0; got == 1 && (got = fetch(PAGE)) == 1; n++) {
        more = n == limit;
        if (more) {
            continue;
        }
        if (n > 0) {
            PUT(",");
        }
        put_post();
        first = n == 0 ? row.id : first;
        last = row.id;
    }
    PUT("]");
    put_links(query, more ? last : 0, in.skip > 0 ? first : 0);
    return got == 0;
}

static size_t characters(const char *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += ((unsigned char)p[i] & 0xC0) != 0x80;
    }
    return count;
}

/* A text of the object into a buffer of `in`, which holds as many characters as allowed at four bytes each. */
static bool take_text(json_object *object, const char *name, size_t least, size_t most, char *to,
                      unsigned long *n)
{
    json_object *value = NULL;
    if (!json_object_object_get_ex(object, name, &value) || !json_object_is_type(value, json_type_string)) {
        return false;
    }
    const char *text = json_object_get_string(value);
    size_t length = (size_t)json_object_get_string_len(value);
    size_t count = characters(text, length);
    if (count < least || count > most || memchr(text, '\0', length) != NULL) {
        return false;
    }
    memcpy(to, text, length);
    *n = length;
    return true;
}

/* The body into in.title, in.content and in.published. */
static bool read_post(void)
{
    static struct json_tokener *tokener;
    if (tokener == NULL) {
        tokener = json_tokener_new();
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    }
    json_tokener_reset(tokener);
    /* With its NUL, which tells the library that nothing follows. */
    json_object *object = json_tokener_parse_ex(tokener, body, (int)body_n + 1);
    json_object *published = NULL;
    bool good = object != NULL && json_object_is_type(object, json_type_object) &&
                take_text(object, "title", 1, TITLE_BYTES / 4, in.title, &in.title_n) &&
                take_text(object, "content", 0, CONTENT_BYTES / 4, in.content, &in.content_n);
    in.published = 1;
    if (good && json_object_object_get_ex(object, "published", &published)) {
        good = json_object_is_type(published, json_type_boolean);
        in.published = (signed char)(json_object_get_boolean(published) != 0);
    }
    json_object_put(object);
    return good;
}

static bool has_expired(const MYSQL_TIME *t)
{
    struct tm civil = {.tm_year = (int)t->year - 1900,
                       .tm_mon = (int)t->month - 1,
                       .tm_mday = (int)t->day,
                       .tm_hour = (int)t->hour,
                       .tm_min = (int)t->minute,
                       .tm_sec = (int)t->second};
    return timegm(&civil) <= time(NULL);
}

/* Who asks, as fetch_one(). */
static int look_up(void)
{
    int got = fetch_one(BEARER);
    if (got == 1) {
        memcpy(in.username, row.username, row.username_n);
        in.username_n = row.username_n;
    }
    return got;
}

bool create_post(const char *authorization)
{
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0 ||
        !token_read(authorization + 7)) {
        refuse(401, "no good token");
        return true;
    }
    int got = look_up();
    if (got <= 0 || !row.active || has_expired(&row.expires)) {
        refuse(401, "no such session");
        return got >= 0;
    }
    entry.user = in.owner;
    if (!read_post()) {
        refuse(422, "no good post");
        return true;
    }
    if (fetch_one(ADD_POST) != 1) {
        return false;
    }
    out.status = 201;
    (void)snprintf(out.headers, sizeof out.headers, "Location: /api/v1/posts/%lld\r\n", row.id);
    put_post();
    put_etag(row.version);
    return true;
}
