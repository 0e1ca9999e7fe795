/* The comments name the expressions of twitter-text that a function stands for. Where JavaScript would go back and try
 * again, what it would end with is found in one go: a text is read in a time that grows as its length does. */
#include "compose/urls.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/idna.h"
#include "compose/tld.h"
#include "compose/url_chars.h"

enum { URL_MAX = 4096, TCO_CODE_MAX = 40, LABEL_MAX = 63, PREFIX = 4 };

#define NONE TLD_NONE

/* What is known of the text while it is read from left to right, so that no part is read again for every place where
 * an address might begin. */
struct scan {
    struct utf16 t;
    /* Characters of a domain, '-' and '_' as far as they go. */
    size_t run_from, run_end;
    size_t run_underscore; /* the last '_' before run_end, or NONE */
    /* A row of labels, each with a '.' behind it: what may follow the first label of an address. */
    size_t row_from, row_end; /* the '.' before the row and its last '.' */
    size_t row_last;       /* its last '.' with a name before it and a top-level domain behind it, or NONE */
    size_t row_domain_end; /* where that domain ends */
    struct url_span *found;
    size_t n, room;
    struct arena *a;
};

/* What the expression has matched: [at, end) and its parts. */
struct candidate {
    size_t at;
    size_t domain, domain_end;
    size_t end;
    bool protocol;
    bool path;
};

/* --- domains ------------------------------------------------------------------------------------------------- */

static void read_run(struct scan *s, size_t at)
{
    if (at >= s->run_from && at < s->run_end) {
        return;
    }
    s->run_from = at;
    s->run_underscore = NONE;
    for (s->run_end = at; s->run_end < s->t.n; s->run_end++) {
        uint16_t c = s->t.p[s->run_end];
        if (c == '_') {
            s->run_underscore = s->run_end;
        } else if (c != '-' && !url_is_domain(c)) {
            break;
        }
    }
}

/* validSubdomain from `at`: the '.' that ends it, or NONE. *name: it is also a validDomainName. */
static size_t match_label(struct scan *s, size_t at, bool *name)
{
    if (at >= s->t.n || !url_is_domain(s->t.p[at])) {
        return NONE;
    }
    read_run(s, at);
    size_t dot = s->run_end;
    *name = s->run_underscore == NONE || s->run_underscore < at;
    return url_unit(s->t, dot) == '.' && url_is_domain(s->t.p[dot - 1]) ? dot : NONE;
}

/* Reads the labels behind the '.' at `dot` as far as they go. An address takes as many as it can: it ends with the last
 * '.' that has a name before it and a top-level domain behind it. */
static void read_row(struct scan *s, size_t dot)
{
    if (dot >= s->row_from && dot <= s->row_end) {
        return;
    }
    s->row_from = dot;
    s->row_last = NONE;
    for (;;) {
        bool name = false;
        s->row_end = dot;
        dot = match_label(s, dot + 1, &name);
        if (dot == NONE) {
            return;
        }
        size_t end = name ? tld_match(s->t, dot + 1) : NONE;
        if (end != NONE) {
            s->row_last = dot;
            s->row_domain_end = end;
        }
    }
}

/* validDomain from `at`: where it ends, or NONE. */
static size_t match_domain(struct scan *s, size_t at)
{
    bool name = false;
    size_t dot = match_label(s, at, &name);
    if (dot == NONE) {
        return NONE;
    }
    read_row(s, dot);
    if (s->row_last != NONE && s->row_last > dot) {
        return s->row_domain_end;
    }
    return name ? tld_match(s->t, dot + 1) : NONE;
}

/* --- what follows the domain --------------------------------------------------------------------------------- */

/* validUrlBalancedParens at `at`: where it ends, or NONE. */
static size_t match_parens(struct utf16 t, size_t at)
{
    size_t i = at + 1;
    size_t inner = 0;
    if (url_unit(t, at) != '(') {
        return NONE;
    }
    while (url_is_path(url_unit(t, i))) {
        i++;
    }
    if (url_unit(t, i) == '(') {
        inner = ++i;
        while (url_is_path(url_unit(t, i))) {
            i++;
        }
        if (i == inner || url_unit(t, i) != ')') {
            return NONE;
        }
        i++;
        while (url_is_path(url_unit(t, i))) {
            i++;
        }
    }
    return url_unit(t, i) == ')' && i > at + 1 ? i + 1 : NONE;
}

