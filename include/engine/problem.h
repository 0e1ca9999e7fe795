/*
 * problem: the list of all that is wrong with a request, in the form of the contract: {type, loc, msg, input,
 * ctx}.
 *
 * Entries are written as JSON as they are found; the text becomes the `problems` of one ERROR_INVALID. What
 * is secret is masked in every echoed input, at any depth.
 *
 *     struct problems p;
 *     problems_init(&p, a);
 *     problem_add(&p, &place, "missing", input_json(body), NULL, "Field required");
 *     TRY(problems_err(&p));               // NULL when nothing was wrong
 */
#ifndef QUIRE_ENGINE_PROBLEM_H
#define QUIRE_ENGINE_PROBLEM_H

#include "base/buf.h"
#include "base/cold.h"
#include "base/err.h"
#include "base/json_in.h"

/* Where something is wrong: a path of names and indexes from "path", "query" or "body" inwards. */
struct place {
    const struct place *within; /* NULL: this is the outermost */
    str name;
    long index; /* used when name.n == 0 */
};

/* What was sent there: a JSON value, a raw text, or nothing (null). */
struct input {
    const struct json *json;
    bool is_text;
    str text;
    bool secret;
};

struct problems {
    struct buf text; /* the entries so far, with commas between */
    unsigned count;
    err broken; /* NULL, or why something could not be checked at all */
};

enum { PROBLEMS_MAX = 100 };

void problems_init(struct problems *p, struct arena *a);
/* Notes a problem. ctx is the JSON text of its ctx object, or NULL; the message is formatted as printf does.
 * Past PROBLEMS_MAX entries the rest is dropped: nobody reads further. */
COLD void problem_add(struct problems *p, const struct place *at, const char *type, struct input input,
                      const char *ctx, const char *message, ...) __attribute__((format(printf, 6, 7)));
/* Notes a value_error whose reason becomes ctx {key: reason}; prefix goes before it in msg. */
COLD void problem_value(struct problems *p, const struct place *at, struct input input, const char *key,
                        const char *prefix, str reason);
/* Notes that a list has more or fewer than `bound` items: it has n. */
COLD void problem_count(struct problems *p, const struct place *at, struct input input, bool more,
                        int64_t bound, size_t n);
/* An ERROR_INVALID with all of them, or NULL when there are none; before that, why something could not be checked. */
MUST_USE err problems_err(const struct problems *p);
/* Whether a member of that name is never echoed: one with "password", "secret" or "token" in it. */
bool problem_is_secret(str name);

static inline struct input input_json(const struct json *json)
{
    return (struct input){.json = json};
}

static inline struct input input_text(str text)
{
    return (struct input){.is_text = true, .text = text};
}

#endif
