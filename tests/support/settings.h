/* settings: settings that are read, and mistakes that are found, in the tests of conf/settings. */
#ifndef QUIRE_SUPPORT_SETTINGS_H
#define QUIRE_SUPPORT_SETTINGS_H

#include "conf/settings.h"

struct arena;

/* The settings of an environment (NAME=value strings up to NULL) and the files of the folder; the test fails when there
 * is a mistake in them. */
struct settings settings_loaded(struct arena *a, const char *folder, char *const *environment);
/* Fails unless there are exactly these mistakes, a line each; @ stands for the folder. */
void check_mistakes(struct arena *a, const char *folder, const char *expected, char *const *environment);

#endif
