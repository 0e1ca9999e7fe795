#include "controllers/health.h"

#include "engine/load.h"
#include "models/user.h"

static err live(struct call *c)
{
    buf_lit(&c->reply->body, "{\"status\":\"ok\"}");
    return NULL;
}

/* Reads a real table: a database without a quorum still answers SELECT 1. */
static err ready(struct call *c)
{
    static const unsigned char key[] = {USER_ID};
    static const struct shape only_key = SHAPE("Key", &user_resource, key);
    struct plan p;
    struct rows rows;
    plan_init(&p, &user_resource, &only_key);
    plan_order_by_key(&p);
    p.limit = 1;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    return live(c);
}

static const struct field health_fields[] = {
    TEXT("status", .doc = "`ok`; when it is not, the answer is an error", .example = "ok")};
static const struct resource health = {.name = "health", FIELDS(health_fields), .doc = "That it answers"};
static const unsigned char health_members[] = {0};
static const struct shape health_shape = SHAPE("Health", &health, health_members);

const struct route_group service_group = {"service", "What the service tells of itself"};

const struct route health_routes[] = {
    {METHOD_GET, "/health/live", live, ACCESS_OPEN, .no_database = true, .shows = {&health_shape},
     .summary = "Is the process alive?", .operation = "getLiveness", .group = &service_group},
    {METHOD_GET, "/health/ready", ready, ACCESS_OPEN, .no_database = false, .shows = {&health_shape},
     .summary = "Can it serve?", .operation = "getReadiness", .group = &service_group},
    ROUTES_END,
};
