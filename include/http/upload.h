/*
 * upload: one picture taken from a multipart/form-data body as it comes, and put into the media folder (io/media):
 * the part named `file`, which must have a file name; of several the last. Other parts are read over.
 *
 * A route says `.upload = true`; dispatch calls upload_receive() once who asks is known, before the handler. So nobody
 * who may not upload makes the server write anything; and since a stream can be read only once, a handler that is run
 * again finds what was received in call->upload.
 *
 * Bounded: UPLOAD_CHUNK bytes of the body in memory, AVATAR_MAX_BYTES of file, UPLOAD_AROUND bytes of everything else,
 * UPLOAD_PARTS parts. What fails leaves nothing behind; a picture whose handler then fails stays in the folder, under
 * its own name, with nobody using it.
 *
 *     {METHOD_PUT, "/users/me/avatar", put_avatar, ACCESS_USER, .upload = true}
 *     c->body[PROFILE_AVATAR_URL] = value_text(upload_url(c));
 */
#ifndef QUIRE_HTTP_UPLOAD_H
#define QUIRE_HTTP_UPLOAD_H

#include "http/call.h"

enum { UPLOAD_CHUNK = 16 << 10, UPLOAD_AROUND = 64 << 10, UPLOAD_PARTS = 16 };

/* Reads the body, unless that was done before. ERROR_TOO_LARGE; ERROR_MEDIA_TYPE for another content type and for what
 * is no picture; ERROR_BODY_UNREADABLE and ERROR_BAD_REQUEST for a broken body; ERROR_INVALID when there is no file;
 * ERROR_STORAGE. */
MUST_USE err upload_receive(struct call *c);
/* Where the web server serves what was received: MEDIA_URL and its name. */
str upload_url(const struct call *c);

#endif
