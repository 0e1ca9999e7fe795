/*
 * check: forms that single settings must have beyond their type. Each function answers with an empty str when
 * the value is good, else with what is wrong, to be read after the name of the setting.
 *
 *     str wrong = check_origins(a, STR("https://example.com/"));
 *     // "\"https://example.com/\" must end after …"
 */
#ifndef QUIRE_CONF_CHECK_H
#define QUIRE_CONF_CHECK_H

#include "base/str.h"

struct arena;

/* "*", or comma-separated origins as a browser writes them (Fetch, section 3.2; RFC 6454, section 6.2):
 * scheme://host[:port], in lower case, without the default port. Empty: none. */
str check_origins(struct arena *a, str value);
/* unix:path, /path, host:port, :port or [v6]:port; the path of a unix socket has at most 107 bytes. */
str check_listen(struct arena *a, str value);
/* Empty, or a list as io/hosts reads it. */
str check_hosts(struct arena *a, str value);
/* No list: one host. */
str check_one_host(struct arena *a, str value);
/* One or more segments, each after a slash: /api/v1. */
str check_base_path(struct arena *a, str value);
/* A path of this site, or an http or https address, that more can be put behind: without ?, # and a slash at the
 * end. */
str check_media_url(struct arena *a, str value);
/* Empty, or the same but not of this site. */
str check_provider_url(struct arena *a, str value);
/* Empty, or smtp://host[:port] or smtps://host[:port] and nothing else. */
str check_smtp_url(struct arena *a, str value);
/* Empty, or an e-mail address in ASCII, alone or in angle brackets behind a name. */
str check_mail_from(struct arena *a, str value);
/* Empty, or a decimal number from 0 to 2 with at most four digits behind the point. */
str check_temperature(struct arena *a, str value);
/* COUNT/PERIOD as conf/rate reads it, or off. */
str check_rate(struct arena *a, str value);
/* Empty, or the name of a pool: at most CHECK_POOL_MOST letters a to z, digits, `-` and `_`. */
enum { CHECK_POOL_MOST = 32 };
str check_pool_name(struct arena *a, str value);
/* What can stand in a header field: visible ASCII characters only (RFC 9110, section 5.5). The value is not shown. */
str check_token(str value);
/* Empty, or a file that this process can read. */
str check_readable(struct arena *a, str value);
/* Whether a secret is one that nobody has chosen: a placeholder, a published example, a repetition. */
#define SECRET_ADVICE "make one: openssl rand -hex 32"
str check_secret_strength(struct arena *a, str value);

#endif
