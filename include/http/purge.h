/*
 * purge: rows that mean nothing any more (limits that ran out, old keys, ended sessions) are dropped now and then, by
 * requests that write beside them. (Of old answers under Idempotency-Keys `quire work` drops all, too: they may be
 * large.)
 *
 *     if (purge_is_due()) {
 *         TRY(write_statement(...));
 *     }
 */
#ifndef QUIRE_HTTP_PURGE_H
#define QUIRE_HTTP_PURGE_H

#include <stdbool.h>

/* Whether this request is one of those that drop: one in 64, by chance. */
bool purge_is_due(void);

#endif
