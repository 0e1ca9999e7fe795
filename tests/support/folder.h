/*
 * folder: a temporary folder of a test's own, and what lies in it.
 *
 *     char *dir = folder_make(&arena);
 *     assert_int_equal(folder_files(dir, ".part"), 0);
 *     folder_remove(dir);
 */
#ifndef QUIRE_TESTS_FOLDER_H
#define QUIRE_TESTS_FOLDER_H

struct arena;

/* An empty one; its path is in the arena. */
char *folder_make(struct arena *a);
/* How many files with names that end so there are in it, at any depth. */
unsigned folder_files(const char *path, const char *end);
/* Removes it and all in it. */
void folder_remove(const char *path);

#endif
