#include "item.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/store.h"
#include "../call/call.h"
#include "../json/tree.h"
#include "film.h"

/* ---- stretches ---------------------------------------------------------- */

/* Segments are not shown in stretches: they are. */
static struct stretch *
whole_film(const struct looking *looking, const struct kind *kind, const cJSON *found,
    size_t *count)
{
    struct stretch *stretch = store_alloc(looking->call->store, sizeof *stretch);

    *stretch = (struct stretch){ .shown = member_of(found, "segments") };
    kind->look(looking, stretch);
    *count = 1;
    return stretch;
}

static struct stretch *
stretches_of(const struct looking *looking, const struct kind *kind, const cJSON *found,
    int64_t duration_ms, size_t *count)
{
    const cJSON *shows = member_of(found, "shows"), *item;
    struct stretch *stretches;

    if (kind->interval_ms == 0)
        return whole_film(looking, kind, found, count);
    stretches = store_alloc(looking->call->store,
        ((size_t)cJSON_GetArraySize(shows) + 1) * sizeof *stretches);
    *count = 0;
    cJSON_ArrayForEach(item, shows)
    {
        struct stretch *stretch = &stretches[*count];

        *stretch = (struct stretch){ .shown = item };
        if (!film_range(item, duration_ms, &stretch->from_ms, &stretch->to_ms))
            continue;
        kind->look(looking, stretch);
        (*count)++;
    }
    return stretches;
}

/* ---- moments ------------------------------------------------------------ */

/* The first moment of a stretch at which the service looks; what is too short for one is seen as it begins. */
static int64_t
first_moment(const struct kind *kind, const struct stretch *stretch)
{
    int64_t late = stretch->from_ms - kind->first_ms, at = kind->first_ms;

    if (late > 0)
        at += (late + kind->interval_ms - 1) / kind->interval_ms * kind->interval_ms;
    return at < stretch->to_ms ? at : stretch->from_ms;
}

static size_t
count_moments(const struct kind *kind, const struct stretch *stretch)
{
    return (size_t)((stretch->to_ms - first_moment(kind, stretch) - 1) / kind->interval_ms + 1);
}

static size_t
count_items(const struct kind *kind, const struct stretch *stretches, size_t count, bool again)
{
    size_t items = 0;

    for (size_t i = 0; i < count; i++)
        items += stretches[i].count * (again ? count_moments(kind, &stretches[i]) : 1);
    return items;
}

static size_t
add_moments(const struct kind *kind, const struct stretch *stretch, struct item *items)
{
    size_t count = 0;

    for (int64_t at = first_moment(kind, stretch); at < stretch->to_ms; at += kind->interval_ms)
        for (size_t i = 0; i < stretch->count; i++)
            items[count++] =
                (struct item){ .at_ms = at, .stretch = stretch, .sight = &stretch->sights[i] };
    return count;
}

static size_t
add_once(const struct stretch *stretch, struct item *items)
{
    for (size_t i = 0; i < stretch->count; i++)
        items[i] = (struct item){ .at_ms = stretch->from_ms,
            .end_ms = stretch->to_ms,
            .stretch = stretch,
            .sight = &stretch->sights[i] };
    return stretch->count;
}

/* ---- order -------------------------------------------------------------- */

static int
compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int
compare_names(const struct item *a, const struct item *b)
{
    if (a->sight->name == NULL || b->sight->name == NULL)
        return compare_numbers(a->sight->index, b->sight->index);
    return strcmp(a->sight->name, b->sight->name);
}

static int
compare_confidence(const struct item *a, const struct item *b)
{
    if (a->sight->confidence == b->sight->confidence)
        return 0;
    return a->sight->confidence > b->sight->confidence ? -1 : 1;
}

/* As they were declared, where nothing else tells. */
static int
compare_places(const struct item *a, const struct item *b)
{
    if (a->stretch != b->stretch)
        return a->stretch < b->stretch ? -1 : 1;
    return a->sight < b->sight ? -1 : a->sight > b->sight;
}

/* What is one thing at one moment lies together, the surest first. */
static int
compare_same(const void *one, const void *two)
{
    const struct item *a = one, *b = two;
    int order = compare_numbers(a->at_ms, b->at_ms);

    if (order == 0)
        order = compare_names(a, b);
    if (order == 0)
        order = compare_confidence(a, b);
    return order != 0 ? order : compare_places(a, b);
}

/* The earliest first, and of one moment the surest. */
static int
compare_times(const void *one, const void *two)
{
    const struct item *a = one, *b = two;
    int order = compare_numbers(a->at_ms, b->at_ms);

    if (order == 0)
        order = compare_confidence(a, b);
    return order != 0 ? order : compare_places(a, b);
}

