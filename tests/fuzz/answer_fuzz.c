/* answer and loose: whatever a language model's server sends, pieces of valid UTF-8 within the bounds, or none. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "compose/answer.h"
#include "compose/loose.h"
#include "compose/tidy.h"
#include "fuzz.h"

enum { MODEL_BYTES = 100, SAID_BYTES = 200 };

static bool is_known(enum loose_form form)
{
    return form <= LOOSE_PROSE && strlen(loose_name(form)) > 0;
}

static void check_pieces(struct arena *a, str text)
{
    struct loose got;
    struct loose again;
    loose_read(a, text, &got);
    HOLD(is_known(got.form));
    HOLD(got.n <= LOOSE_MAX_PIECES);
    HOLD((got.n == 0) == (got.form == LOOSE_NOTHING || got.form == LOOSE_REFUSAL));
    for (size_t i = 0; i < got.n; i++) {
        HOLD(text_is_utf8(got.pieces[i]));
        HOLD(tidy_shows(got.pieces[i]));
        HOLD(str_eq(str_trim(got.pieces[i]), got.pieces[i]));
        for (size_t k = 0; k < i; k++) {
            HOLD(!str_eq(got.pieces[i], got.pieces[k]));
        }
    }
    loose_read(a, text, &again);
    HOLD(again.n == got.n && again.form == got.form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct answer got;
    arena_init(&a, 1 << 16);
    str body = {(const char *)data, size};
    answer_read(&a, body, &got);
    HOLD(text_is_utf8(got.text));
    HOLD(text_is_utf8(got.said) && got.said.n <= SAID_BYTES);
    HOLD(text_is_utf8(got.model) && got.model.n <= MODEL_BYTES);
    HOLD(got.prompt_tokens >= -1 && got.completion_tokens >= -1);
    HOLD(got.kind != ANSWER_FOREIGN || got.text.n == 0);
    check_pieces(&a, got.text);
    check_pieces(&a, text_repair(&a, body));
    arena_free(&a);
    return 0;
}
