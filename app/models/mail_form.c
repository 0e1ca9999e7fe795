/* The forms of the mail flows; models/mail.h declares them. */
#include "models/mail.h"

static const struct field mail_form_fields[MAIL_FORM__MAX] = {
    [MAIL_FORM_EMAIL] =
        EMAIL("email", .max = 254, .flags = REQUIRED, .doc = "the address of the account, whatever its case"),
};
const struct resource mail_form = {
    .name = "MailWish", FIELDS(mail_form_fields), .doc = "Whom a mail is to go to"};

static const struct field promise_fields[] = {
    TEXT("message", .doc = "what is done, in words; the same whether or not there is such an account",
         .example = "if an account has this address, a mail is on its way to it")};
static const struct resource promise = {
    .name = "promise", FIELDS(promise_fields), .doc = "What will be done"};
static const unsigned char promise_members[] = {0};
const struct shape mail_promise = SHAPE("MailPromise", &promise, promise_members);

#define MAILED_TOKEN                                                               \
    TEXT("token", .min = 1, .max = 200, .flags = REQUIRED | SECRET | WRITE_ONLY,   \
         .doc = "what stands behind `#token=` in the link of the mail; good once", \
         .example = "c2l4dGVlbiByYW5kb20gYnl0ZXMsIHR3aWNlIG92ZXI")

static const struct field verify_fields[VERIFY__MAX] = {[VERIFY_TOKEN] = MAILED_TOKEN};
const struct resource verify_form = {
    .name = "EmailVerification", FIELDS(verify_fields), .doc = "Proof that an address is one's own"};

static const struct field reset_fields[RESET__MAX] = {
    [RESET_TOKEN] = MAILED_TOKEN,
    [RESET_PASSWORD] =
        PASSWORD("new_password", .min = 8, .max = 0, .flags = REQUIRED | SECRET | WRITE_ONLY,
                 .doc = "what to log in with from now on; at most 72 bytes", .example = "Paper-Lantern-7"),
};
const struct resource reset_form = {
    .name = "PasswordReset", FIELDS(reset_fields), .doc = "A new password for who has lost theirs"};
