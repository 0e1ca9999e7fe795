/*
 * describe: what a setting allows, for people: mistakes, conf/.env.example and the manual page are made of it.
 * (settings_print_example() of conf/settings.h is kept here, too.)
 *
 *     str form = setting_allowed(a, s);            // "a whole number from 1 to 65535"
 */
#ifndef QUIRE_CONF_DESCRIBE_H
#define QUIRE_CONF_DESCRIBE_H

#include "conf/table.h"

struct arena;

/* What the type and the bounds of a setting allow, to be read after "must be"; in the arena. */
str setting_allowed(struct arena *a, const struct setting *s);

#endif
