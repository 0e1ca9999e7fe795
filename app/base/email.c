#include "base/email.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/email_chars.h"
#include "base/idna.h"
#include "base/mailbox.h"
#include "base/text.h"

enum { TEXT_MAX = 2048, ADDRESS_MAX = 254, LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

static bool refuse(str *why, str reason)
{
    *why = reason;
    return false;
}

/* "(3 characters too many)" */
static str too_many(struct arena *a, size_t have, size_t limit)
{
    return str_format(a, "(%zu character%s too many)", have - limit, have - limit > 1 ? "s" : "");
}

static bool has_pair(str s, const char *pair)
{
    return memmem(s.p, s.n, pair, 2) != NULL;
}

static bool is_ascii(str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] < 0x80) {
        i++;
    }
    return i == s.n;
}

static str lower_ascii(struct arena *a, str s)
{
    char *copy = str_c(a, s);
    for (size_t i = 0; i < s.n; i++) {
        copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] + 32 : copy[i]);
    }
    return (str){copy, s.n};
}

/* --- before the @-sign
 * ----------------------------------------------------------------------------------------
 */

static bool is_dot_atom(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool period = s.p[i] == '.';
        if (!email_chars_local((unsigned char)s.p[i]) ||
            (period && (i == 0 || i + 1 == s.n || s.p[i - 1] == '.'))) {
            return false;
        }
    }
    return true;
}

static bool check_quoted(struct arena *a, str local, str *why)
{
    if (!is_dot_atom(local) && !email_chars_check(a, local, email_chars_quotes,
                                                  "The email address contains invalid characters in "
                                                  "quotes before the @-sign",
                                                  why)) {
        return false;
    }
    if (!email_chars_safe(a, local, !is_dot_atom(local), why)) {
        return false;
    }
    return refuse(why, STR("Quoting the part before the @-sign is not allowed here."));
}

static bool check_local(struct arena *a, const struct mailbox *box, str *why)
{
    str local = box->local;
    size_t length = text_length(local);
    if (length == 0) {
        return refuse(why, STR("There must be something before the @-sign."));
    }
    if (length > LOCAL_MAX) {
        return refuse(why, str_format(a, "The email address is too long before the @-sign %.*s.",
                                      STR_ARGS(too_many(a, length, LOCAL_MAX))));
    }
    if (box->quoted) {
        return check_quoted(a, local, why);
    }
    if (is_dot_atom(local)) {
        return is_ascii(local) || email_chars_safe(a, local, false, why);
    }
    if (!email_chars_check(a, local, email_chars_local,
                           "The email address contains invalid characters before the @-sign", why)) {
        return false;
    }
    if (local.p[local.n - 1] == '.') {
        return refuse(why, STR("An email address cannot have a period immediately "
                               "before the @-sign."));
    }
    if (local.p[0] == '.') {
        return refuse(why, STR("An email address cannot start with a period."));
    }
    return refuse(why, STR("An email address cannot have two periods in a row."));
}

/* The mailboxes whose names mean the same in any case (RFC 2142). */
static bool is_role(str local)
{
    static const str roles[] = {
        STR_INIT("info"),  STR_INIT("marketing"), STR_INIT("sales"),      STR_INIT("support"),
        STR_INIT("abuse"), STR_INIT("noc"),       STR_INIT("security"),   STR_INIT("usenet"),
        STR_INIT("news"),  STR_INIT("www"),       STR_INIT("postmaster"), STR_INIT("hostmaster"),
        STR_INIT("uucp"),  STR_INIT("ftp"),       STR_INIT("webmaster"),
    };
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (str_eq_nocase(local, roles[i])) {
            return true;
        }
    }
    return false;
}

/* --- after the @-sign
 * -----------------------------------------------------------------------------------------
 */

/* Periods and hyphens may stand only between other characters. */
static bool check_dots(str domain, str *why)
{
    char first = domain.p[0];
    char last = domain.p[domain.n - 1];
    if (last == '.') {
        return refuse(why, STR("An email address cannot end with a period."));
    }
    if (first == '.') {
        return refuse(why, STR("An email address cannot have a period immediately "
                               "after the @-sign."));
    }
    if (has_pair(domain, "..")) {
        return refuse(why, STR("An email address cannot have two periods in a row."));
    }
    if (last == '-') {
        return refuse(why, STR("An email address cannot end with a hyphen."));
    }
    if (first == '-') {
        return refuse(why, STR("An email address cannot have a hyphen immediately "
                               "after the @-sign."));
    }
    if (has_pair(domain, ".-") || has_pair(domain, "-.")) {
        return refuse(why, STR("An email address cannot have a period and a hyphen "
                               "next to each other."));
    }
    return true;
}

