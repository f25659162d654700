#include "indexed_face.h"

#include <inttypes.h>
#include <math.h>

#include "../base/ids.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

/* Public answers: what a collection gives back has so many decimals. */
#define BOX_PARTS 1e6
#define CONFIDENCE_PARTS 1e4

static void
read_row(struct query *q, struct indexed_face *face)
{
    *face = (struct indexed_face){ .face_id = query_column_text(q, COLUMN_INDEXED_FACE_FACE_ID),
        .collection_id = query_column_int(q, COLUMN_INDEXED_FACE_COLLECTION_ID),
        .image_id = query_column_text(q, COLUMN_INDEXED_FACE_IMAGE_ID),
        .external_image_id = query_column_text(q, COLUMN_INDEXED_FACE_EXTERNAL_IMAGE_ID),
        .left = query_column_number(q, COLUMN_INDEXED_FACE_LEFT),
        .top = query_column_number(q, COLUMN_INDEXED_FACE_TOP),
        .width = query_column_number(q, COLUMN_INDEXED_FACE_WIDTH),
        .height = query_column_number(q, COLUMN_INDEXED_FACE_HEIGHT),
        .confidence = query_column_number(q, COLUMN_INDEXED_FACE_CONFIDENCE),
        .identity = query_column_text(q, COLUMN_INDEXED_FACE_IDENTITY),
        .image = query_column_text(q, COLUMN_INDEXED_FACE_IMAGE),
        .place = (int)query_column_int(q, COLUMN_INDEXED_FACE_PLACE),
        .searchable_ms = query_column_int(q, COLUMN_INDEXED_FACE_SEARCHABLE_MS),
        .user_id = query_column_int(q, COLUMN_INDEXED_FACE_USER_ID),
        .user_name = query_column_text(q, COLUMN_INDEXED_FACE_USER_NAME) };
}

static double
rounded(double value, double parts)
{
    return round(value * parts) / parts;
}

static void
complete(struct store *store, struct indexed_face *face)
{
    char *id;

    if (face->face_id == NULL) {
        face->face_id = id = store_alloc(store, UUID_SIZE);
        ids_uuid(store_ids(store), id);
    }
    if (face->image_id == NULL) {
        face->image_id = id = store_alloc(store, UUID_SIZE);
        ids_uuid_of_name(face->image, id);
    }
    face->left = rounded(face->left, BOX_PARTS);
    face->top = rounded(face->top, BOX_PARTS);
    face->width = rounded(face->width, BOX_PARTS);
    face->height = rounded(face->height, BOX_PARTS);
    face->confidence = rounded(face->confidence, CONFIDENCE_PARTS);
}

bool
indexed_face_add(struct store *store, struct indexed_face *face)
{
    struct query q = query(store, SQL_INDEXED_FACE_ADD);

    complete(store, face);
    query_int(&q, ":collection_id", face->collection_id);
    query_text(&q, ":face_id", face->face_id);
    query_text(&q, ":image_id", face->image_id);
    query_text(&q, ":external_image_id", face->external_image_id);
    query_number(&q, ":left", face->left);
    query_number(&q, ":top", face->top);
    query_number(&q, ":width", face->width);
    query_number(&q, ":height", face->height);
    query_number(&q, ":confidence", face->confidence);
    query_text(&q, ":identity", face->identity);
    query_text(&q, ":image", face->image);
    query_int(&q, ":place", face->place);
    query_int(&q, ":searchable_ms", face->searchable_ms);
    return query_run(&q) > 0;
}

enum result
indexed_face_room(struct store *store, int64_t already, int64_t more)
{
    if (already + more <= setting_int(store, SETTING_LIMIT_FACES_PER_COLLECTION))
        return RESULT_OK;
    return refuse_limit(store, RESULT_COLLECTION_FULL, SETTING_LIMIT_FACES_PER_COLLECTION,
        "%" PRId64 " already, and %" PRId64 " more", already, more);
}

bool
indexed_face_find(struct store *store, int64_t collection_id, const char *face_id,
    struct indexed_face *face)
{
    struct query q = query(store, SQL_INDEXED_FACE_FIND);

    query_int(&q, ":collection_id", collection_id);
    query_text(&q, ":face_id", face_id);
    if (!query_row(&q))
        return false;
    read_row(&q, face);
    query_done(&q);
    return true;
}

