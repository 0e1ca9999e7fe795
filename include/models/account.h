/* account: the forms by which people make, enter, change and leave their accounts. No tables: bodies of
 * requests. */
#ifndef QUIRE_MODELS_ACCOUNT_H
#define QUIRE_MODELS_ACCOUNT_H

#include "schema/resource.h"

/* POST /auth/register. POST /users takes the same with the username optional: signup_form. */
enum register_field { REGISTER_USERNAME, REGISTER_EMAIL, REGISTER_PASSWORD, REGISTER__MAX };
extern const struct resource register_form;
extern const struct resource signup_form;

/* POST /auth/login. */
enum login_field { LOGIN_EMAIL, LOGIN_PASSWORD, LOGIN_MODE, LOGIN__MAX };
enum login_mode { LOGIN_TOKEN, LOGIN_COOKIE };
extern const struct resource login_form;

/* POST /login: the password grant of RFC 6749, section 4.3.2. */
enum grant_field { GRANT_TYPE, GRANT_USERNAME, GRANT_PASSWORD, GRANT_SCOPE, GRANT__MAX };
extern const struct resource grant_form;

/* POST /auth/refresh. */
enum renewal_field { RENEWAL_REFRESH_TOKEN, RENEWAL__MAX };
extern const struct resource renewal_form;

/* What a log-in answers: {access_token, token_type, expires_in, refresh_token}; where cookies hold both tokens,
 * {token_type, expires_in}. */
extern const struct shape account_token;
extern const struct shape account_cookie_token;

/* PATCH /users/me. */
enum account_field { ACCOUNT_USERNAME, ACCOUNT_EMAIL, ACCOUNT_FIELD__MAX };
extern const struct resource account_form;

/* PATCH /users/{id}, by an admin. */
enum activation_field { ACTIVATION_IS_ACTIVE, ACTIVATION__MAX };
extern const struct resource activation_form;

/* PUT /users/me/password. */
enum password_field { PASSWORD_CURRENT, PASSWORD_NEW, PASSWORD__MAX };
extern const struct resource password_form;

/* DELETE /users/me. */
enum farewell_field { FAREWELL_PASSWORD, FAREWELL__MAX };
extern const struct resource farewell_form;

#endif
