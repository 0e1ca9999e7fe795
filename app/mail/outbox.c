#include "mail/outbox.h"

#include <string.h>

#include "base/base64.h"
#include "base/rand.h"
#include "base/text.h"
#include "engine/write.h"

err outbox_want(struct db *db, struct arena *a, enum mail_purpose purpose, str address)
{
    unsigned char seed[MAIL_SEED_BYTES];
    uint64_t matched = 0;
    str folded = text_fold(a, address);
    rand_bytes(seed, sizeof seed);
    const struct value values[] = {value_bytes(folded.p, folded.n), value_int(purpose),
                                   value_bytes(folded.p, folded.n), value_bytes(seed, sizeof seed)};
    return write_statement(db, a, &mail_want, values, &matched);
}

err outbox_move(struct db *db, struct arena *a, int64_t user_id, str address, bool *moved)
{
    uint64_t matched = 0;
    str folded = text_fold(a, address);
    const struct value values[] = {value_int(user_id), value_bytes(folded.p, folded.n)};
    TRY(write_statement(db, a, &user_unverified, values, &matched));
    if (matched > 0) {
        TRY(outbox_end_links(db, a, user_id));
    }
    *moved = matched > 0;
    return NULL;
}

err outbox_spend(struct db *db, struct arena *a, int64_t user_id, enum mail_purpose purpose)
{
    uint64_t matched = 0;
    const struct value values[] = {value_int(user_id), value_int(purpose)};
    TRY(write_statement(db, a, &mail_token_spend, values, &matched));
    return write_statement(db, a, &mail_forget_one, values, &matched);
}

err outbox_end_links(struct db *db, struct arena *a, int64_t user_id)
{
    uint64_t matched = 0;
    const struct value id = value_int(user_id);
    TRY(write_statement(db, a, &mail_token_forget, &id, &matched));
    return outbox_forget(db, a, user_id);
}

err outbox_forget(struct db *db, struct arena *a, int64_t user_id)
{
    uint64_t matched = 0;
    const struct value id = value_int(user_id);
    return write_statement(db, a, &mail_forget, &id, &matched);
}

void outbox_token(const struct digest_key *key, enum mail_purpose purpose, str seed,
                  unsigned char token[DIGEST_BYTES])
{
    /* The key also seals cursors and hides idempotency keys: what is sealed here begins as nothing else does. */
    unsigned char text[16 + MAIL_SEED_BYTES] = "mail token";
    text[15] = (unsigned char)purpose;
    if (seed.n != MAIL_SEED_BYTES) {
        abort();
    }
    memcpy(text + 16, seed.p, seed.n);
    digest_hmac(key, (str){(const char *)text, sizeof text}, token);
}

bool outbox_hash(struct arena *a, str text, unsigned char hash[DIGEST_BYTES])
{
    str bytes = {0};
    if (!base64_read(a, text, &bytes) || bytes.n != DIGEST_BYTES) {
        return false;
    }
    digest_sha256(bytes, hash);
    return true;
}
