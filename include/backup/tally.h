/*
 * tally: counts the rows of a dump by table, as its text goes by in pieces cut anywhere.
 *
 * It knows as much SQL as the databases' own dump programs write: INSERT INTO `table` … VALUES (row),(row); at the
 * beginning of a line, strings in single quotes with backslashes.
 *
 *     struct tally t = {.a = a};
 *     tally_add(&t, piece);
 *     str json = tally_json(&t);               // {"posts":12,"users":3}
 */
#ifndef QUIRE_BACKUP_TALLY_H
#define QUIRE_BACKUP_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

enum { TALLY_NAME = 64 };

struct tally_table {
    char name[TALLY_NAME + 1];
    uint64_t rows;
    struct tally_table *next;
};

struct tally {
    struct arena *a;
    struct tally_table *tables; /* the newest first */
    struct tally_table *now;    /* that rows are counted for */
    uint64_t rows;              /* of all tables */
    int state;
    size_t matched; /* of the word that is looked for; or bytes of the name */
    unsigned depth;
    char name[TALLY_NAME + 1];
};

void tally_add(struct tally *t, str piece);
/* A table that the dump has, be it without rows. */
void tally_expect(struct tally *t, str name);
str tally_json(const struct tally *t);

#endif
