#include "person.h"

#include "../query.h"
#include "../store.h"

int64_t
person_add(struct store *store, const struct person *person)
{
    struct query q = query(store, SQL_PERSON_ADD);

    query_text(&q, ":name", person->name);
    query_text(&q, ":celebrity", person->celebrity);
    query_text(&q, ":celebrity_id", person->celebrity_id);
    query_text(&q, ":resembles", person->resembles);
    return query_insert(&q);
}

/* The row that the query has, if it has one. */
static bool
read_row(struct query *q, struct person *person)
{
    if (!query_row(q))
        return false;
    *person = (struct person){ .id = query_column_int(q, COLUMN_PERSON_ID),
        .name = query_column_text(q, COLUMN_PERSON_NAME),
        .celebrity = query_column_text(q, COLUMN_PERSON_CELEBRITY),
        .celebrity_id = query_column_text(q, COLUMN_PERSON_CELEBRITY_ID),
        .resembles = query_column_text(q, COLUMN_PERSON_RESEMBLES) };
    query_done(q);
    return true;
}

bool
person_next(struct store *store, int64_t *after, struct person *person)
{
    struct query q = query(store, SQL_PERSON_NEXT);

    query_int(&q, ":after", *after);
    if (!read_row(&q, person))
        return false;
    *after = person->id;
    return true;
}

bool
person_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_PERSON_REMOVE, id);
}

int
person_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_PERSON_RESET, account, region);
}

bool
person_next_like(struct store *store, const char *name, int64_t *after, struct person *person)
{
    struct query q = query(store, SQL_PERSON_LIKE);

    query_text(&q, ":quoted", name);
    query_int(&q, ":after", *after);
    if (!read_row(&q, person))
        return false;
    *after = person->id;
    return true;
}

bool
person_find(struct store *store, const char *name, struct person *person)
{
    struct query q = query(store, SQL_PERSON_OF_NAME);

    query_text(&q, ":name", name);
    return read_row(&q, person);
}

bool
person_of_celebrity(struct store *store, const char *celebrity_id, struct person *person)
{
    struct query q = query(store, SQL_PERSON_OF_CELEBRITY);

    query_text(&q, ":celebrity_id", celebrity_id);
    return read_row(&q, person);
}
