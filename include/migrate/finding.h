/*
 * finding: the steps and refusals of a comparison (migrate/diff.h) while they are found; shared by the parts of it.
 *
 *     finding_add(d, (struct step){.kind = STEP_DROP_CHECK, .table = to->name, .from_check = x});
 *     finding_refuse_at(d, to, y->name, "nothing converts %.*s", STR_ARGS(y->type));
 */
#ifndef QUIRE_MIGRATE_FINDING_H
#define QUIRE_MIGRATE_FINDING_H

#include "migrate/diff.h"

struct finding {
    struct arena *a;
    struct catalog from; /* with the renames done */
    const struct catalog *to;
    struct step *steps;
    size_t n, room;
    str *refusals;
    size_t refusal_count, refusal_room;
};

void finding_add(struct finding *d, struct step s);
void finding_refuse(struct finding *d, str sentence);
/* A refusal that begins with "table.part: ". */
void finding_refuse_at(struct finding *d, const struct table *t, str part, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What two tables of one name differ in. */
void finding_compare_columns(struct finding *d, const struct table *from, const struct table *to);
void finding_compare_indexes(struct finding *d, const struct table *from, const struct table *to);
void finding_compare_references(struct finding *d, const struct table *from, const struct table *to);
void finding_compare_checks(struct finding *d, const struct table *from, const struct table *to);

void finding_add_reference(struct finding *d, const struct table *to, const struct reference *f);
/* Whether what a reference of a table that comes or goes refers to is there all the time: of a table that stays, the
 * columns as they are, and an index over them. Of one that comes or goes too, it is. */
bool finding_is_settled(const struct finding *d, const struct reference *f);
/* Whether a generated column is not changed but made anew: its values follow from others. */
bool finding_is_made_anew(struct arena *a, const struct column *from, const struct column *to);
/* Whether a list of columns, or an expression, names that column. */
bool finding_has_word(struct arena *a, str list, str word);

#endif
