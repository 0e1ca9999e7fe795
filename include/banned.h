/*
 * banned: functions that this project does not use, each with what to use instead.
 *
 * The Makefile includes this file before every C file (-include include/banned.h). Naming one of these functions
 * is then an error, with gcc and with clang. The system headers that declare them come first, since they must
 * name them; they are guarded, so including them again later is harmless.
 *
 * Most are poisoned: the word may not appear at all. A few words cannot be (a library's header uses them in a
 * macro, or they are good names for other things): those become macros that do not compile when called.
 *
 * To add one: put it under its reason, and the header that declares it above, then build with both compilers.
 */
#ifndef QUIRE_BANNED_H
#define QUIRE_BANNED_H

#include <alloca.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* Where the C library has them as macros, those go first. */
#undef alloca
#undef sprintf
#undef strcat
#undef strcpy
#undef strdupa
#undef strncat
#undef strncpy
#undef strndupa
#undef strsep
#undef strtok_r
#undef vsprintf

/* An undeclared name, so that the compiler's complaint says what is wrong. */
#define BANNED(function) sorry_##function##_is_banned_see_banned_h

/* Copy without a bound: copy a str with its length (base/str.h), or append to a buf (base/buf.h). */
#pragma GCC poison strcat stpcpy gets wcscpy wcscat
#define strcpy(...) BANNED(strcpy)
/* strncpy leaves the end open when the source is too long and fills with zeroes when it is not; strncat counts
 * what it adds, not what fits. The same instead. */
#pragma GCC poison strncat stpncpy
#define strncpy(...) BANNED(strncpy)
/* Print without a bound: buf_printf (base/buf.h), or snprintf with its result looked at. */
#pragma GCC poison sprintf vsprintf
/* Hidden state between calls, and the input is overwritten: str_find and str_slice (base/str.h). */
#pragma GCC poison strtok strtok_r strsep
/* No report of an error, undefined on overflow: str_to_uint (base/str.h), or strtod with its end looked at. */
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison scanf fscanf sscanf vscanf vfscanf vsscanf
/* A static result shared by all callers, or local time: times are UTC here (base/clock.h). */
#pragma GCC poison gmtime localtime localtime_r mktime ctime ctime_r asctime asctime_r
/* Guessable: rand_bytes or rand_below (base/rand.h). */
#pragma GCC poison rand_r srand random srandom drand48 lrand48 mrand48
#define rand(...) BANNED(rand)
/* Stack of a size that a client chooses: arena_alloc (base/arena.h). */
#pragma GCC poison alloca strdupa strndupa
/* A race between the name and the file: mkstemp, memfd_create. */
#pragma GCC poison tmpnam tempnam mktemp tmpfile
/* A shell between us and the program: posix_spawn or execve with a list. */
#pragma GCC poison popen
#define system(...) BANNED(system)
/* Jumps over what must be given back: return an err (base/err.h). */
#pragma GCC poison longjmp siglongjmp
/* Differs between systems in what happens afterwards: sigaction. */
#define signal(...) BANNED(signal)
/* Cut short by signals without saying how much is left: a timeout of poll, clock_nanosleep. */
#pragma GCC poison usleep

#endif
