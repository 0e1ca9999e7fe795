/*
 * openai: the composer that asks a language model: POST OPENAI_BASE_URL/chat/completions (OpenAI API reference, "Create
 * chat completion"), or any server that speaks the same.
 *
 * One composing is several attempts within OPENAI_TIMEOUT seconds:
 * - 429, 408, 5xx, an error object and a connection that fails are tried again up to OPENAI_RETRIES times, after half a
 *   second, twice as long each time and up to eight, with jitter, or after what Retry-After says; when that does not
 *   fit into the time left, the composing fails at once.
 * - 400, 404 or 422 whose message names response_format: asked once more without it, and never again with it in this
 *   process (struct composer_memory).
 * - An answer without a usable text, or in another script than the topic and the source (compose/script): asked once
 *   more, with a sterner prompt. The second answer is taken in any script; params then say "other_script": true.
 * - Anything else (401, 403, other 4xx, redirects, a bad certificate) is final.
 *
 * params: composer_params(), with the model that answered and its tokens, then temperature, attempts, response_format
 * ("json_schema" or "none"), form (how the answer was read: compose/loose.h), truncated, other_script.
 */
#ifndef QUIRE_COMPOSE_OPENAI_H
#define QUIRE_COMPOSE_OPENAI_H

#include "compose/composer.h"

extern const struct composer openai_composer;

#endif
