#include "controllers/audit.h"

#include "http/crud.h"
#include "models/audit.h"

static const struct crud events = {
    .resource = &audit_resource, .owner = CRUD_NO_OWNER, .by_default = "-created_at"};

static const struct route_group watching = {"audit", "Security events"};

const struct route audit_routes[] = {
    {METHOD_GET, "/audit", crud_list, ACCESS_ADMIN, .crud = &events, .is_list = true,
     .caching = CACHING_NEVER, .summary = "List security events, the newest first",
     .doc = "Log-ins, failures, limits that were hit, and changes of passwords, roles and accounts. Nothing "
            "here can be "
            "changed. An account that is gone is a number that nothing has any more.",
     .group = &watching},
    ROUTES_END,
};
