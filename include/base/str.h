/*
 * str: a read-only view of bytes: a pointer and a length, not necessarily followed by a NUL.
 *
 * A str owns nothing: it lives as long as what it points into (a literal, an arena, a request). The empty
 * string has n == 0 and any p. "Absent" is not a str's business: struct value says that.
 *
 *     str name = STR("title");
 *     if (str_eq(name, other)) ...
 *     printf("%.*s", STR_ARGS(name));
 */
#ifndef QUIRE_BASE_STR_H
#define QUIRE_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

typedef struct str {
    const char *p;
    size_t n;
} str;

/* A view of a string literal; its length is known to the compiler. */
#define STR(literal) ((str){"" literal "", sizeof(literal) - 1})
/* The same for the initialiser of a static table, where a compound literal is no constant. */
#define STR_INIT(literal)                  \
    {                                      \
        "" literal "", sizeof(literal) - 1 \
    }
/* The digits of a number that is a macro, for a literal: "at most " STR_DIGITS(TAGS_SHOWN) " tags". */
#define STR_DIGITS(number)  STR_DIGITS_(number)
#define STR_DIGITS_(number) #number
/* The two arguments of a "%.*s". Views longer than INT_MAX do not occur: every input is bounded far below. */
#define STR_ARGS(s) (int)(s).n, (s).p

/* A view of a NUL-terminated string; NULL gives the empty view. */
str str_of(const char *c);
/* Byte for byte. */
bool str_eq(str a, str b);
/* Byte for byte, A-Z taken as a-z: for header names, schemes and media types, never for people's text. */
bool str_eq_nocase(str a, str b);
bool str_starts(str s, str prefix);
bool str_starts_nocase(str s, str prefix);
/* The index of the first byte c at or after from, or s.n. */
size_t str_find(str s, char c, size_t from);
/* The bytes [from, to), both clamped to s.n. */
str str_slice(str s, size_t from, size_t to);
/* Without the blanks (space, tab, CR, LF, FF, VT) at both ends. */
str str_trim(str s);
/* A copy in the arena. */
str str_copy(struct arena *a, str s);
/* A copy in the arena, followed by a NUL, for calls that want a C string. */
char *str_c(struct arena *a, str s);
/* Formats into the arena as printf does; followed by a NUL. */
str str_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
str str_vformat(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* A decimal number of at most 18 digits, nothing else around it. False when it is not one. */
bool str_to_uint(str s, uint64_t *out);

#endif
