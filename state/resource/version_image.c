#include "version_image.h"

#include "../query.h"
#include "../store.h"

void
version_image_add(struct store *store, int64_t model_id, const struct version_image *image)
{
    struct query q = query(store, SQL_VERSION_IMAGE_ADD);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":source_ref", image->source_ref);
    query_text(&q, ":sha256", image->sha256);
    query_text(&q, ":labels", image->labels);
    query_run(&q);
}

bool
version_image_has_digests(struct store *store, int64_t model_id)
{
    struct query q = query(store, SQL_VERSION_IMAGE_HAS_DIGESTS);

    query_int(&q, ":model_id", model_id);
    return query_int_value(&q, 0) != 0;
}

static bool
read_one(struct query *q, struct version_image *image)
{
    if (!query_row(q))
        return false;
    image->source_ref = query_column_text(q, 0);
    image->sha256 = query_column_text(q, 1);
    image->labels = query_column_text(q, 2);
    query_done(q);
    return true;
}

bool
version_image_of_digest(struct store *store, int64_t model_id, const char *sha256,
    struct version_image *image)
{
    struct query q = query(store, SQL_VERSION_IMAGE_OF_DIGEST);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":sha256", sha256);
    return read_one(&q, image);
}

bool
version_image_of_source(struct store *store, int64_t model_id, const char *source_ref,
    struct version_image *image)
{
    struct query q = query(store, SQL_VERSION_IMAGE_OF_SOURCE);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":source_ref", source_ref);
    return read_one(&q, image);
}

bool
version_image_next(struct store *store, int64_t model_id, const char **after,
    struct version_image *image)
{
    struct query q = query(store, SQL_VERSION_IMAGE_NEXT);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":after", *after);
    if (!read_one(&q, image))
        return false;
    *after = image->source_ref;
    return true;
}

bool
version_image_forget(struct store *store, int64_t model_id, int limit)
{
    struct query q = query(store, SQL_VERSION_IMAGE_FORGET);

    query_int(&q, ":model_id", model_id);
    query_int(&q, ":limit", limit);
    return query_run(&q) == limit;
}

void
version_label_set(struct store *store, int64_t model_id, const char *name, double threshold)
{
    struct query q = query(store, SQL_VERSION_LABEL_SET);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":name", name);
    query_number(&q, ":threshold", threshold);
    query_run(&q);
}

double
version_label_threshold(struct store *store, int64_t model_id, const char *name, double otherwise)
{
    struct query q = query(store, SQL_VERSION_LABEL_THRESHOLD);
    double threshold = otherwise;

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":name", name);
    if (query_row(&q)) {
        threshold = query_column_number(&q, 0);
        query_done(&q);
    }
    return threshold;
}

bool
version_label_next(struct store *store, int64_t model_id, const char **after, double *threshold)
{
    struct query q = query(store, SQL_VERSION_LABEL_NEXT);

    query_int(&q, ":model_id", model_id);
    query_text(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    *after = query_column_text(&q, 0);
    *threshold = query_column_number(&q, 1);
    query_done(&q);
    return true;
}
