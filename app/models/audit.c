#include "models/audit.h"

#define AUDIT_CHOICE(constant, stored, name) {name, stored},
const struct choice audit_events[] = {AUDIT_EVENTS(AUDIT_CHOICE){NULL, 0}};
#undef AUDIT_CHOICE

static const struct field audit_fields[AUDIT__MAX] = {
    [AUDIT_ID] = ID("id", .doc = "the event's number"),
    [AUDIT_EVENT] =
        CHOICE("event", .choices = audit_events, .flags = READ_ONLY | FILTER, .doc = "what happened"),
    [AUDIT_ACTOR_ID] = INT("actor_id", .flags = NULLABLE | READ_ONLY | FILTER,
                           .doc = "who did it; null when nobody was signed in, and for the command line"),
    [AUDIT_SUBJECT_ID] =
        INT("subject_id", .flags = NULLABLE | READ_ONLY | FILTER,
            .doc = "whose account it was done to, which may be gone; null when it is none's"),
    [AUDIT_ADDRESS] = TEXT("address", .max = AUDIT_ADDRESS_MAX, .flags = NULLABLE | READ_ONLY,
                           .doc = "the network that it came from, a /24 or /48; null for the command line",
                           .example = "192.0.2.0/24"),
    [AUDIT_DETAIL] =
        TEXT("detail", .max = AUDIT_DETAIL_MAX, .flags = NULLABLE | READ_ONLY,
             .doc = "JSON: what else there is to say, or null", .example = "{\"role\":\"admin\"}"),
    [AUDIT_CREATED_AT] = TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY | FILTER | SORT,
                              .doc = "when it happened"),
};

static const struct key audit_keys[] = {PRIMARY(AUDIT_ID), INDEX(AUDIT_EVENT), INDEX(AUDIT_ACTOR_ID),
                                        INDEX(AUDIT_SUBJECT_ID), INDEX(AUDIT_CREATED_AT)};

static const unsigned char whole[] = {AUDIT_ID,      AUDIT_EVENT,  AUDIT_ACTOR_ID,  AUDIT_SUBJECT_ID,
                                      AUDIT_ADDRESS, AUDIT_DETAIL, AUDIT_CREATED_AT};
static const struct shape audit_whole = SHAPE("AuditEvent", &audit_resource, whole);

const struct resource audit_resource = {
    .name = "audit_event",
    .table = "audit_events",
    FIELDS(audit_fields),
    KEYS(audit_keys),
    .shape = &audit_whole,
    .doc = "A security event",
};

const struct statement audit_purge = {
    .name = "audit_purge",
    .sql = STR_INIT("DELETE FROM audit_events WHERE created_at < ? ORDER BY created_at LIMIT 1000"),
    .values = 1,
};
