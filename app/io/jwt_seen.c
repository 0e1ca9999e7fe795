#include "io/jwt_seen.h"

#include <string.h>

#include "base/arena.h"
#include "io/digest.h"

struct place {
    unsigned char sum[DIGEST_BYTES];
    int64_t kept_at; /* seconds; 0: there is nothing */
    struct jwt_claims claims;
};

struct jwt_seen {
    struct digest *digest;
    struct place places[JWT_SEEN];
};

struct jwt_seen *jwt_seen_new(struct arena *life)
{
    struct jwt_seen *seen = ARENA_NEW(life, struct jwt_seen);
    seen->digest = digest_begin(life);
    return seen;
}

/* The only place where the token can be, and its sum. */
static struct place *place_of(struct jwt_seen *seen, str token, unsigned char sum[DIGEST_BYTES])
{
    digest_add(seen->digest, token);
    digest_end(seen->digest, sum);
    return &seen->places[(sum[0] | sum[1] << 8) % JWT_SEEN];
}

/* nbf and iat were not after kept_at, and so are not after now. */
bool jwt_seen_find(struct jwt_seen *seen, str token, int64_t now, struct jwt_claims *claims)
{
    unsigned char sum[DIGEST_BYTES];
    const struct place *place = place_of(seen, token, sum);
    bool found = place->kept_at > 0 && memcmp(place->sum, sum, sizeof sum) == 0 && place->kept_at <= now &&
                 now < place->claims.expires;
    if (found) {
        *claims = place->claims;
    }
    return found;
}

void jwt_seen_keep(struct jwt_seen *seen, str token, int64_t now, const struct jwt_claims *claims)
{
    unsigned char sum[DIGEST_BYTES];
    struct place *place = place_of(seen, token, sum);
    *place = (struct place){.kept_at = now, .claims = *claims};
    memcpy(place->sum, sum, sizeof sum);
}
