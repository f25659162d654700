#include "feed.h"

#include "journal.h"

static bool
has_move(struct store *store, const struct feed_place *place, struct feed_item *item)
{
    int64_t after = place->move;

    return after < history_last(store) && history_next(store, NULL, &after, &item->move);
}

bool
feed_next(struct store *store, const struct journal *journal, struct feed_place *place,
    struct feed_item *item)
{
    bool moves = has_move(store, place, item);

    item->call = journal_next(journal, place->call);
    if (item->call != NULL && moves && item->move.id <= item->call->moves)
        item->call = NULL;
    if (item->call != NULL) {
        item->forgotten = item->call->id - place->call - 1;
        place->call = item->call->id;
    } else if (moves) {
        item->forgotten = item->move.id - place->move - 1;
        place->move = item->move.id;
    } else {
        return false;
    }
    item->place = *place;
    return true;
}

struct feed_place
feed_end(struct store *store, const struct journal *journal)
{
    return (struct feed_place){ .move = history_last(store), .call = journal_last(journal) };
}
