#include "likeness.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/memory.h"
#include "../../state/resource/person.h"
#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "similarity.h"

static void
add(struct store *store, struct likenesses *found, const char *name, double value)
{
    struct likeness *all =
        store_more(store, (struct likeness *)found->all, found->count, sizeof *all);

    all[found->count++] =
        (struct likeness){ .key = store_format(store, PERSON_KEY "%s", name), .value = value };
    found->all = all;
}

/* Whom the person was declared to look like; or, when that is somebody of the name `of`, the person. */
static void
add_declared(struct store *store, struct likenesses *found, const struct person *person,
    const char *of)
{
    cJSON *list = cJSON_Parse(person->resembles);
    const cJSON *item;
    double value;

    cJSON_ArrayForEach(item, list)
    {
        const char *name = text_of(item, "person");

        if (name == NULL || !json_number(member_of(item, "similarity"), &value))
            continue;
        if (of == NULL)
            add(store, found, name, value);
        else if (strcmp(name, of) == 0)
            add(store, found, person->name, value);
    }
    cJSON_Delete(list);
}

/* As JSON has it, with its quotation marks. */
static const char *
quoted(struct store *store, const char *name)
{
    cJSON *item = cJSON_CreateString(name);
    char *printed = memory_made(cJSON_PrintUnformatted(item));
    const char *kept = store_keep(store, printed);

    cJSON_free(printed);
    cJSON_Delete(item);
    return kept;
}

struct likenesses
likenesses_of(struct store *store, const char *key)
{
    struct likenesses found = { .count = 0 };
    struct person person;
    const char *name;
    int64_t after = 0;

    if (strncmp(key, PERSON_KEY, strlen(PERSON_KEY)) != 0)
        return found;
    name = key + strlen(PERSON_KEY);
    if (person_find(store, name, &person))
        add_declared(store, &found, &person, NULL);
    while (person_next_like(store, quoted(store, name), &after, &person))
        add_declared(store, &found, &person, name);
    return found;
}

double
likeness_to(const struct likenesses *likenesses, const char *key)
{
    double value = RESEMBLANCE_NONE;

    for (size_t i = 0; i < likenesses->count; i++)
        if (likenesses->all[i].value > value && strcmp(likenesses->all[i].key, key) == 0)
            value = likenesses->all[i].value;
    return value;
}
