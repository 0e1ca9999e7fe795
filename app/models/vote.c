#include "models/vote.h"

#include "models/post.h"
#include "models/user.h"

static const struct choice vote_types[] = {{"upvote", VOTE_UP}, {"downvote", VOTE_DOWN}, {NULL, 0}};

static const struct field vote_fields[VOTE__MAX] = {
    [VOTE_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY,
                         .doc = "the id of who voted"),
    [VOTE_POST_ID] = REF("post_id", .to = &post_resource, .on_delete = CASCADE,
                         .flags = KEY | READ_ONLY | FILTER, .doc = "the id of the post voted on"),
    [VOTE_TYPE] =
        CHOICE("vote_type", .choices = vote_types, .flags = REQUIRED, .doc = "for the post, or against it"),
    [VOTE_VOTED_AT] = TIME("voted_at", .initial = AT_CREATION, .flags = READ_ONLY | SORT,
                           .doc = "when the person first voted on the post"),
    [VOTE_VOTER] =
        ONE("voter", .key = VOTE_USER_ID, .to = &user_resource, .show = &user_public, .flags = FLAT),
};

static const struct key vote_keys[] = {PRIMARY(VOTE_USER_ID, VOTE_POST_ID),
                                       INDEX(VOTE_POST_ID, VOTE_VOTED_AT),
                                       INDEX(VOTE_USER_ID, VOTE_VOTED_AT)};

static const unsigned char whole[] = {VOTE_USER_ID, VOTE_POST_ID, VOTE_TYPE, VOTE_VOTED_AT};
const struct shape vote_whole = SHAPE("Vote", &vote_resource, whole);

static const unsigned char voter[] = {VOTE_VOTER, VOTE_TYPE, VOTE_VOTED_AT};
const struct shape vote_voter = SHAPE("Voter", &vote_resource, voter);

const struct resource vote_resource = {
    .name = "vote",
    .table = "votes",
    FIELDS(vote_fields),
    KEYS(vote_keys),
    .shape = &vote_whole,
    .doc = "One person's opinion of one post",
};

static const struct field vote_form_fields[VOTE_FORM__MAX] = {
    [VOTE_FORM_TYPE] =
        CHOICE("vote_type", .choices = vote_types, .flags = REQUIRED, .doc = "for the post, or against it"),
};

const struct resource vote_form = {.name = "VoteCreate", FIELDS(vote_form_fields), .doc = "A vote"};

static const struct field vote_dir_form_fields[VOTE_DIR__MAX] = {
    [VOTE_DIR_POST_ID] = INT("post_id", .flags = REQUIRED, .doc = "the id of the post to vote on"),
    [VOTE_DIR_DIR] = INT("dir", .bounded = true, .min = 0, .max = 1, .flags = REQUIRED,
                         .doc = "1 votes for the post, 0 takes the vote back"),
};

const struct resource vote_dir_form = {
    .name = "VoteCast", FIELDS(vote_dir_form_fields), .doc = "A vote or its end"};

static const struct field message_fields[] = {
    TEXT("message", .doc = "what was done, in words", .example = "successfully added vote")};
static const struct resource message = {.name = "message", FIELDS(message_fields), .doc = "What was done"};
static const unsigned char message_members[] = {0};
const struct shape vote_message = SHAPE("Message", &message, message_members);