/* (\/validUrlPath*)? The path goes on over characters of paths and balanced parentheses, and ends behind the last
 * character that it may end with; parentheses that follow there belong to it, but not where another character stands
 * between. Its other form, @…/, is a case of this one. */
static size_t match_path(struct utf16 t, size_t at)
{
    if (url_unit(t, at) != '/') {
        return at;
    }
    size_t end = at + 1;
    for (size_t i = end; i < t.n;) {
        size_t parens = NONE;
        if (url_is_path(t.p[i])) {
            i++;
            end = url_is_path_end(t.p[i - 1]) ? i : end;
        } else if ((parens = match_parens(t, i)) != NONE) {
            end = i == end ? parens : end;
            i = parens;
        } else {
            break;
        }
    }
    return end;
}

static size_t match_query(struct utf16 t, size_t at)
{
    size_t end = at;
    if (url_unit(t, at) != '?') {
        return at;
    }
    for (size_t i = at + 1; url_is_query(url_unit(t, i)); i++) {
        end = url_is_query_end(t.p[i]) ? i + 1 : end;
    }
    return end;
}

static size_t match_port(struct utf16 t, size_t at)
{
    size_t i = at + 1;
    if (url_unit(t, at) != ':' || !url_is_digit(url_unit(t, i))) {
        return at;
    }
    while (url_is_digit(url_unit(t, i))) {
        i++;
    }
    return i;
}

/* https?:\/\/ */
static size_t match_protocol(struct utf16 t, size_t at)
{
    static const char http[] = "http";
    size_t i = at;
    for (size_t k = 0; k < sizeof http - 1; k++, i++) {
        if ((url_unit(t, i) | 0x20) != http[k]) {
            return at;
        }
    }
    i += (url_unit(t, i) | 0x20) == 's';
    return url_unit(t, i) == ':' && url_unit(t, i + 1) == '/' && url_unit(t, i + 2) == '/' ? i + 3 : at;
}

/* extractUrl, but for the character before it. With a protocol or not at all: the ':' of one is part of no domain. */
static bool match_url(struct scan *s, size_t at, struct candidate *c)
{
    size_t domain = match_protocol(s->t, at);
    size_t domain_end = match_domain(s, domain);
    if (domain_end == NONE) {
        return false;
    }
    size_t port = match_port(s->t, domain_end);
    size_t path = match_path(s->t, port);
    *c = (struct candidate){.at = at,
                            .domain = domain,
                            .domain_end = domain_end,
                            .protocol = domain > at,
                            .path = path > port,
                            .end = match_query(s->t, path)};
    return true;
}

/* --- what is taken of a match -------------------------------------------------------------------------------- */

static void add(struct scan *s, size_t at, size_t n)
{
    if (s->n == s->room) {
        size_t room = s->room == 0 ? 8 : 2 * s->room;
        s->found = arena_grow(s->a, s->found, s->room * sizeof *s->found, room * sizeof *s->found);
        s->room = room;
    }
    s->found[s->n++] = (struct url_span){at, n};
}

/* How many characters a part of a label has as the DNS writes it, or more than LABEL_MAX. Parted, as the original does
 * it, also at the full stops of CJK. */
static size_t dns_length(struct scan *s, size_t from, size_t to)
{
    uint32_t codes[2 * LABEL_MAX];
    size_t n = 0;
    bool ascii = true;
    if (to - from > 2 * (size_t)LABEL_MAX) {
        return LABEL_MAX + 1;
    }
    struct utf16 label = {s->t.p, to};
    for (size_t i = from; i < to; n++) {
        i = utf16_next(label, i, &codes[n]);
        ascii = ascii && codes[n] >= 0x20 && codes[n] <= 0x7E;
    }
    if (ascii || n > LABEL_MAX) {
        return n; /* none takes less than a character */
    }
    struct buf b;
    buf_init(&b, s->a, LABEL_MAX, LABEL_MAX);
    idna_punycode(&b, codes, n);
    return b.full ? LABEL_MAX + 1 : b.n + PREFIX;
}

static bool is_label(struct scan *s, size_t from, size_t to)
{
    size_t length = 0;
    for (size_t i = from; i <= to && length <= LABEL_MAX; i++) {
        uint16_t c = i < to ? s->t.p[i] : '.';
        if (c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61) {
            length += dns_length(s, from, i) + (i < to);
            from = i + 1;
        }
    }
    return length >= 1 && length <= LABEL_MAX;
}

