#include "base/url.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool needs_decoding(str s, bool plus)
{
    return str_find(s, '%', 0) < s.n || (plus && str_find(s, '+', 0) < s.n) || !text_is_utf8(s);
}

str url_decode(struct arena *a, str s, bool plus)
{
    if (!needs_decoding(s, plus)) {
        return s;
    }
    char *text = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        if (low >= 0) {
            text[n++] = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else {
            text[n] = s.p[i];
            if (plus && text[n] == '+') {
                text[n] = ' ';
            }
            n++;
        }
    }
    str decoded = {text, n};
    return text_is_utf8(decoded) ? decoded : text_repair(a, decoded);
}

size_t url_pairs(struct arena *a, str s, size_t most, struct pair **out)
{
    size_t parts = 1;
    for (size_t i = 0; i < s.n; i++) {
        parts += s.p[i] == '&';
    }
    struct pair *pairs = ARENA_ARRAY(a, struct pair, parts < most ? parts : most);
    size_t count = 0;
    for (size_t at = 0; at < s.n && count < most;) {
        size_t end = str_find(s, '&', at);
        str part = str_slice(s, at, end);
        if (part.n > 0) {
            size_t equals = str_find(part, '=', 0);
            pairs[count].name = url_decode(a, str_slice(part, 0, equals), true);
            pairs[count].value = url_decode(a, str_slice(part, equals + 1, part.n), true);
            count++;
        }
        at = end + 1;
    }
    *out = pairs;
    return count;
}

const struct pair *url_find(const struct pair *pairs, size_t count, str name)
{
    for (size_t i = count; i > 0; i--) {
        if (str_eq(pairs[i - 1].name, name)) {
            return &pairs[i - 1];
        }
    }
    return NULL;
}

static bool is_scheme_char(char c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

/* The scheme before "://"; empty when there is none. */
static str scheme_of(str s)
{
    size_t n = 0;
    while (n < s.n && is_scheme_char(s.p[n], n == 0)) {
        n++;
    }
    return n < s.n && s.p[n] == ':' ? str_slice(s, 0, n) : (str){0};
}

static bool is_host_char(unsigned char c, bool bracketed)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool digit = c >= '0' && c <= '9';
    return letter || digit || c == '.' || (bracketed ? c == ':' : c == '-' || c == '_' || c >= 0x80);
}

static bool is_port(str s)
{
    uint64_t port = 0;
    return s.n == 0 || (str_to_uint(s, &port) && port <= 65535);
}

/* host, host:port, [::1]:port, each perhaps behind user@ */
static const char *mistake_in_authority(str authority)
{
    size_t at = str_find(authority, '@', 0);
    str host = at < authority.n ? str_slice(authority, at + 1, authority.n) : authority;
    bool bracketed = str_starts(host, STR("["));
    size_t from = bracketed ? 1 : 0;
    size_t end = str_find(host, bracketed ? ']' : ':', from);
    if (end == from) {
        return "empty host";
    }
    if (bracketed && end == host.n) {
        return "invalid IPv6 address";
    }
    for (size_t i = from; i < end; i++) {
        if (!is_host_char((unsigned char)host.p[i], bracketed)) {
            return "invalid domain character";
        }
    }
    str rest = str_slice(host, end + from, host.n);
    bool right = rest.n == 0 || (rest.p[0] == ':' && is_port(str_slice(rest, 1, rest.n)));
    return right ? NULL : "invalid port number";
}

static bool is_plain_segment(str s)
{
    bool only_dots = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '_' && c != '~' && c != '.') {
            return false;
        }
        only_dots = only_dots && c == '.';
    }
    return !only_dots;
}

bool url_is_local(str s)
{
    bool good = s.n > 0 && s.p[0] == '/';
    for (size_t at = 1; good && at <= s.n;) {
        size_t end = str_find(s, '/', at);
        good = is_plain_segment(str_slice(s, at, end));
        at = end + 1;
    }
    return good;
}

const char *url_mistake(str s, bool *scheme)
{
    *scheme = false;
    if (s.n == 0) {
        return "input is empty";
    }
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F || s.p[i] == '<' || s.p[i] == '>' ||
            s.p[i] == '"') {
            return "invalid character";
        }
    }
    str name = scheme_of(s);
    if (name.n == 0) {
        return "relative URL without a base";
    }
    if (!str_eq_nocase(name, STR("http")) && !str_eq_nocase(name, STR("https"))) {
        *scheme = true;
        return "another scheme";
    }
    str rest = str_slice(s, name.n + 1, s.n);
    if (!str_starts(rest, STR("//"))) {
        return "empty host";
    }
    size_t end = 2;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#' &&
           rest.p[end] != '\\') {
        end++;
    }
    return mistake_in_authority(str_slice(rest, 2, end));
}
