#include "compose/community.h"

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/plan.h"
#include "models/post.h"

/* What is less than this much as relevant as the best shares a word with the topic, not the subject. */
static const double least_share = 0.3;

err community_find(struct db *db, struct arena *a, const struct settings *settings, str topic,
                   struct found found[BRIEF_MAX_FOUND], size_t *n)
{
    str words = match_words(a, topic);
    const struct value values[] = {value_text(words), value_text(words), value_int(BRIEF_MAX_FOUND)};
    struct rows rows;
    TRY(load_statement(db, a, &post_on_topic, values, &rows));
    size_t count = 0;
    for (; count < rows.n; count++) {
        const struct value *cells = rows.cells + count * rows.columns;
        if (cells[ON_TOPIC_RELEVANCE].d < rows.cells[ON_TOPIC_RELEVANCE].d * least_share) {
            break;
        }
        found[count] = (struct found){.title = cells[ON_TOPIC_TITLE].text,
                                      .text = cells[ON_TOPIC_TEXT].text,
                                      .link = str_format(a, "%.*s/posts/%lld", STR_ARGS(settings->site_url),
                                                         (long long)cells[ON_TOPIC_ID].i)};
    }
    *n = count;
    return NULL;
}