bool
indexed_face_again(struct store *store, struct indexed_face *face)
{
    struct query q = query(store, SQL_INDEXED_FACE_AGAIN);

    query_int(&q, ":collection_id", face->collection_id);
    query_text(&q, ":image", face->image);
    query_int(&q, ":place", face->place);
    query_text(&q, ":external_image_id", face->external_image_id);
    if (!query_row(&q))
        return false;
    face->face_id = query_column_text(&q, 0);
    face->image_id = query_column_text(&q, 1);
    query_done(&q);
    return true;
}

enum result
indexed_face_search(struct store *store, int64_t collection_id, const char *face_id,
    struct indexed_face *face)
{
    if (!indexed_face_find(store, collection_id, face_id, face))
        return refuse(store, RESULT_FACE_MISSING, "there is no face %s", face_id);
    if (face->searchable_ms > store_now(store))
        return refuse_limit(store, RESULT_FACE_MISSING, SETTING_FACE_INDEX,
            "searches know of it in %" PRId64 " ms", face->searchable_ms - store_now(store));
    return RESULT_OK;
}

static struct indexed_face *
read_page(struct query *q, struct page *page, size_t *count)
{
    struct indexed_face *rows = NULL;

    page_bind_text(page, q);
    for (*count = 0; page_row(page, q, *count); (*count)++) {
        rows = store_more(q->store, rows, *count, sizeof *rows);
        read_row(q, &rows[*count]);
    }
    return rows;
}

struct indexed_face *
indexed_face_list(struct store *store, int64_t collection_id, const char *face_ids,
    struct page *page, size_t *count)
{
    struct query q =
        query(store, face_ids == NULL ? SQL_INDEXED_FACE_LIST : SQL_INDEXED_FACE_LIST_NAMED);

    query_int(&q, ":collection_id", collection_id);
    if (face_ids != NULL)
        query_text(&q, ":face_ids", face_ids);
    return read_page(&q, page, count);
}

struct indexed_face *
indexed_face_list_of_user(struct store *store, int64_t collection_id, int64_t user_id,
    const char *face_ids, struct page *page, size_t *count)
{
    struct query q = query(store, SQL_INDEXED_FACE_LIST_OF_USER);

    query_int(&q, ":collection_id", collection_id);
    query_int(&q, ":user_id", user_id);
    query_text(&q, ":face_ids", face_ids);
    return read_page(&q, page, count);
}

void
indexed_face_set_user(struct store *store, const struct indexed_face *face, int64_t user_id)
{
    struct query q = query(store, SQL_INDEXED_FACE_SET_USER);

    query_int(&q, ":collection_id", face->collection_id);
    query_text(&q, ":face_id", face->face_id);
    if (user_id != 0)
        query_int(&q, ":user_id", user_id);
    query_run(&q);
}

void
indexed_face_remove(struct store *store, int64_t collection_id, const char *face_id)
{
    struct query q = query(store, SQL_INDEXED_FACE_REMOVE);

    query_int(&q, ":collection_id", collection_id);
    query_text(&q, ":face_id", face_id);
    query_run(&q);
}

/* ---- who could be found -------------------------------------------------- */

static struct query
query_of(struct store *store, const struct among_whom *whom)
{
    static const enum sql statements[] = { [AMONG_PLACE] = SQL_INDEXED_FACE_OF_PLACE,
        [AMONG_PERSON] = SQL_INDEXED_FACE_OF_PERSON,
        [AMONG_ALL] = SQL_INDEXED_FACE_OF_ALL };
    struct query q =
        query(store, whom->users && whom->among == AMONG_ALL ? SQL_INDEXED_FACE_OF_USERS
                                                             : statements[whom->among]);

    query_int(&q, ":collection_id", whom->collection_id);
    query_int(&q, ":now", store_now(store));
    if (whom->among != AMONG_ALL) {
        query_text(&q, ":key", whom->key);
        query_int(&q, ":users", whom->users);
    }
    if (whom->among == AMONG_PLACE)
        query_int(&q, ":place", whom->place);
    return q;
}

struct candidate *
indexed_face_candidates(struct store *store, const struct among_whom *whom, int64_t most,
    size_t *count)
{
    struct query q = query_of(store, whom);
    struct candidate *rows = NULL;

    query_int(&q, ":limit", most);
    for (*count = 0; query_row(&q); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        rows[*count] =
            (struct candidate){ .face_id = query_column_text(&q, COLUMN_CANDIDATE_FACE_ID),
                .identity = query_column_text(&q, COLUMN_CANDIDATE_IDENTITY),
                .image = query_column_text(&q, COLUMN_CANDIDATE_IMAGE),
                .place = (int)query_column_int(&q, COLUMN_CANDIDATE_PLACE),
                .user_id = query_column_int(&q, COLUMN_CANDIDATE_USER_ID) };
    }
    return rows;
}
