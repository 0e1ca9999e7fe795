/*
 * audit: security events written down, where they happen.
 *
 * What has been done is noted in the transaction that does it: either both are there or neither. What was refused has
 * undone its transaction; dispatch calls audit_refusal() behind it, which notes it in one of its own and never makes
 * the answer another one. Nothing that was sent stands in an event: no name that somebody typed (people type their
 * password there), no password, no token.
 *
 *     TRY(audit_note(c, AUDIT_ROLE_GRANTED, user_id, audit_detail(c->arena, "role", name)));
 */
#ifndef QUIRE_HTTP_AUDIT_H
#define QUIRE_HTTP_AUDIT_H

#include "http/call.h"
#include "models/audit.h"

/* {"name":"text"}; a text that is too long for an event is cut at a character. */
str audit_detail(struct arena *a, const char *name, str text);
/* Notes an event of the actor of a request, in its transaction. subject: the account's id, 0 for none; detail: a JSON
 * object of at most AUDIT_DETAIL_MAX characters, or empty. Errors as of write_insert(). */
MUST_USE err audit_note(struct call *c, enum audit_event event, int64_t subject, str detail);
/* The same for the command line: there is neither actor nor address. In the caller's transaction. */
MUST_USE err audit_note_local(struct db *db, struct arena *a, enum audit_event event, int64_t subject,
                              str detail);
/* Behind a refused request, whose transaction is undone: notes what is an event (wrong credentials, a wrong password, a
 * limit that is used up: that once a minute for each limit and address). A failure is a line in the log. */
void audit_refusal(struct call *c, err e);

#endif
