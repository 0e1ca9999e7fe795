/*
 * plan: which migrations a command applies or takes back, in which order. It reads a session and changes nothing; who
 * carries it out holds the lock.
 *
 *     struct plan_list plan;
 *     TRY(plan_upgrade(s, STR("head"), &plan));
 *     for (size_t i = 0; i < plan.n; i++) run(&s->graph.items[plan.items[i]]);
 */
#ifndef QUIRE_MIGRATE_PLAN_H
#define QUIRE_MIGRATE_PLAN_H

#include "migrate/session.h"
#include "migrate/target.h"

struct plan_list {
    size_t *items; /* places in the graph, the first to be carried out first */
    size_t n;
    str destination; /* for people: the target in full */
};

/* `word` is no -n, and no base. What is missing of a word's target and of all that it comes from. What is half applied
 * comes first; it must be part of it. ERROR_CONFLICT. */
MUST_USE err plan_upgrade(struct session *s, str word, struct plan_list *out);
/* `word` is no +n. What is applied and comes from a word's target, the last first. ERROR_CONFLICT when the target is
 * not applied, fewer are applied than asked for, or one of them is irreversible. */
MUST_USE err plan_downgrade(struct session *s, str word, struct plan_list *out);

#endif