/* The next label of a domain and the period behind it, or an empty view at the
 * end. */
static str next_label(str domain, size_t *at)
{
    size_t from = *at;
    size_t to = str_find(domain, '.', from);
    *at = to + 1;
    return str_slice(domain, from, to);
}

/* Hyphens as third and fourth character are kept for encodings, of which xn--
 * is the only one (RFC 5890, 2.3.1). */
static bool check_hyphens(str domain, str *why)
{
    for (size_t at = 0; at < domain.n;) {
        str label = next_label(domain, &at);
        size_t i = 0;
        for (int k = 0; k < 2 && i < label.n; k++) {
            (void)text_next(label, &i);
        }
        if (str_starts(str_slice(label, i, label.n), STR("--")) && !str_starts(label, STR("xn"))) {
            return refuse(why, STR("An email address cannot have two letters "
                                   "followed by two dashes immediately after the "
                                   "@-sign or after a period, except Punycode."));
        }
    }
    return true;
}

/* Puts every label of a domain through convert. */
static bool convert_labels(struct arena *a, str domain, bool (*convert)(struct arena *, str, str *, str *),
                           str *out, str *why)
{
    struct buf b;
    buf_init(&b, a, domain.n + 64, SIZE_MAX / 4);
    for (size_t at = 0; at < domain.n;) {
        str converted = {0};
        if (!convert(a, next_label(domain, &at), &converted, why)) {
            return false;
        }
        buf_c(&b, b.n > 0 ? "." : "");
        buf_str(&b, converted);
    }
    *out = buf_view(&b);
    return true;
}

static bool check_lengths(struct arena *a, str domain, str ascii, str *why)
{
    if (ascii.n > DOMAIN_MAX) {
        size_t excess = ascii.n - DOMAIN_MAX;
        str how = str_eq(ascii, domain) ? too_many(a, ascii.n, DOMAIN_MAX)
                                        : str_format(a, "(%zu byte%s too many after IDNA encoding)", excess,
                                                     excess == 1 ? "" : "s");
        return refuse(why,
                      str_format(a, "The email address is too long after the @-sign %.*s.", STR_ARGS(how)));
    }
    for (size_t at = 0; at < ascii.n;) {
        str label = next_label(ascii, &at);
        if (label.n > LABEL_MAX) {
            return refuse(why, str_format(a,
                                          "After the @-sign, periods cannot be "
                                          "separated by so many characters %.*s.",
                                          STR_ARGS(too_many(a, label.n, LABEL_MAX))));
        }
    }
    return true;
}

/* Refuses names that mean something else than a place in the world (IANA,
 * Special-Use Domain Names). The example domains are let through, as RFC 6761
 * asks. */
static bool check_world(str ascii, str *why)
{
    static const str special[] = {STR_INIT("arpa"),      STR_INIT("invalid"), STR_INIT("local"),
                                  STR_INIT("localhost"), STR_INIT("onion"),   STR_INIT("test")};
    size_t top = ascii.n;
    while (top > 0 && ascii.p[top - 1] != '.') {
        top--;
    }
    char last = ascii.p[ascii.n - 1];
    if (top == 0) {
        return refuse(why, STR("The part after the @-sign is not valid. It should "
                               "have a period."));
    }
    if (last < 'a' || last > 'z') {
        return refuse(why, STR("The part after the @-sign is not valid. It is not "
                               "within a valid top-level domain."));
    }
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (str_eq(str_slice(ascii, top, ascii.n), special[i])) {
            return refuse(why, STR("The part after the @-sign is a special-use or "
                                   "reserved name that cannot be used with "
                                   "email."));
        }
    }
    return true;
}

static bool check_literal(str domain, str *why)
{
    str text = str_slice(domain, 1, domain.n - 1);
    bool numbers = text.n > 0;
    for (size_t i = 0; i < text.n; i++) {
        numbers = numbers && ((text.p[i] >= '0' && text.p[i] <= '9') || text.p[i] == '.');
    }
    if (numbers || str_starts(text, STR("IPv6:"))) {
        return refuse(why, STR("A bracketed IP address after the @-sign is not allowed here."));
    }
    if (str_find(text, ':', 0) == text.n) {
        return refuse(why, STR("The part after the @-sign in brackets is not an "
                               "IPv4 address and has no address literal "
                               "tag."));
    }
    return refuse(why, STR("The part after the @-sign contains an invalid "
                           "address literal tag in brackets."));
}

