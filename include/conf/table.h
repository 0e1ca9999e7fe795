/*
 * table: every setting, declared once: its name, type, default, bounds, secrecy, and what it is for. Reading,
 * checking, `quire config` and conf/.env.example all follow from this table.
 *
 * To add a setting: a member in struct settings (conf/settings.h), a row here, and `quire config --example`
 * written over conf/.env.example (a unit test compares).
 *
 *     for (const struct setting *s = settings_table; s->name != NULL; s++) puts(s->name);
 */
#ifndef QUIRE_CONF_TABLE_H
#define QUIRE_CONF_TABLE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum setting_type {
    SETTING_TEXT,   /* a str: valid UTF-8 without control characters, unless it is secret */
    SETTING_INT,    /* an int64_t */
    SETTING_BOOL,   /* a bool: 0 f n no off false, 1 t y yes on true, whatever the case */
    SETTING_CHOICE, /* a str: one of choices */
    SETTING_OCTAL   /* an int64_t, written in octal */
};

struct setting {
    const char *name;
    enum setting_type type;
    const char *initial; /* the default, as text; NULL: must be given */
    int64_t min, max;    /* SETTING_INT, SETTING_OCTAL: bounds; SETTING_TEXT: length in bytes */
    const char *choices; /* SETTING_CHOICE: "a b c" */
    bool secret;         /* never shown, in no message */
    size_t offset;       /* of its member in struct settings */
    str (*check)(struct arena *a, str value); /* SETTING_TEXT: its form (conf/check.h); NULL: any */
    const char *example;                      /* what .env.example shows for a setting that must be given */
    const char *instead; /* a setting that can be given in place of one that must be given */
    const char *group;   /* the heading of the group that this setting begins, else NULL */
    const char *doc;     /* lines of at most 100 characters */
};

enum { SETTINGS_COUNT = 89 };

/* The table in the order of .env.example, ended by a NULL name. */
extern const struct setting settings_table[SETTINGS_COUNT + 1];

/* The setting of that name, or NULL. */
const struct setting *setting_find(str name);
/* The name in the table that a misspelt one probably means (at most two letters apart), or NULL. */
const char *setting_suggest(str name);

#endif