/* validAsciiDomain, the next one in [at, end): labels, each with a '.' behind it, as many as there are, then a
 * top-level domain. Its place in *from; returns where it ends, or NONE. */
static size_t next_plain(struct utf16 t, size_t at, size_t end, size_t *from)
{
    struct utf16 domain = {t.p, end};
    while (at < end) {
        size_t best = NONE;
        size_t i = at;
        for (size_t label = at; i < end; label = i) {
            while (i < end && url_is_plain(t.p[i])) {
                i++;
            }
            if (i == label || url_unit(domain, i) != '.') {
                break;
            }
            i++;
            size_t tld = tld_match(domain, i);
            best = tld != NONE ? tld : best;
        }
        if (best != NONE) {
            *from = at;
            return best;
        }
        at = i > at ? i : at + 1; /* no domain of this row is one, whatever label it begins with */
    }
    return NONE;
}

/* idna.toAscii and the length of it all */
static bool is_valid(struct scan *s, const struct candidate *c)
{
    size_t protocol = c->protocol ? c->domain - c->at : sizeof "https://" - 1;
    size_t ignored;
    const uint16_t *d = s->t.p + c->domain;
    if (c->end - c->at + protocol > URL_MAX) {
        return false;
    }
    if (c->domain_end - c->domain >= PREFIX && d[0] == 'x' && d[1] == 'n' && d[2] == '-' && d[3] == '-' &&
        next_plain(s->t, c->domain, c->domain_end, &ignored) == NONE) {
        return false;
    }
    size_t from = c->domain;
    for (size_t i = from; i <= c->domain_end; i++) {
        if (i == c->domain_end || s->t.p[i] == '.') {
            if (!is_label(s, from, i)) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

/* Where the n units at `what` are first found at or behind `at`; they are there. */
static size_t index_of(struct utf16 t, size_t at, size_t what, size_t n)
{
    while (memcmp(t.p + at, t.p + what, n * sizeof *t.p) != 0) {
        at++;
    }
    return at;
}

/* Without a protocol: each domain of ASCII within the domain, where its letters are found first; the last one is longer
 * by the path. */
static void add_plain(struct scan *s, const struct candidate *c)
{
    size_t from = 0;
    size_t done = c->domain;
    size_t n = 0;
    for (size_t at = c->domain; (at = next_plain(s->t, at, c->domain_end, &from)) != NONE;) {
        n = at - from;
        done = index_of(s->t, done, from, n);
        add(s, done, n);
        done += n;
    }
    if (n > 0 && c->path) {
        s->found[s->n - 1].n = (c->end - c->at) - (c->domain_end - c->domain) + n;
    }
}

/* validTcoUrl: a link of t.co ends behind its code and query. False: the code is too long, it is none. */
static bool cut_tco(struct scan *s, struct candidate *c)
{
    static const char host[] = "t.co/";
    size_t i = c->domain;
    for (size_t k = 0; k < sizeof host - 1; k++, i++) {
        uint16_t unit = url_unit(s->t, i);
        if ((host[k] >= 'a' ? unit | 0x20 : unit) != host[k]) {
            return true;
        }
    }
    size_t code = i;
    while (i < c->end && url_is_alnum(s->t.p[i])) {
        i++;
    }
    if (i == code) {
        return true;
    }
    c->end = match_query((struct utf16){s->t.p, c->end}, i);
    return i - code <= TCO_CODE_MAX;
}

size_t urls_find(struct arena *a, struct utf16 text, struct url_span **out)
{
    struct scan s = {.t = text, .run_from = NONE, .row_from = NONE, .a = a};
    bool dotted = false;
    for (size_t i = 0; i < text.n && !dotted; i++) {
        dotted = text.p[i] == '.';
    }
    for (size_t at = 0; dotted && at < text.n;) {
        struct candidate c;
        bool found = url_may_precede(text.p[at]) && match_url(&s, at + 1, &c);
        if (!found && !(at == 0 && match_url(&s, 0, &c))) {
            at++;
            continue;
        }
        at = c.end;
        uint16_t before = c.at > 0 ? text.p[c.at - 1] : 0;
        if (!is_valid(&s, &c)) {
            continue;
        }
        if (c.protocol) {
            if (cut_tco(&s, &c)) {
                add(&s, c.at, c.end - c.at);
            }
        } else if (before != '-' && before != '_' && before != '.' && before != '/') {
            add_plain(&s, &c);
        }
    }
    *out = s.found;
    return s.n;
}
