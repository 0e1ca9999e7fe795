/*
 * fake_fcgi: a stand-in for the door to the web server (io/fcgi): a request made of given parameters and a body, and
 * the answer kept. Only what http/dispatch uses is there; a program that also links a worker gets the real door.
 *
 *     struct fcgi f = {.params = params, .body = STR("{}"), .arena = &arena};
 *     dispatch_serve(dispatch, &f);
 *     puts(f.answer.p);
 */
#ifndef QUIRE_TESTS_FAKE_FCGI_H
#define QUIRE_TESTS_FAKE_FCGI_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct fcgi {
    char *const *params;
    str body;
    size_t taken;        /* of the body, by fcgi_read_some() */
    bool cut;            /* where the body ends it was cut off */
    struct arena *arena; /* where the answer goes; not that of the request */
    str answer;          /* CGI head, blank line, body; followed by a NUL */
    bool gone;           /* the web server has given up, and takes no answer */
};

/* Makes sure that this door is linked; a program calls it once. */
void fake_fcgi_use(void);

#endif
