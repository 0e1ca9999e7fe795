#include "models/mail.h"

#include "engine/lease.h"
#include "models/user.h"

enum { FOLD_BYTES = 1016 };

static const struct choice purposes[] = {{"verify", MAIL_VERIFY}, {"reset", MAIL_RESET}, {NULL, 0}};

static const struct field mail_fields[MAIL__MAX] = {
    [MAIL_ID] = ID("id", .doc = "its number"),
    [MAIL_ADDRESS] = BYTES("address", .max = FOLD_BYTES, .flags = READ_ONLY | HIDDEN),
    [MAIL_PURPOSE] = CHOICE("purpose", .choices = purposes, .flags = READ_ONLY, .doc = "what it is for"),
    [MAIL_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = NULLABLE | READ_ONLY,
                         .doc = "who had the address when it was wanted: the row goes with them"),
    [MAIL_SEED] = BYTES("seed", .max = MAIL_SEED_BYTES, .flags = READ_ONLY | HIDDEN),
    [MAIL_ATTEMPTS] = INT("attempts", .initial = INITIAL_ZERO, .flags = READ_ONLY | HIDDEN),
    [MAIL_HOLDER] = BYTES("holder", .max = LEASE_HOLDER_BYTES, .flags = NULLABLE | READ_ONLY | HIDDEN),
    [MAIL_DUE_AT] = TIME("due_at", .initial = AT_CREATION, .flags = NULLABLE | READ_ONLY | HIDDEN),
    [MAIL_CREATED_AT] = TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY),
    [MAIL_ERROR] = TEXT("error", .max = MAIL_ERROR_MOST, .flags = NULLABLE | READ_ONLY | HIDDEN),
};

static const struct key mail_keys[] = {PRIMARY(MAIL_ID), UNIQUE(MAIL_ADDRESS, MAIL_PURPOSE),
                                       INDEX(MAIL_USER_ID), INDEX(MAIL_DUE_AT), INDEX(MAIL_CREATED_AT)};

static const unsigned char mail_members[] = {MAIL_ID, MAIL_PURPOSE, MAIL_CREATED_AT};
static const struct shape mail_whole = SHAPE("Mail", &mail_resource, mail_members);

const struct resource mail_resource = {
    .name = "mail",
    .table = "mails",
    FIELDS(mail_fields),
    KEYS(mail_keys),
    .shape = &mail_whole,
    .doc = "A mail that is to be sent",
};

static const struct field token_fields[MAIL_TOKEN__MAX] = {
    [MAIL_TOKEN_HASH] = BYTES("hash", .max = 32, .flags = KEY | READ_ONLY | HIDDEN),
    [MAIL_TOKEN_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY),
    [MAIL_TOKEN_PURPOSE] = CHOICE("purpose", .choices = purposes, .flags = READ_ONLY),
    [MAIL_TOKEN_ADDRESS] = BYTES("address", .max = FOLD_BYTES, .flags = READ_ONLY | HIDDEN),
    [MAIL_TOKEN_EXPIRES_AT] = TIME("expires_at", .flags = READ_ONLY),
};

static const struct key token_keys[] = {
    PRIMARY(MAIL_TOKEN_HASH), UNIQUE(MAIL_TOKEN_USER_ID, MAIL_TOKEN_PURPOSE), INDEX(MAIL_TOKEN_EXPIRES_AT)};

static const unsigned char token_members[] = {MAIL_TOKEN_PURPOSE, MAIL_TOKEN_EXPIRES_AT};
static const struct shape token_whole = SHAPE("MailToken", &mail_token_resource, token_members);

const struct resource mail_token_resource = {
    .name = "mail_token",
    .table = "mail_tokens",
    FIELDS(token_fields),
    KEYS(token_keys),
    .shape = &token_whole,
    .doc = "What a mail's link proves",
};

/* -- the outbox -- */

/* One statement whoever has the address, or nobody. */
const struct statement mail_want = {
    .name = "mail_want",
    .sql = STR_INIT("INSERT INTO mails (address, purpose, user_id, seed) "
                    "VALUES (?, ?, (SELECT id FROM users WHERE email_fold = ?), ?) "
                    "ON DUPLICATE KEY UPDATE user_id = VALUES(user_id), seed = VALUES(seed), attempts = 0, "
                    "holder = NULL, error = NULL, due_at = UTC_TIMESTAMP(6), created_at = UTC_TIMESTAMP(6)"),
    .values = 4,
};

static const enum value_kind one_number[] = {VALUE_INT};

const struct statement mail_waiting = {
    .name = "mail_waiting",
    .sql = STR_INIT("SELECT 1 FROM mails WHERE due_at <= UTC_TIMESTAMP(6) LIMIT 1"),
    .columns = 1,
    .kinds = one_number,
};

static const enum value_kind due_kinds[MAIL_DUE__MAX] = {
    [MAIL_DUE_ID] = VALUE_INT,
    [MAIL_DUE_PURPOSE] = VALUE_INT,
    [MAIL_DUE_SEED] = VALUE_BYTES,
    [MAIL_DUE_ATTEMPTS] = VALUE_INT,
};

const struct statement mail_due = {
    .name = "mail_due",
    .sql = STR_INIT("SELECT id, purpose, seed, attempts FROM mails WHERE due_at <= UTC_TIMESTAMP(6) "
                    "ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED"),
    .columns = MAIL_DUE__MAX,
    .kinds = due_kinds,
    .locks = true,
};

