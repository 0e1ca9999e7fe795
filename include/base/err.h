/*
 * err: the one way to fail. A function that can fail returns err and is MUST_USE; NULL is success.
 *
 * An error carries what the client may know (code, thus status; a sentence; for bad input the list of all
 * that is wrong) and a cause that goes to the log only. It lives in the arena it was made in. Out-parameters
 * are written only on success. A programmer's mistake is abort(), never an err. Only http/reply knows the
 * wire form.
 *
 *     MUST_USE err post_find(struct arena *a, int64_t id, struct row *out);
 *     TRY(post_find(a, 7, &row));
 *     return error_new(a, ERROR_NOT_FOUND, "post with id: %" PRId64 " not found", id);
 */
#ifndef QUIRE_BASE_ERR_H
#define QUIRE_BASE_ERR_H

#include <stdlib.h>

#include "base/cold.h"
#include "base/str.h"

struct arena;

/* X(constant, status, wire name, title): every error a client can meet. The names are a promise. */
#define ERROR_CODES(X)                                                           \
    X(ERROR_BAD_REQUEST, 400, "bad_request", "Bad Request")                      \
    X(ERROR_BODY_UNREADABLE, 400, "body_unreadable", "Bad Request")              \
    X(ERROR_ANSWER_TOO_LARGE, 400, "answer_too_large", "Bad Request")            \
    X(ERROR_BAD_CURSOR, 400, "bad_cursor", "Bad Request")                        \
    X(ERROR_MAIL_TOKEN, 400, "mail_token_invalid", "Bad Request")                \
    X(ERROR_UNAUTHENTICATED, 401, "unauthenticated", "Unauthorized")             \
    X(ERROR_INVALID_TOKEN, 401, "invalid_token", "Unauthorized")                 \
    X(ERROR_INVALID_CREDENTIALS, 401, "invalid_credentials", "Unauthorized")     \
    X(ERROR_FORBIDDEN, 403, "forbidden", "Forbidden")                            \
    X(ERROR_INACTIVE, 403, "inactive_user", "Forbidden")                         \
    X(ERROR_FOREIGN_ORIGIN, 403, "foreign_origin", "Forbidden")                  \
    X(ERROR_WRONG_PASSWORD, 403, "wrong_password", "Forbidden")                  \
    X(ERROR_NOT_FOUND, 404, "not_found", "Not Found")                            \
    X(ERROR_NO_ROUTE, 404, "no_route", "Not Found")                              \
    X(ERROR_METHOD_NOT_ALLOWED, 405, "method_not_allowed", "Method Not Allowed") \
    X(ERROR_CONFLICT, 409, "conflict", "Conflict")                               \
    X(ERROR_DUPLICATE, 409, "duplicate", "Conflict")                             \
    X(ERROR_LAST_ADMIN, 409, "last_admin", "Conflict")                           \
    X(ERROR_STALE, 412, "stale", "Precondition Failed")                          \
    X(ERROR_TOO_LARGE, 413, "body_too_large", "Content Too Large")               \
    X(ERROR_MEDIA_TYPE, 415, "unsupported_media_type", "Unsupported Media Type") \
    X(ERROR_INVALID, 422, "validation_error", "Unprocessable Content")           \
    X(ERROR_JSON_INVALID, 422, "json_invalid", "Unprocessable Content")          \
    X(ERROR_KEY_REUSED, 422, "idempotency_key_reused", "Unprocessable Content")  \
    X(ERROR_NO_CONDITION, 428, "precondition_required", "Precondition Required") \
    X(ERROR_TOO_MANY, 429, "too_many_requests", "Too Many Requests")             \
    X(ERROR_INTERNAL, 500, "internal_error", "Internal Server Error")            \
    X(ERROR_PROVIDER, 502, "provider_failed", "Bad Gateway")                     \
    X(ERROR_UNAVAILABLE, 503, "database_unavailable", "Service Unavailable")     \
    X(ERROR_BUSY, 503, "busy", "Service Unavailable")                            \
    X(ERROR_OUTCOME_UNKNOWN, 503, "outcome_unknown", "Service Unavailable")      \
    X(ERROR_DEADLOCK, 503, "deadlock", "Service Unavailable")                    \
    X(ERROR_LOCK_TIMEOUT, 503, "lock_timeout", "Service Unavailable")            \
    X(ERROR_CONNECTION_LOST, 503, "connection_lost", "Service Unavailable")      \
    X(ERROR_NOT_READY, 503, "not_ready", "Service Unavailable")                  \
    X(ERROR_STORAGE, 503, "storage_unavailable", "Service Unavailable")          \
    X(ERROR_PROVIDER_TIMEOUT, 504, "provider_timeout", "Gateway Timeout")

#define ERROR_ENUM(constant, status, name, title) constant,
enum error_code { ERROR_CODES(ERROR_ENUM) ERROR__MAX };
#undef ERROR_ENUM

struct error {
    enum error_code code;
    str detail;           /* a sentence for the client */
    str problems;         /* for ERROR_INVALID: a JSON array of all that is wrong; else empty */
    str cause;            /* for the log only: what the database or the system said */
    unsigned retry_after; /* seconds, 0 for none */
    const char *oauth;    /* the error code of RFC 6749 that the answer also carries, or NULL */
};

typedef const struct error *err;

#define MUST_USE   __attribute__((warn_unused_result))
#define NEVER_NULL __attribute__((returns_nonnull))

/* Returns from the calling function when the call failed. */
#define TRY(call)                                       \
    do {                                                \
        err try_failed_ = (call);                       \
        if (__builtin_expect(try_failed_ != NULL, 0)) { \
            return try_failed_;                         \
        }                                               \
    } while (0)

/* An error with a detail formatted as printf does. Never NULL. */
COLD NEVER_NULL err error_new(struct arena *a, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* An error whose detail is the code's title and whose cause, formatted as printf does, goes
 * to the log only. */
COLD NEVER_NULL err error_cause(struct arena *a, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Bad input: problems is a JSON array in the form of the contract. */
COLD NEVER_NULL err error_invalid(struct arena *a, enum error_code code, str problems);

/* The failure e itself, for a place where there must be one: NULL aborts. (It also tells the analyser, which looks
 * at one file at a time, that the way of success ends here.) */
static inline err error_sure(err e)
{
    if (e == NULL) {
        abort();
    }
    return e;
}

#ifdef __clang_analyzer__
#define error_new(...)     error_sure((error_new)(__VA_ARGS__))
#define error_cause(...)   error_sure((error_cause)(__VA_ARGS__))
#define error_invalid(...) error_sure((error_invalid)(__VA_ARGS__))
#endif

/* The same failure with what the database or the system said of it, for the log. */
COLD NEVER_NULL err error_caused(struct arena *a, err e, str cause);
/* What to tell whoever runs the program: the cause, or the sentence of an error that has none. */
str error_reason(err e);

/* What a code means on the wire. */
unsigned error_status(enum error_code code);
const char *error_name(enum error_code code);
const char *error_title(enum error_code code);

#endif
