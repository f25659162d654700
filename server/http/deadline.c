/* The heap of deadlines. Place 1 is the earliest; the children of place n are 2n and 2n + 1. */
#include <stdlib.h>

#include "inside.h"

static void
put(struct deadlines *deadlines, struct serving *serving, size_t place)
{
    deadlines->heap[place] = serving;
    serving->place = place;
}

/* Moves the hole at `place` up to where the serving belongs, and fills it. */
static void
rise(struct deadlines *deadlines, struct serving *serving, size_t place)
{
    while (place > 1 && deadlines->heap[place / 2]->deadline_ms > serving->deadline_ms) {
        put(deadlines, deadlines->heap[place / 2], place);
        place /= 2;
    }
    put(deadlines, serving, place);
}

static void
sink(struct deadlines *deadlines, struct serving *serving, size_t place)
{
    size_t child;

    while ((child = 2 * place) <= deadlines->count) {
        if (child < deadlines->count &&
            deadlines->heap[child + 1]->deadline_ms < deadlines->heap[child]->deadline_ms)
            child++;
        if (deadlines->heap[child]->deadline_ms >= serving->deadline_ms)
            break;
        put(deadlines, deadlines->heap[child], place);
        place = child;
    }
    put(deadlines, serving, place);
}

static bool
make_room(struct deadlines *deadlines)
{
    size_t room = deadlines->room == 0 ? 64 : 2 * deadlines->room;
    struct serving **heap;

    if (deadlines->count + 1 < deadlines->room)
        return true;
    if ((heap = realloc(deadlines->heap, room * sizeof *heap)) == NULL)
        return false;
    deadlines->heap = heap;
    deadlines->room = room;
    return true;
}

bool
deadline_set(struct deadlines *deadlines, struct serving *serving, int64_t at_ms)
{
    deadline_clear(deadlines, serving);
    if (!make_room(deadlines))
        return false;
    serving->deadline_ms = at_ms;
    rise(deadlines, serving, ++deadlines->count);
    return true;
}

void
deadline_clear(struct deadlines *deadlines, struct serving *serving)
{
    size_t place = serving->place;
    struct serving *last;

    if (place == 0)
        return;
    serving->place = 0;
    last = deadlines->heap[deadlines->count--];
    if (last == serving)
        return;
    if (place > 1 && deadlines->heap[place / 2]->deadline_ms > last->deadline_ms)
        rise(deadlines, last, place);
    else
        sink(deadlines, last, place);
}

struct serving *
deadline_first(const struct deadlines *deadlines)
{
    return deadlines->count == 0 ? NULL : deadlines->heap[1];
}
