#include "io/password.h"

#include <crypt.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/rand.h"
#include "io/digest.h"
#include "io/give_way.h"

enum {
    HEAD_BYTES = 7,
    SETTING_BYTES = 29,
    WAIT_MICROS = 2000000,
    NAP_MIN_MICROS = 2000,
    NAP_SPREAD_MICROS = 6000
};

/* Who may hash: set once in each worker, before its first request. */
static struct {
    _Atomic int *holders;
    unsigned slots;
} limit;

/* The library's work space, which holds the password too while it runs: 32 KiB, too much for the stack. */
static struct crypt_data work;

/* Where it is counted. */
static struct password_meter *meter;

void password_measure(struct password_meter *to)
{
    meter = to;
}

void password_limit(_Atomic int *holders, unsigned slots)
{
    limit.holders = holders;
    limit.slots = slots;
}

static _Atomic int *try_slots(unsigned first)
{
    for (unsigned i = 0; i < limit.slots; i++) {
        _Atomic int *slot = &limit.holders[(first + i) % limit.slots];
        int nobody = 0;
        if (atomic_compare_exchange_strong(slot, &nobody, (int)getpid())) {
            return slot;
        }
    }
    return NULL;
}

/* Naps of uneven length, so that workers that wait do not march in step. */
static void nap(void)
{
    long micros = NAP_MIN_MICROS + (long)rand_below(NAP_SPREAD_MICROS);
    const struct timespec length = {.tv_nsec = micros * 1000};
    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
}

static err take_slot(struct arena *a, _Atomic int **out)
{
    static _Atomic int unlimited;
    if (limit.holders == NULL) {
        *out = &unlimited;
        return NULL;
    }
    int64_t until = clock_steady() + WAIT_MICROS;
    unsigned first = rand_below(limit.slots);
    _Atomic int *slot = try_slots(first);
    if (slot == NULL && meter != NULL) {
        counter_add(&meter->waits, 1);
    }
    while (slot == NULL && clock_steady() < until) {
        nap();
        slot = try_slots(first);
    }
    if (slot == NULL) {
        if (meter != NULL) {
            counter_add(&meter->refusals, 1);
        }
        return error_cause(a, ERROR_BUSY, "%u passwords are being hashed, and no place became free in 2 s",
                           limit.slots);
    }
    *out = slot;
    return NULL;
}

/* Hashes work.input by work.setting; NULL when the library refuses the setting. The result lies in work. */
static err run(struct arena *a, const char **result)
{
    _Atomic int *slot = NULL;
    TRY(take_slot(a, &slot));
    struct way before;
    give_way(&before, limit.slots);
    int64_t begun = clock_steady();
    *result = crypt_rn(work.input, work.setting, &work, (int)sizeof work);
    give_way_no_more(&before);
    atomic_store(slot, 0);
    if (meter != NULL) {
        histogram_add(&meter->seconds, clock_steady() - begun);
    }
    return NULL;
}

static bool is_password(str s)
{
    return s.n > 0 && s.n <= PASSWORD_MAX_BYTES && memchr(s.p, '\0', s.n) == NULL;
}

static void fill(char *field, str s)
{
    memcpy(field, s.p, s.n);
    field[s.n] = '\0';
}

static err make(struct arena *a, unsigned cost, str password, const unsigned char *salt, str *hash)
{
    if (crypt_gensalt_rn("$2b$", cost, (const char *)salt, PASSWORD_SALT_BYTES, work.setting,
                         sizeof work.setting) == NULL) {
        return error_cause(a, ERROR_INTERNAL, "libxcrypt: no salt for bcrypt of cost %u", cost);
    }
    fill(work.input, password);
    const char *result = NULL;
    TRY(run(a, &result));
    if (result == NULL || password_cost(str_of(result)) != cost) {
        return error_cause(a, ERROR_INTERNAL, "libxcrypt: no bcrypt hash of cost %u", cost);
    }
    *hash = str_copy(a, str_of(result));
    return NULL;
}

err password_hash(struct arena *a, unsigned cost, str password, str *hash)
{
    unsigned char salt[PASSWORD_SALT_BYTES];
    rand_bytes(salt, sizeof salt);
    return password_hash_salted(a, cost, password, salt, hash);
}

err password_hash_salted(struct arena *a, unsigned cost, str password,
                         const unsigned char salt[PASSWORD_SALT_BYTES], str *hash)
{
    if (!is_password(password) || cost < PASSWORD_MIN_COST || cost > PASSWORD_MAX_COST) {
        abort(); /* the caller has checked */
    }
    err failed = make(a, cost, password, salt, hash);
    explicit_bzero(&work, sizeof work);
    return failed;
}

static err compare(struct arena *a, str hash, str password, bool *ok)
{
    bool possible = is_password(password);
    fill(work.setting, hash);
    fill(work.input, possible ? password : STR("no password"));
    const char *result = NULL;
    TRY(run(a, &result));
    /* Only the hash proper: the library puts unused bits of the salt to zero, some programs did not. */
    str found = str_slice(str_of(result), SETTING_BYTES, PASSWORD_HASH_BYTES);
    *ok = possible && digest_equal(found, str_slice(hash, SETTING_BYTES, PASSWORD_HASH_BYTES));
    return NULL;
}

err password_check(struct arena *a, str hash, str password, bool *ok)
{
    if (password_cost(hash) == 0) {
        *ok = false;
        return NULL;
    }
    err failed = compare(a, hash, password, ok);
    explicit_bzero(&work, sizeof work);
    return failed;
}

/* bcrypt's own base 64: ./A-Za-z0-9 */
static bool in_alphabet(char c)
{
    return (c >= '.' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "$2a$", "$2b$" or "$2y$", two digits for the cost, and a "$". */
static bool has_head(str hash)
{
    char kind = hash.p[2];
    return str_starts(hash, STR("$2")) && (kind == 'a' || kind == 'b' || kind == 'y') && hash.p[3] == '$' &&
           hash.p[6] == '$';
}

unsigned password_cost(str hash)
{
    if (hash.n != PASSWORD_HASH_BYTES || !has_head(hash)) {
        return 0;
    }
    for (size_t i = HEAD_BYTES; i < hash.n; i++) {
        if (!in_alphabet(hash.p[i])) {
            return 0;
        }
    }
    uint64_t cost = 0;
    bool in_bounds =
        str_to_uint(str_slice(hash, 4, 6), &cost) && cost >= PASSWORD_MIN_COST && cost <= PASSWORD_MAX_COST;
    return in_bounds ? (unsigned)cost : 0;
}

str password_decoy(struct arena *a, unsigned cost)
{
    /* 22 characters of salt and 31 of hash. The last character carries two bits that a real hash always
     * has at zero and that are set here, so no password can match. */
    return str_format(a,
                      "$2b$%02u$quireDecoyquireDecoyqu"
                      "quireDecoyquireDecoyquireDecoy/",
                      cost);
}
