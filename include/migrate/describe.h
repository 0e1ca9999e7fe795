/*
 * describe: one migration as people and machines read it, for the commands that tell the history.
 *
 *     describe_line(s, i, false);       // 0002 (head), the community
 *     describe_line(s, i, true);        // 0001 -> 0002 (head), the community
 *     describe_block(s, i);             // Rev: 0002 (head)\nParent: 0001 …
 */
#ifndef QUIRE_MIGRATE_DESCRIBE_H
#define QUIRE_MIGRATE_DESCRIBE_H

#include "migrate/session.h"

/* A line on s->out: revision, marks and words; with where it comes from when `from`. */
void describe_line(const struct session *s, size_t i, bool from);
/* The same in several lines, for --verbose. */
void describe_block(const struct session *s, size_t i);
/* An object in s->json; its bracket is left open for more members. */
void describe_json(struct session *s, size_t i);
/* All migrations of a set: a list "name" in s->json, or with --verbose blocks, or lines. The newest first. */
void describe_set(struct session *s, const char *name, const bool *in, bool from);
/* A moment in RFC 3339. */
str describe_time(struct arena *a, int64_t micros);

#endif
