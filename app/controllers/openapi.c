#include "controllers/openapi.h"

#include "controllers/health.h"
#include "http/document.h"

static err show(struct call *c)
{
    return document_show(c, c->openapi);
}

const struct route openapi_routes[] = {
    {METHOD_GET, "/openapi.json", show, ACCESS_OPEN, .no_database = true, .summary = "This document",
     .operation = "getOpenapi", .group = &service_group, .tagged = true, .caching = CACHING_MOMENT},
    ROUTES_END,
};
