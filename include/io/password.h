/*
 * password: the door to libxcrypt: bcrypt hashes ($2b$), made and checked.
 *
 * A password has 1 to 72 bytes and no NUL, for bcrypt sees no more. A stored hash is looked at before it is
 * used (prefix, length, alphabet, cost), for a forged cost could run for a day. Hashes of the kinds $2a$,
 * $2b$ and $2y$ are checked, whoever made them. The work buffers are static and wiped after each use: a
 * process hashes one password at a time, and gives way to others meanwhile (io/give_way.h). Each call takes
 * some hundred milliseconds of a processor: password_limit() bounds how many run at once over all workers, in
 * the pool's shared memory.
 *
 *     TRY(password_hash(a, 12, password, &hash));
 *     TRY(password_check(a, hash, password, &ok));
 *     if (ok && password_cost(hash) != 12) ...                        // hash it again
 *     TRY(password_check(a, password_decoy(a, 12), password, &ok));   // unknown account, same time
 */
#ifndef QUIRE_IO_PASSWORD_H
#define QUIRE_IO_PASSWORD_H

#include <stdbool.h>

#include "base/counter.h"
#include "base/err.h"

struct arena;

enum {
    PASSWORD_MIN_COST = 4,
    PASSWORD_MAX_COST = 16,
    PASSWORD_MAX_BYTES = 72,
    PASSWORD_HASH_BYTES = 60,
    PASSWORD_SALT_BYTES = 16
};

/* Bounds the hashes that run at once. `holders` are `slots` (> 0) ints in memory shared by all workers:
 * each is 0 when the slot is free, else the process id of its holder. A hash takes a slot by
 * compare-and-swap of 0 to getpid() and gives it back by storing 0, so the parent can free what a worker
 * held that was killed in the middle. Call once, in each worker; without it, or with NULL, there is no
 * bound. Where slots are fewer than processors, one of these is kept free of hashes. */
void password_limit(_Atomic int *holders, unsigned slots);
/* What hashing has cost this process: how long each took, waiting for a slot not counted; how many had to wait for one,
 * and how many waited in vain. */
struct password_meter {
    struct histogram seconds;
    _Atomic uint64_t waits;
    _Atomic uint64_t refusals;
};

/* Counts there from now on; NULL: nowhere. It must outlive the process's last hash. */
void password_measure(struct password_meter *to);
/* A new hash of that cost (PASSWORD_MIN_COST to PASSWORD_MAX_COST) with a fresh salt. The caller has
 * refused what is no password. ERROR_BUSY, with a time to try again, when all slots stay taken for two
 * seconds. */
MUST_USE err password_hash(struct arena *a, unsigned cost, str password, str *hash);
/* The same with a salt that is given, so that the same password gives the same hash: for communities that are made up
 * (quire seed), never for people's passwords. */
MUST_USE err password_hash_salted(struct arena *a, unsigned cost, str password,
                                  const unsigned char salt[PASSWORD_SALT_BYTES], str *hash);
/* Whether the password belongs to the hash. *ok is false for what is no password, after the same time; and
 * at once for a hash that is none. ERROR_BUSY as above. */
MUST_USE err password_check(struct arena *a, str hash, str password, bool *ok);
/* The cost that a stored hash was made with; 0 when it is no bcrypt hash, or of a cost out of bounds. */
unsigned password_cost(str hash);
/* A hash of that cost that no password has: to spend the same time on an unknown account. */
str password_decoy(struct arena *a, unsigned cost);

#endif