const struct statement mail_take = {
    .name = "mail_take",
    .sql = STR_INIT("UPDATE mails SET attempts = attempts + 1, holder = ?, "
                    "due_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND WHERE id = ?"),
    .values = 3,
};

const struct statement mail_give_back = {
    .name = "mail_give_back",
    .sql = STR_INIT("UPDATE mails SET attempts = attempts - 1, holder = NULL, due_at = UTC_TIMESTAMP(6) "
                    "WHERE id = ? AND holder = ?"),
    .values = 2,
};

static const enum value_kind addressee_kinds[ADDRESSEE__MAX] = {VALUE_TEXT, VALUE_TEXT};

const struct statement mail_addressee = {
    .name = "mail_addressee",
    .sql = STR_INIT("SELECT email, username FROM users WHERE email_fold = "
                    "(SELECT address FROM mails WHERE id = ? AND holder = ?) FOR UPDATE"),
    .values = 2,
    .columns = ADDRESSEE__MAX,
    .kinds = addressee_kinds,
    .locks = true,
};

const struct statement mail_done = {
    .name = "mail_done",
    .sql = STR_INIT("DELETE FROM mails WHERE id = ? AND holder = ?"),
    .values = 2,
};

const struct statement mail_put_off = {
    .name = "mail_put_off",
    .sql = STR_INIT("UPDATE mails SET holder = NULL, error = ?, "
                    "due_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND WHERE id = ? AND holder = ?"),
    .values = 4,
};

const struct statement mail_give_up = {
    .name = "mail_give_up",
    .sql = STR_INIT("UPDATE mails SET holder = NULL, error = ?, due_at = NULL WHERE id = ? AND holder = ?"),
    .values = 3,
};

const struct statement mail_forget = {
    .name = "mail_forget",
    .sql = STR_INIT("DELETE FROM mails WHERE address = (SELECT email_fold FROM users WHERE id = ?)"),
    .values = 1,
};

const struct statement mail_forget_one = {
    .name = "mail_forget_one",
    .sql = STR_INIT("DELETE FROM mails WHERE address = (SELECT email_fold FROM users WHERE id = ?) "
                    "AND purpose = ?"),
    .values = 2,
};

const struct statement mail_prune = {
    .name = "mail_prune",
    .sql = STR_INIT("DELETE FROM mails WHERE due_at IS NULL AND "
                    "created_at < UTC_TIMESTAMP(6) - INTERVAL " MAIL_KEEP_DAYS " DAY "
                    "ORDER BY created_at LIMIT 100"),
};

/* -- tokens -- */

const struct statement mail_token_make = {
    .name = "mail_token_make",
    .sql = STR_INIT("INSERT INTO mail_tokens (hash, user_id, purpose, address, expires_at) "
                    "SELECT ?, u.id, m.purpose, m.address, UTC_TIMESTAMP(6) + INTERVAL ? MINUTE "
                    "FROM mails m JOIN users u ON u.email_fold = m.address "
                    "WHERE m.id = ? AND m.holder = ? AND u.is_active = 1 "
                    "AND (m.purpose <> 0 OR u.email_verified_at IS NULL) "
                    "ON DUPLICATE KEY UPDATE hash = VALUES(hash), address = VALUES(address), "
                    "expires_at = VALUES(expires_at)"),
    .values = 4,
};

static const enum value_kind owner_kinds[MAIL_OWNER__MAX] = {[MAIL_OWNER_ID] = VALUE_INT,
                                                             [MAIL_OWNER_EMAIL_FOLD] = VALUE_BYTES,
                                                             [MAIL_OWNER_USERNAME_FOLD] = VALUE_BYTES};

#define TOKEN_OWNER                                                  \
    "SELECT u.id, u.email_fold, u.username_fold FROM mail_tokens t " \
    "JOIN users u ON u.id = t.user_id AND u.email_fold = t.address " \
    "WHERE t.hash = ? AND t.purpose = ? AND t.expires_at > UTC_TIMESTAMP(6) AND u.is_active = 1"

const struct statement mail_token_find = {
    .name = "mail_token_find",
    .sql = STR_INIT(TOKEN_OWNER),
    .values = 2,
    .columns = MAIL_OWNER__MAX,
    .kinds = owner_kinds,
};

const struct statement mail_token_hold = {
    .name = "mail_token_hold",
    .sql = STR_INIT(TOKEN_OWNER " FOR UPDATE"),
    .values = 2,
    .columns = MAIL_OWNER__MAX,
    .kinds = owner_kinds,
    .locks = true,
};

const struct statement mail_token_spend = {
    .name = "mail_token_spend",
    .sql = STR_INIT("DELETE FROM mail_tokens WHERE user_id = ? AND purpose = ?"),
    .values = 2,
};

const struct statement mail_token_forget = {
    .name = "mail_token_forget",
    .sql = STR_INIT("DELETE FROM mail_tokens WHERE user_id = ?"),
    .values = 1,
};

const struct statement mail_token_prune = {
    .name = "mail_token_prune",
    .sql =
        STR_INIT("DELETE FROM mail_tokens WHERE expires_at < UTC_TIMESTAMP(6) ORDER BY expires_at LIMIT 100"),
};

const struct statement user_verified = {
    .name = "user_verified",
    .sql = STR_INIT("UPDATE users SET email_verified_at = COALESCE(email_verified_at, UTC_TIMESTAMP(6)) "
                    "WHERE id = ?"),
    .values = 1,
};

const struct statement user_unverified = {
    .name = "user_unverified",
    .sql = STR_INIT("UPDATE users SET email_verified_at = NULL WHERE id = ? AND email_fold <> ?"),
    .values = 2,
};
