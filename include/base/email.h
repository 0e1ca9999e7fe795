/*
 * email: is this an e-mail address, and what is its normal form? The rules and the sentences are those of the
 * Python package email-validator 2 as pydantic uses it (no look-up in the DNS), because the contract is.
 *
 *     str normal;
 *     str why;
 *     if (email_check(a, STR(" Ada@EXAMPLE.com "), &normal, &why)) ...     // normal: "Ada@example.com"
 *     else ...                             // why, of "Ada": "An email address must have an @-sign."
 */
#ifndef QUIRE_BASE_EMAIL_H
#define QUIRE_BASE_EMAIL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Checks valid UTF-8 text. True: *normal, made in the arena, is the address trimmed, its domain in lower
 * case. False: *why is the reason, a sentence in the words of the contract. */
bool email_check(struct arena *a, str text, str *normal, str *why);

#endif
