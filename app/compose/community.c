#include "compose/community.h"

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "models/post.h"

err community_find(struct db *db, struct arena *a, const struct settings *settings, str topic,
                   struct found found[BRIEF_MAX_FOUND], size_t *n)
{
    const struct value values[] = {value_text(topic), value_text(topic), value_int(BRIEF_MAX_FOUND)};
    struct rows rows;
    TRY(load_statement(db, a, &post_on_topic, values, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct value *cells = rows.cells + i * rows.columns;
        found[i] = (struct found){.title = cells[ON_TOPIC_TITLE].text,
                                  .text = cells[ON_TOPIC_TEXT].text,
                                  .link = str_format(a, "%.*s%.*s/posts/%lld", STR_ARGS(settings->site_url),
                                                     STR_ARGS(settings->base_path),
                                                     (long long)cells[ON_TOPIC_ID].i)};
    }
    *n = rows.n;
    return NULL;
}
