#include "known_video.h"

#include "../base/glob.h"
#include "../query.h"
#include "../store.h"

int64_t
known_video_add(struct store *store, const struct known_video *video)
{
    struct query q = query(store, SQL_KNOWN_VIDEO_ADD);

    query_text(&q, ":account", video->account);
    query_text(&q, ":s3", video->s3);
    query_text(&q, ":film", video->film);
    return query_insert(&q);
}

static struct known_video
read_row(struct query *q)
{
    return (struct known_video){ .id = query_column_int(q, COLUMN_KNOWN_VIDEO_ID),
        .account = query_column_text(q, COLUMN_KNOWN_VIDEO_ACCOUNT),
        .s3 = query_column_text(q, COLUMN_KNOWN_VIDEO_S3),
        .film = query_column_text(q, COLUMN_KNOWN_VIDEO_FILM) };
}

bool
known_video_next(struct store *store, int64_t *after, struct known_video *video)
{
    struct query q = query(store, SQL_KNOWN_VIDEO_NEXT);

    query_int(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    *video = read_row(&q);
    *after = video->id;
    query_done(&q);
    return true;
}

bool
known_video_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_KNOWN_VIDEO_REMOVE, id);
}

int
known_video_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_KNOWN_VIDEO_RESET, account, region);
}

bool
known_video_find(struct store *store, const char *account, const char *name,
    struct known_video *video)
{
    struct query q = query(store, SQL_KNOWN_VIDEO_FOR);

    query_text(&q, ":account", account);
    while (query_row(&q)) {
        if (!glob_matches(query_column_text(&q, COLUMN_KNOWN_VIDEO_S3), name))
            continue;
        *video = read_row(&q);
        query_done(&q);
        return true;
    }
    return false;
}
