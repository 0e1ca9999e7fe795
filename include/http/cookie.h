/*
 * cookie: the tokens of a browser, kept where its scripts cannot read them (RFC 6265bis).
 *
 * Both cookies are HttpOnly, SameSite=Lax, for the whole site, and called __Host-quire_access and __Host-quire_refresh:
 * a name that browsers accept only with Secure, with Path=/ and from the host itself, so that no neighbouring name
 * (evil.example.com for example.com) can plant one. That is worth more than a Path that would keep the refresh token
 * from being sent to the rest of the site, which is no boundary between pages anyway.
 *
 * Not every browser keeps such a cookie from plain http, not even of its own machine. So there (COOKIE_SECURE says
 * where) the names are quire_access and quire_refresh, without Secure; only the names of the one kind are then read.
 *
 * A browser sends cookies also when a foreign page makes it ask. What writes with them must therefore come from a page
 * of this site or of CORS_ORIGINS: cookie_check_origin().
 *
 *     str token;
 *     if (cookie_read(c, COOKIE_ACCESS, &token)) TRY(cookie_check_origin(c));
 *     cookie_set(c, COOKIE_ACCESS, token, 1209600);
 */
#ifndef QUIRE_HTTP_COOKIE_H
#define QUIRE_HTTP_COOKIE_H

#include "http/call.h"

enum cookie { COOKIE_ACCESS, COOKIE_REFRESH, COOKIE__MAX };

/* The cookie that was sent with the request; false when there is none, or an empty one. Of several with one name the
 * first counts. */
bool cookie_read(const struct call *c, enum cookie which, str *value);
/* Has the browser keep it for so many seconds. */
void cookie_set(struct call *c, enum cookie which, str value, int64_t seconds);
/* Has the browser forget those of our cookies that it sent. */
void cookie_clear(struct call *c);
/* ERROR_FOREIGN_ORIGIN unless Origin is that of this site (as it was asked, or SITE_URL) or one of CORS_ORIGINS with
 * CORS_CREDENTIALS; without an Origin, unless Sec-Fetch-Site says same-origin. */
MUST_USE err cookie_check_origin(const struct call *c);

#endif
