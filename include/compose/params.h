/*
 * params: the JSON object that says how a thread was composed (generation_params), member by member. For the composers.
 *
 *     struct buf p;
 *     params_open(&p, a, "extract", b);
 *     params_c(&p, "from", "source");
 *     params_usage(&p, out);
 *     out->params = params_close(&p);
 */
#ifndef QUIRE_COMPOSE_PARAMS_H
#define QUIRE_COMPOSE_PARAMS_H

#include "base/buf.h"
#include "compose/composer.h"

/* Begins with what the brief says. */
void params_open(struct buf *out, struct arena *a, const char *provider, const struct brief *b);
void params_c(struct buf *out, const char *name, const char *value);
void params_int(struct buf *out, const char *name, int64_t value);
void params_bool(struct buf *out, const char *name, bool value);
/* JSON text as it is. */
void params_json(struct buf *out, const char *name, str json);
/* Which model did it, and what it counted: model, prompt_tokens, completion_tokens; null where the draft has none. */
void params_usage(struct buf *out, const struct draft *d);
str params_close(struct buf *out);

#endif
