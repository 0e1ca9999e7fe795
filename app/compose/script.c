#include "compose/script.h"

#include "base/rune.h"
#include "base/text.h"

/* Unicode's blocks of letters; what is in none of them is not counted. */
static const struct {
    uint32_t from, to;
    enum script script;
} blocks[] = {
    {0x0041, 0x024F, SCRIPT_LATIN},
    {0x0370, 0x03FF, SCRIPT_GREEK},
    {0x0400, 0x052F, SCRIPT_CYRILLIC},
    {0x0590, 0x05FF, SCRIPT_HEBREW},
    {0x0600, 0x06FF, SCRIPT_ARABIC},
    {0x0750, 0x077F, SCRIPT_ARABIC},
    {0x0900, 0x097F, SCRIPT_DEVANAGARI},
    {0x0E00, 0x0E7F, SCRIPT_THAI},
    {0x1100, 0x11FF, SCRIPT_HANGUL},
    {0x1E00, 0x1EFF, SCRIPT_LATIN},
    {0x1F00, 0x1FFF, SCRIPT_GREEK},
    {0x3040, 0x30FF, SCRIPT_CHINESE_OR_JAPANESE},
    {0x3400, 0x4DBF, SCRIPT_CHINESE_OR_JAPANESE},
    {0x4E00, 0x9FFF, SCRIPT_CHINESE_OR_JAPANESE},
    {0xAC00, 0xD7AF, SCRIPT_HANGUL},
    {0xF900, 0xFAFF, SCRIPT_CHINESE_OR_JAPANESE},
    {0xFB50, 0xFDFF, SCRIPT_ARABIC},
    {0xFE70, 0xFEFC, SCRIPT_ARABIC},
    {0x20000, 0x323AF, SCRIPT_CHINESE_OR_JAPANESE},
};

static enum script block_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (code >= blocks[i].from && code <= blocks[i].to) {
            return rune_is_word(code) ? blocks[i].script : SCRIPT_UNKNOWN;
        }
    }
    return SCRIPT_UNKNOWN;
}

enum script script_of(str text)
{
    enum { FEW_LETTERS = 4, FEW_SIGNS = 2 };
    size_t counts[SCRIPT__MAX] = {0};
    size_t letters = 0;
    for (size_t at = 0; at < text.n;) {
        enum script s = block_of(text_next(text, &at));
        counts[s]++;
        letters += s == SCRIPT_UNKNOWN ? 0 : 1;
    }
    for (enum script s = SCRIPT_LATIN; s < SCRIPT__MAX; s++) {
        size_t fewest = s == SCRIPT_CHINESE_OR_JAPANESE || s == SCRIPT_HANGUL ? FEW_SIGNS : FEW_LETTERS;
        if (counts[s] >= fewest && counts[s] * 5 >= letters * 3) {
            return s;
        }
    }
    return SCRIPT_UNKNOWN;
}
