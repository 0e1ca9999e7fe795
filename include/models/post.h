/* post: what people write. Unpublished, it is there for its owner and admins only. */
#ifndef QUIRE_MODELS_POST_H
#define QUIRE_MODELS_POST_H

#include "schema/registry.h"

enum post_field {
    POST_ID,
    POST_TITLE,
    POST_CONTENT,
    POST_PUBLISHED,
    POST_OWNER_ID,
    POST_OWNER,
    POST_VOTES,
    POST_SCORE,
    POST_COMMENT_COUNT,
    POST_CREATED_AT,
    POST_UPDATED_AT,
    POST_TAGS,
    POST_COMMENTS,
    POST_VERSION,
    POST__MAX
};

extern const struct resource post_resource;
extern const struct shape post_tagged; /* with its tags */

/* What is published and best matches a topic: binds its words (match_words()), again, and how many. Of a text the first
 * characters. */
enum { ON_TOPIC_ID, ON_TOPIC_TITLE, ON_TOPIC_TEXT, ON_TOPIC_RELEVANCE, ON_TOPIC__MAX };
extern const struct statement post_on_topic;

#endif