static int
compare_times_alone(const void *one, const void *two)
{
    const struct item *a = one, *b = two;
    int order = compare_numbers(a->at_ms, b->at_ms);

    if (order == 0)
        order = compare_numbers(a->sight->index, b->sight->index);
    return order != 0 ? order : compare_places(a, b);
}

/*
 * API Reference, GetLabelDetection and others, SortBy: groups in the order of their names or numbers; "within each
 * group, the array is sorted by detection confidence".
 */
static int
compare_groups(const void *one, const void *two)
{
    const struct item *a = one, *b = two;
    int order = compare_names(a, b);

    if (order == 0)
        order = compare_confidence(a, b);
    return order != 0 ? order : compare_times(one, two);
}

static void
sort(struct item *items, size_t count, const struct kind *kind, struct wanted wanted)
{
    if (count == 0)
        return;
    qsort(items, count, sizeof *items,
        wanted.by_group           ? compare_groups
        : kind->same == SAME_NAME ? compare_times
                                  : compare_times_alone);
}

/* ---- one of what is the same -------------------------------------------- */

static bool
is_same(const struct kind *kind, const struct item *a, const struct item *b)
{
    if (a->at_ms != b->at_ms)
        return false;
    return kind->same == SAME_NAME ? strcmp(a->sight->name, b->sight->name) == 0
                                   : a->sight->index == b->sight->index;
}

/* Two stretches may show one thing at one moment: as what is above two labels. */
static size_t
drop_same(struct item *items, size_t count, const struct kind *kind)
{
    size_t kept = 0;

    if (kind->same == SAME_NONE || count == 0)
        return count;
    qsort(items, count, sizeof *items, compare_same);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !is_same(kind, &items[kept - 1], &items[i]))
            items[kept++] = items[i];
    return kept;
}

static int
compare_names_then_times(const void *one, const void *two)
{
    const struct item *a = one, *b = two;
    int order = strcmp(a->sight->name, b->sight->name);

    return order != 0 ? order : compare_times(one, two);
}

/* What goes on from stretch to stretch is one, and as sure as where it is surest: a guess. */
static size_t
join(struct item *items, size_t count)
{
    size_t kept = 0;

    if (count > 0)
        qsort(items, count, sizeof *items, compare_names_then_times);
    for (size_t i = 0; i < count; i++) {
        struct item *last = kept == 0 ? NULL : &items[kept - 1];

        if (last == NULL || strcmp(last->sight->name, items[i].sight->name) != 0 ||
            items[i].at_ms > last->end_ms) {
            items[kept++] = items[i];
            continue;
        }
        if (items[i].end_ms > last->end_ms)
            last->end_ms = items[i].end_ms;
        if (items[i].sight->confidence > last->sight->confidence) {
            last->sight = items[i].sight;
            last->stretch = items[i].stretch;
        }
    }
    return kept;
}

/* ---- all of them -------------------------------------------------------- */

struct items
items_of(const struct looking *looking, const struct kind *kind, const cJSON *found,
    int64_t duration_ms, struct wanted wanted)
{
    bool again = kind->interval_ms > 0 && !wanted.whole;
    size_t stretch_count, count = 0;
    struct stretch *stretches = stretches_of(looking, kind, found, duration_ms, &stretch_count);
    struct item *items = store_alloc(looking->call->store,
        (count_items(kind, stretches, stretch_count, again) + 1) * sizeof *items);

    for (size_t i = 0; i < stretch_count; i++)
        count += again ? add_moments(kind, &stretches[i], items + count)
                       : add_once(&stretches[i], items + count);
    if (wanted.whole)
        count = join(items, count);
    else if (again)
        count = drop_same(items, count, kind);
    if (kind->interval_ms > 0)
        sort(items, count, kind, wanted);
    return (struct items){ items, count };
}

/* Developer Guide, Detecting labels in a video: of segments it is told when they begin and end. */
void
item_write(const struct looking *looking, const struct kind *kind, struct part list,
    const struct item *item, struct wanted wanted)
{
    struct part object = add_object(list);

    if (wanted.whole) {
        set_int(object, "StartTimestampMillis", item->at_ms);
        set_int(object, "EndTimestampMillis", item->end_ms);
        set_int(object, "DurationMillis", item->end_ms - item->at_ms);
    } else if (kind->interval_ms > 0) {
        set_int(object, "Timestamp", item->at_ms);
    }
    kind->write(looking, object, item->stretch, item->sight, wanted.whole);
}
