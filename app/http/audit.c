#include "http/audit.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/text.h"
#include "engine/write.h"
#include "http/limit.h"
#include "io/db.h"

/* How much of an address stays: not a household, but where in the net it is. */
enum { V4_BITS = 24, V6_BITS = 48, TEXT_MAX = 100 };

str audit_detail(struct arena *a, const char *name, str text)
{
    struct buf b;
    size_t end = 0;
    for (int i = 0; i < TEXT_MAX && end < text.n; i++) {
        (void)text_next(text, &end);
    }
    buf_init(&b, a, 64, 4096);
    buf_printf(&b, "{\"%s\":", name);
    json_put_dirty(&b, str_slice(text, 0, end));
    buf_char(&b, '}');
    /* every character may have become six */
    return text_length(buf_view(&b)) <= AUDIT_DETAIL_MAX ? buf_view(&b) : (str){0};
}

static struct value number_or_null(int64_t n)
{
    return n == 0 ? value_null() : value_int(n);
}

static struct value text_or_null(str s)
{
    return s.n == 0 ? value_null() : value_text(s);
}

static err insert(struct db *db, struct arena *a, enum audit_event event, int64_t actor, int64_t subject,
                  str address, str detail)
{
    int64_t id = 0;
    struct value row[AUDIT__MAX] = {
        [AUDIT_EVENT] = value_int(event),
        [AUDIT_ACTOR_ID] = number_or_null(actor),
        [AUDIT_SUBJECT_ID] = number_or_null(subject),
        [AUDIT_ADDRESS] = text_or_null(address_network(a, address, V4_BITS, V6_BITS)),
        [AUDIT_DETAIL] = text_or_null(detail),
    };
    return write_insert(db, a, &audit_resource, row, &id);
}

err audit_note(struct call *c, enum audit_event event, int64_t subject, str detail)
{
    return insert(c->db, c->arena, event, c->actor.user_id, subject, c->request->remote_address, detail);
}

err audit_note_local(struct db *db, struct arena *a, enum audit_event event, int64_t subject, str detail)
{
    return insert(db, a, event, 0, subject, (str){0}, detail);
}

/* What a refusal is, to those who watch. */
static enum audit_event event_of(const struct call *c, err e)
{
    switch ((int)e->code) {
    case ERROR_INVALID_CREDENTIALS:
    case ERROR_INACTIVE:
        return AUDIT_LOGIN_FAILED;
    case ERROR_WRONG_PASSWORD:
        return AUDIT_PASSWORD_WRONG;
    case ERROR_TOO_MANY:
        return c->limited.refused_by != NULL ? AUDIT_LIMIT_HIT : AUDIT_NONE;
    default:
        return AUDIT_NONE;
    }
}

static err note_refusal(struct call *c, enum audit_event event)
{
    int64_t subject = event == AUDIT_PASSWORD_WRONG ? c->actor.user_id : c->suspect;
    str detail = {0};
    bool first = true;
    TRY(db_ready(c->db, c->arena));
    if (event == AUDIT_LIMIT_HIT) {
        TRY(limits_first_refusal(c, &first));
        detail = audit_detail(c->arena, "limit", str_of(c->limited.refused_by));
    }
    return first ? audit_note(c, event, subject, detail) : NULL;
}

void audit_refusal(struct call *c, err e)
{
    enum audit_event event = e == NULL ? AUDIT_NONE : event_of(c, e);
    err failed = event == AUDIT_NONE ? NULL : note_refusal(c, event);
    if (failed != NULL) {
        log_line(LOG_WARN, "a security event could not be noted", "cause",
                 str_c(c->arena, error_reason(failed)));
    }
}
