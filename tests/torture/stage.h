/*
 * stage: the database that the torture plays in: a known state, and what it looks like afterwards.
 *
 * It has a connection of its own, with the settings of the environment (DB_SOCKET, DB_USER, …), and uses no code of
 * the program. Its database must have been migrated, and belong to the tests: everything in it is thrown away.
 *
 *     struct stage *s = stage_open(&arena);
 *     stage_reset(s);
 *     ... a request ...
 *     str after = stage_state(s, &arena);
 */
#ifndef QUIRE_TESTS_STAGE_H
#define QUIRE_TESTS_STAGE_H

#include <stdint.h>

#include "base/str.h"

struct arena;
struct stage;

/* Who plays: users, each with the password STAGE_PASSWORD, and their sessions. The admin is the only one. Ada owns the
 * posts STAGE_POST (published) and STAGE_DRAFT (not), Bob the post STAGE_OTHER. Bob has upvoted STAGE_POST; Ada has
 * upvoted STAGE_OTHER, the admin downvoted it.
 *
 * Below STAGE_POST stand two comments by Ada and Bob in turn, a reply and a reply to that (21 to 24), and the tag
 * `Old`. Ada has a micropost (41) and a book (STAGE_BOOK), which Bob has reviewed (STAGE_REVIEW); Bob has a book
 * without reviews (STAGE_FRESH_BOOK), a profile, and is a moderator (role 2). Ada has a thread (71), made at one
 * attempt (81); her session has two refresh tokens: STAGE_REFRESH, and STAGE_STOLEN, which was used. She has been
 * mailed the tokens STAGE_VERIFY_TOKEN and STAGE_RESET_TOKEN. */
enum {
    STAGE_ADMIN = 1,
    STAGE_ADA = 2,
    STAGE_BOB = 3,
    STAGE_POST = 5,
    STAGE_OTHER = 6,
    STAGE_DRAFT = 7,
    STAGE_ADMIN_SESSION = 11,
    STAGE_ADA_SESSION = 12,
    STAGE_ADA_ELSEWHERE = 13,
    STAGE_BOB_SESSION = 14
};
#define STAGE_UID          "00000000-0000-7000-8000-0000000000"
#define STAGE_TAG          STAGE_UID "31"
#define STAGE_BOOK         STAGE_UID "51"
#define STAGE_FRESH_BOOK   STAGE_UID "52"
#define STAGE_REVIEW       STAGE_UID "61"
#define STAGE_PASSWORD     "correct horse"
#define STAGE_REFRESH      "a refresh token of Ada"
#define STAGE_STOLEN       "one that she used long ago"
#define STAGE_VERIFY_TOKEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define STAGE_RESET_TOKEN  "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

/* Fails the running test when the database is not there. */
struct stage *stage_open(struct arena *a);
/* Everybody and everything as above, and nothing else. Fails when rows stay locked: somebody has left a transaction
 * open. */
void stage_reset(struct stage *s);
/* Everything that is stored, as text, but for what differs between two runs: new ids, times, new hashes. */
str stage_state(struct stage *s, struct arena *a);
/* How many posts and books have counters that differ from their rows. */
unsigned stage_miscounted(struct stage *s, struct arena *a);
void stage_close(struct stage *s);

#endif
