/* The heap of deadlines. Place 1 is the earliest; the children of place n are 2n and 2n + 1. */
#include "deadline.h"

#include <stdlib.h>

static void
put(struct deadlines *deadlines, struct deadline *deadline, size_t place)
{
    deadlines->heap[place] = deadline;
    deadline->place = place;
}

/* Moves the hole at `place` up to where the deadline belongs, and fills it. */
static void
rise(struct deadlines *deadlines, struct deadline *deadline, size_t place)
{
    while (place > 1 && deadlines->heap[place / 2]->at_ms > deadline->at_ms) {
        put(deadlines, deadlines->heap[place / 2], place);
        place /= 2;
    }
    put(deadlines, deadline, place);
}

static void
sink(struct deadlines *deadlines, struct deadline *deadline, size_t place)
{
    size_t child;

    while ((child = 2 * place) <= deadlines->count) {
        if (child < deadlines->count &&
            deadlines->heap[child + 1]->at_ms < deadlines->heap[child]->at_ms)
            child++;
        if (deadlines->heap[child]->at_ms >= deadline->at_ms)
            break;
        put(deadlines, deadlines->heap[child], place);
        place = child;
    }
    put(deadlines, deadline, place);
}

static bool
make_room(struct deadlines *deadlines)
{
    size_t room = deadlines->room == 0 ? 64 : 2 * deadlines->room;
    struct deadline **heap;

    if (deadlines->count + 1 < deadlines->room)
        return true;
    if ((heap = realloc(deadlines->heap, room * sizeof *heap)) == NULL)
        return false;
    deadlines->heap = heap;
    deadlines->room = room;
    return true;
}

bool
deadline_set(struct deadlines *deadlines, struct deadline *deadline, int64_t at_ms)
{
    deadline_clear(deadlines, deadline);
    if (!make_room(deadlines))
        return false;
    deadline->at_ms = at_ms;
    rise(deadlines, deadline, ++deadlines->count);
    return true;
}

void
deadline_clear(struct deadlines *deadlines, struct deadline *deadline)
{
    size_t place = deadline->place;
    struct deadline *last;

    if (place == 0)
        return;
    deadline->place = 0;
    last = deadlines->heap[deadlines->count--];
    if (last == deadline)
        return;
    if (place > 1 && deadlines->heap[place / 2]->at_ms > last->at_ms)
        rise(deadlines, last, place);
    else
        sink(deadlines, last, place);
}

struct deadline *
deadline_first(const struct deadlines *deadlines)
{
    return deadlines->count == 0 ? NULL : deadlines->heap[1];
}

bool
deadline_is_set(const struct deadline *deadline)
{
    return deadline->place != 0;
}

void
deadlines_close(struct deadlines *deadlines)
{
    free(deadlines->heap);
}
