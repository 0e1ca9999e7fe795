#include "mail/message.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/idna.h"
#include "base/text.h"

/* RFC 2045, section 6.7: a line of quoted-printable; RFC 2047, section 2: an encoded word. */
enum { LINE_MOST = 76, WORD_MOST = 75, FIRST_BYTES = 8192 };

static void put_hex(struct buf *b, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char three[] = {'=', digits[c >> 4], digits[c & 15]};
    buf_put(b, three, sizeof three);
}

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c <= '~' && c != '=';
}

/* A blank at the end of a line would be lost on the way. */
static bool ends_line(str s, size_t next)
{
    return next >= s.n || s.p[next] == '\n';
}

static void put_quoted(struct buf *b, str s)
{
    size_t column = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\n') {
            buf_lit(b, "\r\n");
            column = 0;
            continue;
        }
        bool plain = is_plain(c) && (c != ' ' || !ends_line(s, i + 1));
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_MOST - 1) {
            buf_lit(b, "=\r\n");
            column = 0;
        }
        if (plain) {
            buf_char(b, (char)c);
        } else {
            put_hex(b, c);
        }
        column += width;
    }
    buf_lit(b, "\r\n");
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] > '~') {
            return false;
        }
    }
    return true;
}

static char blank_for_control(char c)
{
    bool control = (unsigned char)c < ' ' || c == 0x7f;
    if (control) {
        return ' ';
    }
    return c;
}

/* What may stand for itself in an encoded word, in a phrase, too (RFC 2047, section 5). */
static bool is_word_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '!';
}

/* Encoded words, none of which ends within a character. `used` bytes stand on the line already. */
static void put_encoded(struct buf *b, str s, size_t used)
{
    static const str begin = STR_INIT("=?UTF-8?Q?");
    size_t room = 0;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        size_t width = 0;
        (void)text_next(s, &i);
        for (size_t j = from; j < i; j++) {
            unsigned char c = (unsigned char)blank_for_control(s.p[j]);
            width += is_word_char(c) || c == ' ' ? 1 : 3;
        }
        if (from == 0 || width > room) {
            if (from > 0) {
                buf_lit(b, "?=\r\n ");
            }
            buf_str(b, begin);
            room = WORD_MOST - begin.n - 2 - (from == 0 ? used : 1);
        }
        for (size_t j = from; j < i; j++) {
            char c = blank_for_control(s.p[j]);
            if (c == ' ') {
                buf_char(b, '_');
            } else if (is_word_char((unsigned char)c)) {
                buf_char(b, c);
            } else {
                put_hex(b, (unsigned char)c);
            }
        }
        room -= width;
    }
    buf_lit(b, "?=");
}

/* Anything that looks like an encoded word or is too long for a line is encoded, too. */
static bool needs_encoding(str s)
{
    enum { LONG = 60 };
    return !is_ascii(s) || s.n > LONG || str_find(s, '=', 0) < s.n;
}

static void put_subject(struct buf *b, str s)
{
    buf_lit(b, "Subject: ");
    if (needs_encoding(s)) {
        put_encoded(b, s, sizeof "Subject: " - 1);
    } else {
        for (size_t i = 0; i < s.n; i++) {
            buf_char(b, blank_for_control(s.p[i]));
        }
    }
    buf_lit(b, "\r\n");
}

static void put_from(struct buf *b, const struct message *m)
{
    buf_lit(b, "From: ");
    if (needs_encoding(m->from_name)) {
        put_encoded(b, m->from_name, sizeof "From: " - 1);
        buf_lit(b, "\r\n ");
    } else if (m->from_name.n > 0) {
        buf_char(b, '"');
        for (size_t i = 0; i < m->from_name.n; i++) {
            char c = blank_for_control(m->from_name.p[i]);
            if (c == '"' || c == '\\') {
                buf_char(b, '\\');
            }
            buf_char(b, c);
        }
        buf_lit(b, "\" ");
    }
    buf_printf(b, "<%.*s>\r\n", STR_ARGS(m->from));
}

/* RFC 5322, section 3.3. */
static void put_date(struct buf *b, int64_t micros)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* the epoch was a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const int64_t day = 86400 * 1000000LL;
    struct civil c = clock_to_civil(micros);
    int64_t weekday = ((micros >= 0 ? micros / day : (micros - day + 1) / day) % 7 + 7) % 7;
    buf_printf(b, "Date: %.3s, %u %.3s %04d %02u:%02u:%02u +0000\r\n", days + 3 * weekday, c.day,
               months + 3 * (c.month - 1), c.year, c.hour, c.minute, c.second);
}

static void put_part(struct buf *b, const struct message *m, const char *type, str body)
{
    buf_printf(b, "--=_%.*s\r\nContent-Type: text/%s; charset=utf-8\r\n", STR_ARGS(m->id), type);
    buf_lit(b, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    put_quoted(b, body);
    buf_lit(b, "\r\n");
}

str message_make(struct arena *a, const struct message *m)
{
    struct buf b;
    str domain = str_slice(m->from, str_find(m->from, '@', 0) + 1, m->from.n);
    buf_init(&b, a, FIRST_BYTES, MESSAGE_MOST);
    put_date(&b, m->date);
    put_from(&b, m);
    buf_printf(&b, "To: <%.*s>\r\n", STR_ARGS(m->to));
    put_subject(&b, m->subject);
    buf_printf(&b, "Message-ID: <%.*s@%.*s>\r\n", STR_ARGS(m->id), STR_ARGS(domain));
    /* RFC 3834: no holiday notices back. "=_" cannot occur in quoted-printable text. */
    buf_printf(&b,
               "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
               "Content-Type: multipart/alternative; boundary=\"=_%.*s\"\r\n\r\n",
               STR_ARGS(m->id));
    put_part(&b, m, "plain", m->text);
    put_part(&b, m, "html", m->html);
    buf_printf(&b, "--=_%.*s--\r\n", STR_ARGS(m->id));
    return buf_view(&b);
}

static bool is_fit(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '@') {
            return false;
        }
    }
    return s.n > 0;
}

bool message_address(struct arena *a, str address, str *out)
{
    size_t at = str_find(address, '@', 0);
    str local = str_slice(address, 0, at);
    str domain = str_slice(address, at + 1, address.n);
    struct buf b;
    if (!is_fit(local) || !is_fit(domain)) {
        return false;
    }
    buf_init(&b, a, address.n + 64, 1024);
    buf_str(&b, local);
    for (size_t from = 0; from <= domain.n;) {
        size_t dot = str_find(domain, '.', from);
        str label = str_slice(domain, from, dot);
        str why;
        if (label.n == 0 || (!is_ascii(label) && !idna_to_ascii(a, label, &label, &why))) {
            return false;
        }
        buf_char(&b, from == 0 ? '@' : '.');
        buf_str(&b, label);
        from = dot + 1;
    }
    *out = buf_view(&b);
    return !b.full;
}
