/* vote: one person's opinion of one post, up or down; once, whatever the race, by its composite key. */
#ifndef QUIRE_MODELS_VOTE_H
#define QUIRE_MODELS_VOTE_H

#include "schema/registry.h"

enum vote_field { VOTE_USER_ID, VOTE_POST_ID, VOTE_TYPE, VOTE_VOTED_AT, VOTE_VOTER, VOTE__MAX };

enum { VOTE_UP = 1, VOTE_DOWN = -1 };

extern const struct resource vote_resource;

/* The vote itself. */
extern const struct shape vote_whole;
/* The people behind votes: {…PublicUser, vote_type, voted_at}. */
extern const struct shape vote_voter;

/* What a signed-in person sends: PUT /posts/{id}/vote. */
enum vote_form_field { VOTE_FORM_TYPE, VOTE_FORM__MAX };
extern const struct resource vote_form;

/* The older form: POST /vote {post_id, dir}. */
enum vote_dir_form_field { VOTE_DIR_POST_ID, VOTE_DIR_DIR, VOTE_DIR__MAX };
extern const struct resource vote_dir_form;
/* And its answer: {message}. */
extern const struct shape vote_message;

#endif
