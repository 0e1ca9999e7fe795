/*
 * manual: the manual pages, quire(1) and quire.conf(5), as text for man(1): made of what the tables of commands and of
 * settings say, so that they are never behind.
 *
 *     manual_commands(&out, commands, "0.1.0", help_of_migrate);
 */
#ifndef QUIRE_CMD_MANUAL_H
#define QUIRE_CMD_MANUAL_H

#include "base/str.h"

struct buf;
struct command;

/* Every listed command with its --help; `without` stands for one that prints that itself. */
void manual_commands(struct buf *out, const struct command *list, const char *version, str without);
/* Every setting as conf/.env.example has it. */
void manual_settings(struct buf *out, const char *version);

#endif
