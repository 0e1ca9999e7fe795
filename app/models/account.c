#include "models/account.h"

#define USERNAME(flags_)                                     \
    TEXT("username", .min = 3, .max = 50, .flags = (flags_), \
         .doc = "the name that others see; unique without regard to case", .example = "ada")
#define ADDRESS(flags_)                           \
    EMAIL("email", .max = 254, .flags = (flags_), \
          .doc = "the address to log in with; unique without regard to case")
#define NEW_PASSWORD(name_)                                                      \
    PASSWORD(name_, .min = 8, .max = 0, .flags = REQUIRED | SECRET | WRITE_ONLY, \
             .doc = "what to log in with from now on; at most 72 bytes", .example = "Paper-Lantern-7")
#define OLD_PASSWORD(name_)                                                                  \
    PASSWORD(name_, .flags = REQUIRED | SECRET | WRITE_ONLY, .doc = "the password as it is", \
             .example = "Paper-Lantern-7")

static const struct field register_fields[REGISTER__MAX] = {
    [REGISTER_USERNAME] = USERNAME(REQUIRED),
    [REGISTER_EMAIL] = ADDRESS(REQUIRED),
    [REGISTER_PASSWORD] = NEW_PASSWORD("password"),
};
const struct resource register_form = {.name = "UserCreate", FIELDS(register_fields), .doc = "A new account"};

static const struct field signup_fields[REGISTER__MAX] = {
    [REGISTER_USERNAME] = USERNAME(0),
    [REGISTER_EMAIL] = ADDRESS(REQUIRED),
    [REGISTER_PASSWORD] = NEW_PASSWORD("password"),
};
const struct resource signup_form = {
    .name = "UserSignup", FIELDS(signup_fields), .doc = "A new account; without a username one is made up"};

static const struct choice login_modes[] = {{"token", LOGIN_TOKEN}, {"cookie", LOGIN_COOKIE}, {NULL, 0}};
static const struct field login_fields[LOGIN__MAX] = {
    [LOGIN_EMAIL] = ADDRESS(REQUIRED),
    [LOGIN_PASSWORD] = OLD_PASSWORD("password"),
    [LOGIN_MODE] =
        CHOICE("mode", .choices = login_modes, .initial = INITIAL_ZERO,
               .doc = "where the tokens come: in the body, or in cookies that scripts cannot read"),
};
const struct resource login_form = {.name = "Login", FIELDS(login_fields), .doc = "Who enters"};

static const struct field grant_fields[GRANT__MAX] = {
    [GRANT_TYPE] = TEXT("grant_type", .pattern = "password", .doc = "the kind of grant; may be left out"),
    [GRANT_USERNAME] = TEXT("username", .max = 320, .flags = REQUIRED,
                            .doc = "an e-mail address or a username", .example = "ada"),
    [GRANT_PASSWORD] = OLD_PASSWORD("password"),
    [GRANT_SCOPE] = TEXT("scope", .max = 1000, .doc = "read for OAuth2's sake; it changes nothing"),
};
const struct resource grant_form = {
    .name = "PasswordGrant", FIELDS(grant_fields), .doc = "OAuth2 password grant"};

static const struct field account_fields[ACCOUNT_FIELD__MAX] = {
    [ACCOUNT_USERNAME] = USERNAME(REQUIRED),
    [ACCOUNT_EMAIL] = ADDRESS(REQUIRED),
};
const struct resource account_form = {
    .name = "UserUpdate", FIELDS(account_fields), .doc = "Changes to an account"};

static const struct field activation_fields[ACTIVATION__MAX] = {
    [ACTIVATION_IS_ACTIVE] =
        BOOL("is_active", .flags = REQUIRED,
             .doc = "false switches the account off: its tokens are refused and nobody can log in with it"),
};
const struct resource activation_form = {
    .name = "UserActivation", FIELDS(activation_fields), .doc = "Whether an account may be used"};

static const struct field password_fields[PASSWORD__MAX] = {
    [PASSWORD_CURRENT] = OLD_PASSWORD("current_password"),
    [PASSWORD_NEW] = NEW_PASSWORD("new_password"),
};
const struct resource password_form = {
    .name = "PasswordChange", FIELDS(password_fields), .doc = "A new password"};

static const struct field farewell_fields[FAREWELL__MAX] = {
    [FAREWELL_PASSWORD] = OLD_PASSWORD("current_password"),
};
const struct resource farewell_form = {
    .name = "Farewell", FIELDS(farewell_fields), .doc = "The end of an account"};

static const struct choice token_types[] = {{"bearer", 0}, {NULL, 0}};
static const struct field token_fields[] = {
    TEXT("access_token", .doc = "to be sent in the header `Authorization: Bearer …`"),
    CHOICE("token_type", .choices = token_types, .doc = "the kind of token (RFC 6750)"),
    INT("expires_in", .doc = "how many seconds the access token is good for"),
    TEXT("refresh_token", .doc = "what POST /auth/refresh exchanges for the next pair; good once"),
};
static const struct resource token = {.name = "token", FIELDS(token_fields), .doc = "The keys of a session"};
static const unsigned char token_members[] = {0, 1, 2, 3};
const struct shape account_token = SHAPE("Token", &token, token_members);
static const unsigned char cookie_members[] = {1, 2};
const struct shape account_cookie_token = SHAPE("TokenInCookies", &token, cookie_members);

static const struct field renewal_fields[RENEWAL__MAX] = {
    [RENEWAL_REFRESH_TOKEN] =
        TEXT("refresh_token", .max = 4096, .flags = SECRET | WRITE_ONLY,
             .doc = "the refresh token of the last pair; left out by who has it in a cookie"),
};
const struct resource renewal_form = {
    .name = "TokenRenewal", FIELDS(renewal_fields), .doc = "A session goes on"};
