/*
 * emit: a step (migrate/diff.h) as SQL, forward and back, in the common subset of MariaDB and MySQL, and as a sentence.
 *
 * Each statement ends with a semicolon and a line feed. Before a statement stands, as a comment, what it loses and when
 * it fails.
 *
 *     emit_up(&out, &step);       // ALTER TABLE posts ADD COLUMN summary VARCHAR(200) NULL DEFAULT NULL AFTER title;
 *     emit_down(&out, &step);     // ALTER TABLE posts DROP COLUMN summary;
 */
#ifndef QUIRE_MIGRATE_EMIT_H
#define QUIRE_MIGRATE_EMIT_H

#include "migrate/diff.h"

void emit_up(struct buf *out, const struct step *s);
void emit_down(struct buf *out, const struct step *s);
/* What the step does: "add column posts.summary VARCHAR(200)". */
str emit_sentence(struct arena *a, const struct step *s);

#endif
