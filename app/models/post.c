#include "models/post.h"

#include "models/comment.h"
#include "models/tag.h"
#include "models/user.h"
#include "models/vote.h"

enum { COMMENTS_SHOWN = 100 };

static const struct field post_fields[POST__MAX] = {
    [POST_ID] = ID("id", .doc = "the post's number"),
    [POST_TITLE] = TEXT("title", .min = 1, .max = 200, .flags = REQUIRED | FILTER | SORT | SEARCH,
                        .doc = "what the post is called", .example = "A lantern in the fog"),
    [POST_CONTENT] = TEXT("content", .max = 500000, .flags = REQUIRED, .doc = "the text itself; may be empty",
                          .example = "It was late when we saw it."),
    [POST_PUBLISHED] = BOOL("published", .initial = INITIAL_TRUE, .flags = FILTER,
                            .doc = "false for a draft, which only its owner and admins see"),
    [POST_OWNER_ID] = REF("owner_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY | FILTER,
                          .doc = "the id of who wrote it"),
    [POST_OWNER] =
        ONE("owner", .key = POST_OWNER_ID, .to = &user_resource, .show = &user_brief, .doc = "who wrote it"),
    [POST_VOTES] = COUNT("votes", .to = &vote_resource, .key = VOTE_POST_ID, .flags = SORT,
                         .doc = "how many people voted on it, up or down"),
    [POST_SCORE] = SUM("score", .to = &vote_resource, .key = VOTE_POST_ID, .of = VOTE_TYPE, .flags = SORT,
                       .doc = "upvotes minus downvotes"),
    [POST_COMMENT_COUNT] = COUNT("comment_count", .to = &comment_resource, .key = COMMENT_POST_ID,
                                 .doc = "how many comments it has, answers included"),
    [POST_CREATED_AT] = TIME("created_at", .alias = "date", .initial = AT_CREATION,
                             .flags = READ_ONLY | FILTER | SORT, .doc = "when the post was written"),
    [POST_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED | SORT,
                             .doc = "when the post was last edited; at first, when it was written"),
    [POST_TAGS] = MANY("tags", .to = &tag_resource, .via = &post_tag_resource, .key = POST_TAG_POST_ID,
                       .far_key = POST_TAG_TAG_UID, .show = &tag_whole, .max = TAGS_SHOWN, .alias = "tag",
                       .of = TAG_NAME, .flags = ON_REQUEST | FILTER, .doc = "the tags on it"),
    [POST_COMMENTS] = MANY("comments", .to = &comment_resource, .key = COMMENT_POST_ID,
                           .show = &comment_whole, .max = COMMENTS_SHOWN, .flags = ON_REQUEST,
                           .doc = "its comments and their answers, the oldest first"),
    [POST_VERSION] = VERSION("version"),
};

static const struct key post_keys[] = {
    PRIMARY(POST_ID),  INDEX(POST_OWNER_ID),   INDEX(POST_TITLE),      INDEX(POST_VOTES),
    INDEX(POST_SCORE), INDEX(POST_CREATED_AT), INDEX(POST_UPDATED_AT), FULLTEXT(POST_TITLE, POST_CONTENT),
};

#define MEMBERS                                                                                           \
    POST_ID, POST_TITLE, POST_CONTENT, POST_PUBLISHED, POST_OWNER_ID, POST_OWNER, POST_VOTES, POST_SCORE, \
        POST_COMMENT_COUNT, POST_CREATED_AT, POST_UPDATED_AT

static const unsigned char whole[] = {MEMBERS};
static const struct shape post_whole = SHAPE("Post", &post_resource, whole);

static const unsigned char tagged[] = {MEMBERS, POST_TAGS};
const struct shape post_tagged = SHAPE("PostTagged", &post_resource, tagged);

const struct resource post_resource = {
    .name = "post",
    .table = "posts",
    FIELDS(post_fields),
    KEYS(post_keys),
    .shape = &post_whole,
    .doc = "What people write",
};

static const enum value_kind on_topic_kinds[ON_TOPIC__MAX] = {[ON_TOPIC_ID] = VALUE_INT,
                                                              [ON_TOPIC_TITLE] = VALUE_TEXT,
                                                              [ON_TOPIC_TEXT] = VALUE_TEXT,
                                                              [ON_TOPIC_RELEVANCE] = VALUE_DOUBLE};

const struct statement post_on_topic = {
    .name = "post_on_topic",
    .sql = STR_INIT("SELECT id, title, LEFT(content, 4000), MATCH (title, content) AGAINST (?) AS relevance "
                    "FROM posts WHERE published = 1 AND MATCH (title, content) AGAINST (?) "
                    "ORDER BY relevance DESC, id LIMIT ?"),
    .values = 3,
    .columns = ON_TOPIC__MAX,
    .kinds = on_topic_kinds,
};
