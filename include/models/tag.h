/* tag: a word that things are found by; post_tag, book_tag: what carries it. */
#ifndef QUIRE_MODELS_TAG_H
#define QUIRE_MODELS_TAG_H

#include "schema/registry.h"

enum tag_field { TAG_UID, TAG_NAME, TAG_CREATED_AT, TAG_NAME_FOLD, TAG_VERSION, TAG__MAX };

enum post_tag_field { POST_TAG_POST_ID, POST_TAG_TAG_UID, POST_TAG__MAX };

enum book_tag_field { BOOK_TAG_BOOK_UID, BOOK_TAG_TAG_UID, BOOK_TAG__MAX };

extern const struct resource tag_resource;
extern const struct resource post_tag_resource;
extern const struct resource book_tag_resource;
extern const struct shape tag_whole;

/* How many tags one thing has at most, all of which are shown, and how many one request can put on it. */
#define TAGS_SHOWN 100 /* documents say it, too */
enum { TAGS_AT_ONCE = 20 };

/* POST …/tags {tags: [{name}]}. */
enum tag_name_field { TAG_NAME_NAME, TAG_NAME__MAX };
enum tag_links_field { TAG_LINKS_TAGS, TAG_LINKS__MAX };
extern const struct resource tag_links_form;

#endif