static bool reword(struct arena *a, const char *sentence, str *why)
{
    return refuse(why, str_format(a, "%s (%.*s).", sentence, STR_ARGS(*why)));
}

/* *normal: the domain as people read it; *ascii: as the DNS knows it. */
static bool check_domain(struct arena *a, str domain, str *normal, str *ascii, str *why)
{
    str mapped = {0};
    if (domain.n == 0) {
        return refuse(why, STR("There must be something after the @-sign."));
    }
    if (domain.p[0] == '[' && domain.p[domain.n - 1] == ']') {
        return check_literal(domain, why);
    }
    if (!email_chars_check(a, domain, email_chars_host,
                           "The part after the @-sign contains invalid characters", why) ||
        !email_chars_safe(a, domain, false, why)) {
        return false;
    }
    if (!idna_map(a, domain, &mapped, why)) {
        return reword(a, "The part after the @-sign contains invalid characters", why);
    }
    if (!email_chars_check(a, mapped, email_chars_host,
                           "The part after the @-sign contains invalid "
                           "characters after Unicode normalization",
                           why) ||
        !check_dots(mapped, why) || !check_hyphens(mapped, why)) {
        return false;
    }
    *ascii = mapped;
    if (!is_ascii(mapped) && !convert_labels(a, mapped, idna_to_ascii, ascii, why)) {
        return reword(a, "The part after the @-sign is invalid", why);
    }
    if (!check_lengths(a, domain, *ascii, why) || !check_world(*ascii, why)) {
        return false;
    }
    return convert_labels(a, *ascii, idna_to_unicode, normal, why) ||
           reword(a, "The part after the @-sign is not valid IDNA", why);
}

/* --- the whole
 * --------------------------------------------------------------------------------------------------
 */

/* "(2-4 characters too many)": how many characters must go depends on which go.
 */
static str too_many_of(struct arena *a, str address)
{
    size_t excess = address.n - ADDRESS_MAX;
    size_t widest = 1;
    for (size_t i = 0; i < address.n;) {
        size_t from = i;
        (void)text_next(address, &i);
        widest = i - from > widest ? i - from : widest;
    }
    size_t least = excess / widest > 1 ? excess / widest : 1;
    if (least == excess) {
        return too_many(a, address.n, ADDRESS_MAX);
    }
    return str_format(a, "(%zu-%zu characters too many)", least, excess);
}

static bool check_length(struct arena *a, str local, str domain, const char *when, str *why)
{
    struct buf b;
    buf_init(&b, a, local.n + domain.n + 1, SIZE_MAX / 4);
    buf_str(&b, local);
    buf_char(&b, '@');
    buf_str(&b, domain);
    if (b.n <= ADDRESS_MAX) {
        return true;
    }
    size_t excess = b.n - ADDRESS_MAX;
    str how = when == NULL ? too_many_of(a, buf_view(&b))
                           : str_format(a, "%s (%zu byte%s too many)", when, excess, excess > 1 ? "s" : "");
    return refuse(why, str_format(a, "The email address is too long %.*s.", STR_ARGS(how)));
}

bool email_check(struct arena *a, str text, str *normal, str *why)
{
    struct mailbox box;
    str domain = {0};
    str ascii = {0};
    if (text_length(text) > TEXT_MAX) {
        return refuse(why, STR("Length must not exceed 2048 characters"));
    }
    if (!mailbox_split(a, mailbox_trim(mailbox_without_name(text)), &box, why) ||
        !check_local(a, &box, why) || !check_domain(a, box.domain, &domain, &ascii, why)) {
        return false;
    }
    str local = is_role(box.local) ? lower_ascii(a, box.local) : box.local;
    if (!check_length(a, box.local, box.domain, NULL, why) ||
        !check_length(a, local, domain, "after normalization", why) ||
        !check_length(a, local, ascii, "when the part after the @-sign is converted to IDNA ASCII", why)) {
        return false;
    }
    if (box.angled) {
        return refuse(why, STR("A display name and angle brackets around the email "
                               "address are not permitted here."));
    }
    *normal = str_format(a, "%.*s@%.*s", STR_ARGS(local), STR_ARGS(domain));
    return true;
}
