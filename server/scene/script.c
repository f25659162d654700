#include "script.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../call/call.h"
#include "../call/operation.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "shaped.h"

/* ---- what is asked for -------------------------------------------------- */

static bool
is_sure(const cJSON *item, const char *sureness, double least)
{
    double value = INFINITY; /* what does not say is */

    json_number(member_of(item, sureness), &value);
    return (float)value >= (float)least;
}

static void
drop(cJSON *answer, cJSON *list, cJSON *item, const char *rest)
{
    cJSON *others, *face = NULL;

    if (rest != NULL)
        face = cJSON_DetachItemFromObjectCaseSensitive(item, "Face");
    cJSON_Delete(cJSON_DetachItemViaPointer(list, item));
    if (face == NULL)
        return;
    others = cJSON_GetObjectItemCaseSensitive(answer, rest);
    cJSON_AddItemToArray(others == NULL ? tree_set_list(answer, rest) : others, face);
}

static bool
is_among(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static void
strip(cJSON *from, const char *const *members)
{
    cJSON *member, *next;

    for (member = from->child; member != NULL; member = next) {
        next = member->next;
        if (!is_among(members, member->string))
            cJSON_Delete(cJSON_DetachItemViaPointer(from, member));
    }
}

static void
cut(struct call *call, cJSON *answer, const struct asked *asked)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, asked->list), *item, *next;
    int64_t left =
        asked->most_member == NULL ? INT64_MAX : input_int(call, asked->most_member, INT64_MAX);
    double least = asked->least;

    if (asked->least_member != NULL)
        json_number(input_member(call, asked->least_member), &least);
    for (item = list == NULL ? NULL : list->child; item != NULL; item = next) {
        next = item->next;
        if (asked->sureness != NULL && !is_sure(item, asked->sureness, least))
            drop(answer, list, item, asked->rest);
        else if (left-- <= 0)
            drop(answer, list, item, NULL);
        else if (asked->members != NULL)
            strip(item, asked->members);
    }
}

/* ---- what is always there ----------------------------------------------- */

/* Lists that are empty, but are there. */
static void
add_lists(cJSON *object, const struct shape *shape)
{
    for (size_t i = 0; i < shape->member_count; i++)
        if (shape->members[i].shape->kind == SHAPE_LIST &&
            member_of(object, shape->members[i].name) == NULL)
            tree_set_list(object, shape->members[i].name);
}

static void
add_text_once(cJSON *answer, const char *member, const char *value)
{
    if (member != NULL && value != NULL && member_of(answer, member) == NULL)
        cJSON_AddStringToObject(answer, member, value);
}

/* Of faces the answer has those members alone that are asked for: an empty list would be none of them. */
static void
complete(cJSON *answer, const struct shape *shape, const struct asked *asked)
{
    const struct shape *element = shape_of_member(shape, asked->list)->element;
    cJSON *item;

    add_lists(answer, shape);
    if (asked->members == NULL && asked->rest == NULL)
        cJSON_ArrayForEach(item, member_of(answer, asked->list)) add_lists(item, element);
    add_text_once(answer, asked->version_member, asked->version);
    add_text_once(answer, asked->adapter_member, asked->adapter);
}

void
script_answer(struct call *call, const char *text, const struct asked *asked)
{
    const struct shape *shape = call->operation->model->output;
    cJSON *answer = memory_made(cJSON_Parse(text));

    cut(call, answer, asked);
    complete(answer, shape, asked);
    set_members_shaped(call->output, answer, shape);
    cJSON_Delete(answer);
}
