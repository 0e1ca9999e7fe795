/*
 * outcome: what must come of a request when one of its calls to the database fails, or that and all after it.
 *
 *     struct outcome want = outcome_of(FAULT_DEADLOCK, false, CALL_COMMIT, false);
 *     want.status == 0                                     // as if nothing had failed: it was run again
 */
#ifndef QUIRE_TESTS_OUTCOME_H
#define QUIRE_TESTS_OUTCOME_H

#include "torture/faults.h"

enum effect { EFFECT_DONE, EFFECT_NONE };

struct outcome {
    unsigned status; /* 0: as if nothing had failed */
    const char *code;
    enum effect effect;
};

/* Of a fault that hit a call of that kind. two_hosts: there is another host to go to. */
struct outcome outcome_of(enum fault fault, bool lasting, enum call_kind hit, bool two_hosts);
/* What another host makes a difference to. */
bool outcome_is_of_hosts(enum fault fault);

#endif
