/* mails: what people do by way of their mailbox: verify an address, get a new password. */
#ifndef QUIRE_CONTROLLERS_MAILS_H
#define QUIRE_CONTROLLERS_MAILS_H

#include "http/route.h"

extern const struct route mails_routes[];

#endif
