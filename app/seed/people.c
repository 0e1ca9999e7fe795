#include "base/text.h"
#include "engine/load.h"
#include "models/micropost.h"
#include "models/profile.h"
#include "models/tag.h"
#include "models/user.h"
#include "seed/seeding.h"
#include "seed/words.h"

/* What an e-mail address and a web page of a made-up person end in: reserved for this (RFC 2606). */
#define HOME "example.com"

enum { TEXT_MAX = 4096 };

static err make_user(struct seeding *s, int64_t number, int64_t joined)
{
    struct arena *a = seeding_arena(s, PILE_USERS);
    struct value *row = NULL;
    struct dice d;
    struct buf name;
    TRY(seeding_add(s, PILE_USERS, &row));
    dice_start(&d, s->salt, STREAM_USER, (uint64_t)number);
    buf_init(&name, a, 32, TEXT_MAX);
    words_username(&name, &d, seeding_user_id(s, number));
    row[USER_ID] = value_int(seeding_user_id(s, number));
    row[USER_UID] = seeding_user_uid(s, a, number);
    row[USER_USERNAME] = value_text(buf_view(&name));
    row[USER_EMAIL] = value_text(str_format(a, "%.*s@" HOME, STR_ARGS(buf_view(&name))));
    row[USER_IS_ACTIVE] = value_bool(true);
    row[USER_CREATED_AT] = value_time(joined);
    row[USER_UPDATED_AT] = value_time(joined);
    row[USER_PASSWORD_HASH] = value_text(s->order->hash);
    return NULL;
}

static err make_profile(struct seeding *s, int64_t number, int64_t joined)
{
    struct arena *a = seeding_arena(s, PILE_PROFILES);
    struct value *row = NULL;
    struct dice d;
    struct buf bio;
    TRY(seeding_add(s, PILE_PROFILES, &row));
    dice_start(&d, s->salt, STREAM_USER, (uint64_t)number);
    struct buf page;
    buf_init(&page, a, 64, TEXT_MAX);
    buf_lit(&page, "https://" HOME "/~");
    words_username(&page, &d, seeding_user_id(s, number));
    buf_init(&bio, a, 256, TEXT_MAX);
    words_sentences(&bio, &d, 1 + (unsigned)dice_below(&d, 2));
    row[PROFILE_USER_ID] = value_int(seeding_user_id(s, number));
    row[PROFILE_AVATAR_URL] = value_null();
    row[PROFILE_WEBSITE] = dice_below(&d, 2) == 0 ? value_null() : value_text(buf_view(&page));
    row[PROFILE_BIO] = value_text(buf_view(&bio));
    row[PROFILE_CREATED_AT] = value_time(joined);
    row[PROFILE_UPDATED_AT] = value_time(seeding_later(&d, joined));
    return NULL;
}

err seed_make_users(struct seeding *s, int64_t from, int64_t to)
{
    int64_t apart = (seed_writing_start - seed_year_start) / s->order->counts[SEED_USERS];
    for (int64_t i = from; i < to; i++) {
        TRY(make_user(s, i, seed_year_start + i * apart));
    }
    TRY(seeding_flush(s, PILE_USERS));
    for (int64_t i = from; i < to; i++) {
        TRY(make_profile(s, i, seed_year_start + i * apart));
    }
    s->pending[SEED_USERS] = to - from;
    return seeding_flush(s, PILE_PROFILES);
}

static err is_taken(struct seeding *s, struct arena *a, str name, bool *taken)
{
    struct plan p;
    struct rows rows;
    str folded = text_fold(a, name);
    plan_start(&p, &tag_resource);
    (void)plan_column(&p, &tag_resource.fields[TAG_UID]);
    where_add(&p.where, &tag_resource.fields[TAG_NAME_FOLD], OP_EQ, value_bytes(folded.p, folded.n));
    TRY(load_rows(s->db, a, &p, &rows));
    *taken = rows.n > 0;
    return NULL;
}

/* The next name; where there are tags already, one that none of them has. */
static err next_tag_name(struct seeding *s, struct arena *a, str *out)
{
    bool taken = false;
    do {
        struct buf name;
        buf_init(&name, a, 48, TEXT_MAX);
        words_tag(&name, s->deal.tag_name++);
        *out = buf_view(&name);
        if (s->before[SEED_TAGS] > 0) {
            TRY(is_taken(s, a, *out, &taken));
        }
    } while (taken);
    return NULL;
}

err seed_make_tags(struct seeding *s, int64_t from, int64_t to)
{
    struct arena *a = seeding_arena(s, PILE_TAGS);
    for (int64_t i = from; i < to; i++) {
        struct value *row = NULL;
        str name = {0};
        TRY(seeding_add(s, PILE_TAGS, &row));
        TRY(next_tag_name(s, a, &name));
        row[TAG_UID] = seeding_tag_uid(s, a, i);
        row[TAG_NAME] = value_text(name);
        row[TAG_CREATED_AT] = value_time(seed_year_start + i);
    }
    s->pending[SEED_TAGS] = to - from;
    return seeding_flush(s, PILE_TAGS);
}

err seed_make_microposts(struct seeding *s, int64_t from, int64_t to)
{
    struct arena *a = seeding_arena(s, PILE_MICROPOSTS);
    for (int64_t i = from; i < to; i++) {
        struct value *row = NULL;
        struct dice d;
        struct buf body;
        TRY(seeding_add(s, PILE_MICROPOSTS, &row));
        dice_start(&d, s->salt, STREAM_MICROPOST, (uint64_t)i);
        buf_init(&body, a, 160, TEXT_MAX);
        words_sentences(&body, &d, 1);
        row[MICROPOST_ID] = value_int(s->before[SEED_MICROPOSTS] + 1 + i);
        row[MICROPOST_BODY] = value_text(buf_view(&body));
        row[MICROPOST_TIMESTAMP] = value_time(seeding_moment(&d, i, s->order->counts[SEED_MICROPOSTS]));
        row[MICROPOST_USER_ID] =
            value_int(seeding_user_id(s, (int64_t)dice_low(&d, (uint64_t)s->order->counts[SEED_USERS])));
    }
    s->pending[SEED_MICROPOSTS] = to - from;
    return seeding_flush(s, PILE_MICROPOSTS);
}
