#include "known_image.h"

#include <stddef.h>
#include <stdlib.h>

#include "../base/glob.h"
#include "../query.h"
#include "../store.h"

int64_t
known_image_add(struct store *store, const struct known_image *image)
{
    struct query q = query(store, SQL_KNOWN_IMAGE_ADD);

    query_text(&q, ":account", image->account);
    query_text(&q, ":sha256", image->sha256);
    query_text(&q, ":s3", image->s3);
    query_text(&q, ":looks", image->looks);
    query_text(&q, ":shows", image->shows);
    return query_insert(&q);
}

static struct known_image
read_row(struct query *q)
{
    return (struct known_image){ .id = query_column_int(q, COLUMN_KNOWN_IMAGE_ID),
        .account = query_column_text(q, COLUMN_KNOWN_IMAGE_ACCOUNT),
        .sha256 = query_column_text(q, COLUMN_KNOWN_IMAGE_SHA256),
        .s3 = query_column_text(q, COLUMN_KNOWN_IMAGE_S3),
        .looks = query_column_text(q, COLUMN_KNOWN_IMAGE_LOOKS),
        .shows = query_column_text(q, COLUMN_KNOWN_IMAGE_SHOWS) };
}

bool
known_image_next(struct store *store, int64_t *after, struct known_image *image)
{
    struct query q = query(store, SQL_KNOWN_IMAGE_NEXT);

    query_int(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    *image = read_row(&q);
    *after = image->id;
    query_done(&q);
    return true;
}

bool
known_image_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_KNOWN_IMAGE_REMOVE, id);
}

int
known_image_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_KNOWN_IMAGE_RESET, account, region);
}

/* ---- which one it is ---------------------------------------------------- */

/* One that is known by its bytes was found by them. */
static bool
fits(struct query *q, const struct image_names *names)
{
    const char *s3 = query_column_text(q, COLUMN_KNOWN_IMAGE_S3);

    return s3 == NULL || (names->s3 != NULL && glob_matches(s3, names->s3));
}

/* The first row that fits; the most specific ones come first. */
static bool
first_fit(struct query *q, const struct image_names *names, struct known_image *image)
{
    query_text(q, ":account", names->account);
    while (query_row(q))
        if (fits(q, names)) {
            *image = read_row(q);
            query_done(q);
            return true;
        }
    return false;
}

bool
known_image_find(struct store *store, const struct image_names *names, struct known_image *image)
{
    struct query q;

    if (names->sha256 != NULL) {
        q = query(store, SQL_KNOWN_IMAGE_OF_BYTES);
        query_text(&q, ":sha256", names->sha256);
        if (first_fit(&q, names, image))
            return true;
    }
    q = query(store, SQL_KNOWN_IMAGE_OF_ANY_BYTES);
    return first_fit(&q, names, image);
}

/* ---- what it looks like ------------------------------------------------- */

bool
known_image_has_looks(struct store *store, const char *account)
{
    struct query q = query(store, SQL_KNOWN_IMAGE_HAS_LOOKS);

    query_text(&q, ":account", account);
    return query_int_value(&q, 0) != 0;
}

static int
distance(struct query *q, uint64_t looks)
{
    const char *digits = query_column_text(q, COLUMN_KNOWN_IMAGE_LOOKS);

    return __builtin_popcountll(strtoull(digits, NULL, 16) ^ looks);
}

int
known_image_alike(struct store *store, const char *account, uint64_t looks, int most,
    struct known_image *image)
{
    struct query q = query(store, SQL_KNOWN_IMAGE_BY_LOOKS);
    int nearest = most + 1;

    query_text(&q, ":account", account);
    while (query_row(&q)) {
        int bits = distance(&q, looks);

        if (bits < nearest) {
            *image = read_row(&q);
            nearest = bits;
        }
    }
    return nearest > most ? -1 : nearest;
}
