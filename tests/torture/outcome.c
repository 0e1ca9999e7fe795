#include "torture/outcome.h"

#include <stddef.h>

static struct outcome outcome_of_loss(enum fault fault, bool lasting, enum call_kind hit)
{
    if (hit == CALL_COMMIT) {
        return (struct outcome){503, "outcome_unknown",
                                fault == FAULT_LOST_AFTER ? EFFECT_DONE : EFFECT_NONE};
    }
    if (hit == CALL_SINGLE || hit == CALL_SINGLE_FETCH) {
        bool done = fault == FAULT_LOST_AFTER || hit == CALL_SINGLE_FETCH;
        return (struct outcome){503, "outcome_unknown", done ? EFFECT_DONE : EFFECT_NONE};
    }
    if (lasting) { /* found lost, or not to be had again */
        return (struct outcome){503, "database_unavailable", EFFECT_NONE};
    }
    return (struct outcome){0, NULL, EFFECT_DONE};
}

/* What one host refuses, another does; but the second may refuse it, too. */
static struct outcome outcome_of_hosts_no(enum fault fault, bool lasting, bool two_hosts)
{
    if (two_hosts && !lasting) {
        return (struct outcome){0, NULL, EFFECT_DONE};
    }
    bool found_when_connecting = fault == FAULT_NOT_READY;
    bool replayed = two_hosts && !found_when_connecting;
    return (struct outcome){503, replayed ? "connection_lost" : "database_unavailable", EFFECT_NONE};
}

struct outcome outcome_of(enum fault fault, bool lasting, enum call_kind hit, bool two_hosts)
{
    if (hit == CALL_CONNECT) { /* only losses, and hosts that are not ready, reach this far */
        return two_hosts && !lasting ? (struct outcome){0, NULL, EFFECT_DONE}
                                     : (struct outcome){503, "database_unavailable", EFFECT_NONE};
    }
    if (hit == CALL_ROLLBACK) { /* nothing was to be done anyway, and the answer is known */
        return (struct outcome){0, NULL, EFFECT_DONE};
    }
    switch (fault) {
    case FAULT_LOST_BEFORE:
    case FAULT_LOST_AFTER:
        return outcome_of_loss(fault, lasting, hit);
    case FAULT_DEADLOCK:
        return lasting ? (struct outcome){503, "deadlock", EFFECT_NONE}
                       : (struct outcome){0, NULL, EFFECT_DONE};
    case FAULT_LOCK_TIMEOUT:
        return lasting ? (struct outcome){503, "lock_timeout", EFFECT_NONE}
                       : (struct outcome){0, NULL, EFFECT_DONE};
    case FAULT_FORGOTTEN:
        return lasting ? (struct outcome){500, "internal_error", EFFECT_NONE}
                       : (struct outcome){0, NULL, EFFECT_DONE};
    case FAULT_VAGUE_NO:
    case FAULT_VAGUE_YES:
        return (struct outcome){503, "outcome_unknown", fault == FAULT_VAGUE_YES ? EFFECT_DONE : EFFECT_NONE};
    case FAULT_NOT_READY:
    case FAULT_READ_ONLY:
        return outcome_of_hosts_no(fault, lasting, two_hosts);
    case FAULT_DISK_FULL:
        return (struct outcome){503, "database_unavailable", EFFECT_NONE};
    case FAULT_UNKNOWN:
    case FAULT__MAX:
        break;
    }
    return (struct outcome){500, "internal_error", EFFECT_NONE};
}

bool outcome_is_of_hosts(enum fault fault)
{
    return fault == FAULT_LOST_BEFORE || fault == FAULT_LOST_AFTER || fault == FAULT_NOT_READY ||
           fault == FAULT_READ_ONLY || fault == FAULT_VAGUE_NO || fault == FAULT_VAGUE_YES;
}
