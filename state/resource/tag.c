#include "tag.h"

#include <inttypes.h>

#include "../query.h"
#include "../setting.h"
#include "../store.h"

static size_t
count_of(struct store *store, const char *arn)
{
    struct query q = query(store, SQL_TAG_COUNT);

    query_text(&q, ":arn", arn);
    return (size_t)query_int_value(&q, 0);
}

void
tag_place(struct store *store, const char *arn, const struct tag *tags, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct query q = query(store, SQL_TAG_SET);

        query_text(&q, ":arn", arn);
        query_text(&q, ":key", tags[i].key);
        query_text(&q, ":value", tags[i].value);
        query_run(&q);
    }
}

/* Counts after it has written: the step that is refused is dropped whole. */
enum result
tag_set(struct store *store, const char *arn, const struct tag *tags, size_t count)
{
    int64_t limit = setting_int(store, SETTING_LIMIT_TAGS_PER_RESOURCE);

    tag_place(store, arn, tags, count);
    if ((int64_t)count_of(store, arn) > limit)
        return refuse_limit(store, RESULT_TAG_LIMIT, SETTING_LIMIT_TAGS_PER_RESOURCE, "%zu tags",
            count_of(store, arn));
    return RESULT_OK;
}

void
tag_unset(struct store *store, const char *arn, const char *key)
{
    struct query q = query(store, SQL_TAG_UNSET);

    query_text(&q, ":arn", arn);
    query_text(&q, ":key", key);
    query_run(&q);
}

struct tag *
tag_list(struct store *store, const char *arn, size_t *count)
{
    struct tag *tags = NULL;
    struct query q = query(store, SQL_TAG_LIST);

    query_text(&q, ":arn", arn);
    for (*count = 0; query_row(&q); (*count)++) {
        tags = store_more(store, tags, *count, sizeof *tags);
        tags[*count] = (struct tag){ query_column_text(&q, 0), query_column_text(&q, 1) };
    }
    return tags;
}
