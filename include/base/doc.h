/*
 * doc: a JSON document written member by member: what json_out leaves to its caller, commas and brackets, is kept here.
 *
 * Each member stands on a line of its own, so that two documents can be compared by lines; there is no indentation,
 * which would be most of the text. Inside a list the name is NULL. A bracket closed too often or too deep a nesting
 * is a programmer's mistake: abort(). The text grows in the caller's buf, whose `full` the caller looks at.
 *
 *     struct doc d = doc_over(&out);
 *     doc_object(&d, NULL);
 *     doc_c(&d, "type", "object");
 *     doc_list(&d, "required");
 *     doc_c(&d, NULL, "title");
 *     doc_end(&d);
 *     doc_end(&d);                         // {"type":"object","required":["title"]}, with line ends
 */
#ifndef QUIRE_BASE_DOC_H
#define QUIRE_BASE_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

enum { DOC_MAX_DEPTH = 32 };

struct doc {
    struct buf *out;
    unsigned depth;
    bool filled;    /* the innermost list or object has a member */
    uint32_t lists; /* bit i: what is open at depth i is a list */
};

struct doc doc_over(struct buf *out);
/* Opens an object or a list; doc_end() closes the innermost. */
void doc_object(struct doc *d, const char *name);
void doc_object_str(struct doc *d, str name);
void doc_list(struct doc *d, const char *name);
void doc_end(struct doc *d);
/* Values. */
void doc_str(struct doc *d, const char *name, str s);
void doc_c(struct doc *d, const char *name, const char *s);
void doc_int(struct doc *d, const char *name, int64_t i);
void doc_bool(struct doc *d, const char *name, bool truth);
/* A string formatted as printf does, of at most a few hundred bytes: what is longer is cut. */
void doc_format(struct doc *d, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* JSON text as it is. */
void doc_json(struct doc *d, const char *name, const char *json);

#endif
