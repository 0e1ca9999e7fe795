#include "models/user.h"

#include "models/book.h"
#include "models/profile.h"
#include "models/review.h"
#include "models/role.h"

/* Of each relation of a person. */
enum { SHOWN = 100 };

static const struct field user_fields[USER__MAX] = {
    [USER_ID] = ID("id", .doc = "the account's number"),
    [USER_UID] = UUID("uid", .flags = GENERATED | READ_ONLY,
                      .doc = "the account's UUID: what books and reviews refer to"),
    [USER_USERNAME] =
        TEXT("username", .min = 3, .max = 50, .flags = REQUIRED | FILTER | SORT | SEARCH,
             .doc = "the name that others see; unique without regard to case", .example = "ada"),
    [USER_EMAIL] =
        EMAIL("email", .max = 254, .flags = REQUIRED,
              .doc = "the address to log in with; unique without regard to case; others do not see it"),
    [USER_IS_ACTIVE] =
        BOOL("is_active", .initial = INITIAL_TRUE, .flags = FILTER,
             .doc = "false when an admin has switched the account off: nobody can log in with it"),
    [USER_CREATED_AT] = TIME("created_at", .alias = "date", .initial = AT_CREATION,
                             .flags = READ_ONLY | FILTER | SORT, .doc = "when the account was made"),
    [USER_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED,
                             .doc = "when the account was last edited; at first, when it was made"),
    [USER_PASSWORD_HASH] = TEXT("password_hash", .max = 100, .flags = HIDDEN),
    [USER_USERNAME_FOLD] = FOLD("username_fold", .of = USER_USERNAME, .max = 200, .flags = HIDDEN),
    [USER_EMAIL_FOLD] = FOLD("email_fold", .of = USER_EMAIL, .max = 1016, .flags = HIDDEN),
    [USER_PROFILE] =
        HAS("profile", .to = &profile_resource, .key = PROFILE_USER_ID, .show = &profile_whole,
            .flags = ON_REQUEST, .doc = "what the person tells of themself; null without a profile"),
    [USER_ROLES] =
        MANY("roles", .to = &user_role_resource, .key = USER_ROLE_USER_ID, .show = &user_role_grant,
             .max = SHOWN, .flags = ON_REQUEST, .doc = "the roles that the person holds"),
    [USER_BOOKS] =
        MANY("books", .to = &book_resource, .key = BOOK_USER_UID, .show = &book_whole, .max = SHOWN,
             .flags = ON_REQUEST | NEWEST_FIRST, .doc = "the person's books, the newest first"),
    [USER_REVIEWS] =
        MANY("reviews", .to = &review_resource, .key = REVIEW_USER_UID, .show = &review_whole, .max = SHOWN,
             .flags = ON_REQUEST | NEWEST_FIRST, .doc = "the person's reviews, the newest first"),
    [USER_VERSION] = VERSION("version"),
    [USER_EMAIL_VERIFIED_AT] = TIME("email_verified_at", .flags = NULLABLE | HIDDEN),
    [USER_LOGINS] = INT("logins", .initial = INITIAL_ZERO, .flags = HIDDEN),
};

static const struct key user_keys[] = {
    PRIMARY(USER_ID),     UNIQUE(USER_UID),       UNIQUE(USER_USERNAME_FOLD), UNIQUE(USER_EMAIL_FOLD),
    INDEX(USER_USERNAME), INDEX(USER_CREATED_AT), FULLTEXT(USER_USERNAME),
};

#define MEMBERS USER_ID, USER_UID, USER_USERNAME, USER_EMAIL, USER_IS_ACTIVE, USER_CREATED_AT, USER_UPDATED_AT

static const unsigned char whole[] = {MEMBERS};
const struct shape user_whole = SHAPE("User", &user_resource, whole);

static const unsigned char self[] = {MEMBERS, USER_BOOKS, USER_REVIEWS};
const struct shape user_self = SHAPE("UserSelf", &user_resource, self);

static const unsigned char public_fields[] = {USER_ID, USER_UID, USER_USERNAME, USER_CREATED_AT};
const struct shape user_public = SHAPE("PublicUser", &user_resource, public_fields);

static const unsigned char brief[] = {USER_ID, USER_USERNAME};
const struct shape user_brief = SHAPE("UserBrief", &user_resource, brief);

static const unsigned char card[] = {USER_ID, USER_UID, USER_USERNAME};
const struct shape user_card = SHAPE("UserCard", &user_resource, card);

const struct resource user_resource = {
    .name = "user",
    .table = "users",
    FIELDS(user_fields),
    KEYS(user_keys),
    .shape = &user_whole,
    .doc = "An account",
};

static const enum value_kind account_kinds[ACCOUNT__MAX] = {
    [ACCOUNT_ID] = VALUE_INT,
    [ACCOUNT_PASSWORD_HASH] = VALUE_TEXT,
    [ACCOUNT_IS_ACTIVE] = VALUE_BOOL,
};

const struct statement user_by_login = {
    .name = "user_by_login",
    .sql = STR_INIT("SELECT id, password_hash, is_active FROM ("
                    "SELECT 0 AS place, id, password_hash, is_active FROM "
                    "users WHERE email_fold = ? "
                    "UNION ALL "
                    "SELECT 1, id, password_hash, is_active FROM users WHERE "
                    "username_fold = ?"
                    ") AS found ORDER BY place LIMIT 1"),
    .values = 2,
    .columns = ACCOUNT__MAX,
    .kinds = account_kinds,
};

static const enum value_kind secret_kinds[SECRET__MAX] = {[SECRET_PASSWORD_HASH] = VALUE_TEXT};

const struct statement user_secret = {
    .name = "user_secret",
    .sql = STR_INIT("SELECT password_hash FROM users WHERE id = ?"),
    .values = 1,
    .columns = SECRET__MAX,
    .kinds = secret_kinds,
};

const struct statement user_enter = {
    .name = "user_enter",
    .sql = STR_INIT("UPDATE users SET logins = logins + 1, password_hash = ? "
                    "WHERE id = ? AND password_hash = ? AND is_active = 1"),
    .values = 3,
};
