/*
 * author: new migrations written into the folder: their number, their slug, their text. What is written parses; it is
 * written under a temporary name first, and never over a file that is there.
 *
 *     struct draft d = {.message = STR("Add notes"), .revision = author_next_revision(a, &graph)};
 *     d.parents[d.parent_count++] = STR("0002");
 *     str path;
 *     TRY(author_write(a, STR("migrations"), &d, author_text(a, &d, clock_now()), &path));
 *     // path: "migrations/0003_add_notes.sql"
 */
#ifndef QUIRE_MIGRATE_AUTHOR_H
#define QUIRE_MIGRATE_AUTHOR_H

#include "migrate/graph.h"

/* A migration that is not yet a file. */
struct draft {
    str message;
    str revision;
    str parents[MIGRATION_MAX_PARENTS];
    size_t parent_count;
    str up, down;     /* SQL of the sections, or empty: a place for it is written */
    const str *steps; /* what they do, a sentence each */
    size_t step_count;
    bool loses;    /* data, which the file says */
    bool is_merge; /* both sections are empty on purpose */
};

/* Lower-case letters and digits with _ for all else, cut between words; empty when the message has none. */
str author_slug(struct arena *a, str message);
/* The highest number among the revisions and one, in four digits or more. */
str author_next_revision(struct arena *a, const struct graph *g);
/* The name of its file, without the folder. */
str author_file(struct arena *a, const struct draft *d);
/* The text of its file, made at this moment (microseconds since the epoch). */
str author_text(struct arena *a, const struct draft *d, int64_t created);
/* Writes it and says where. ERROR_CONFLICT when there is such a file, ERROR_INTERNAL when it cannot be written. */
MUST_USE err author_write(struct arena *a, str dir, const struct draft *d, str text, str *path);

#endif
