/*
 * extract_part: the three ways of `extract` to fill a sheet. Each says in *filled whether it had anything to say; when
 * not, the sheet is as it was.
 *
 *     TRY(extract_source(&sheet, &filled));
 *     if (!filled) TRY(extract_community(&sheet, &filled));
 */
#ifndef QUIRE_COMPOSE_EXTRACT_PART_H
#define QUIRE_COMPOSE_EXTRACT_PART_H

#include "compose/sheet.h"

/* The most telling sentences of brief->source, in their order. */
MUST_USE err extract_source(struct sheet *s, bool *filled);
/* A quotation from each of brief->found, with its link. */
MUST_USE err extract_community(struct sheet *s, bool *filled);
/* An outline of the topic. It always has something to say. */
MUST_USE err extract_outline(struct sheet *s);

#endif
