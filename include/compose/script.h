/*
 * script: in which script a text is written, to notice an answer in another language than the one asked for. A cheap
 * sign and no more: English and French look alike here.
 *
 *     script_of(STR("Что читать"))         // SCRIPT_CYRILLIC
 *     script_of(STR("C++ 🚀 2026"))        // SCRIPT_UNKNOWN: one letter says nothing
 */
#ifndef QUIRE_COMPOSE_SCRIPT_H
#define QUIRE_COMPOSE_SCRIPT_H

#include "base/str.h"

enum script {
    SCRIPT_UNKNOWN, /* too few letters, or none of them in the majority */
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_DEVANAGARI,
    SCRIPT_THAI,
    SCRIPT_HANGUL,
    SCRIPT_CHINESE_OR_JAPANESE, /* Han and kana: a Japanese title may be written in Han alone */
    SCRIPT__MAX
};

/* The script of three in five letters of valid UTF-8; SCRIPT_UNKNOWN when there are fewer than two letters of it (four
 * of an alphabet). */
enum script script_of(str text);

#endif
