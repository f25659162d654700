#include "moderation.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/store.h"
#include "../call/sight.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "taxonomy.h"

#define CONFIDENCE_USUAL 99 /* a guess: of what was declared without one */

void
moderation_read(struct store *store, const cJSON *list, struct detections *found)
{
    const cJSON *item;

    found->labels =
        store_alloc(store, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *found->labels);
    found->count = 0;
    cJSON_ArrayForEach(item, list)
    {
        struct detected *label = &found->labels[found->count++];

        *label = (struct detected){ .name = store_keep(store, text_of(item, "Name")),
            .confidence = CONFIDENCE_USUAL };
        json_number(member_of(item, "Confidence"), &label->confidence);
    }
}

/* ---- what is above a label ---------------------------------------------- */

#define LEVELS_MAX 3 /* of the taxonomy */

static struct detected *
find_label(const struct detections *found, const char *name)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->labels[i].name, name) == 0)
            return &found->labels[i];
    return NULL;
}

/* The surest first; of labels as sure, what is below another before it: as in the guide's example. */
static int
compare_labels(const void *one, const void *two)
{
    const struct detected *a = one, *b = two;
    int below = taxonomy_level(b->name) - taxonomy_level(a->name);

    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    return below != 0 ? below : strcmp(a->name, b->name);
}

/*
 * Developer Guide, Moderating content: what is above a label is returned, too, and as sure; of several labels below it
 * the surest counts.
 */
void
moderation_add_parents(struct store *store, struct detections *found)
{
    size_t count = found->count;
    struct detected *labels = store_alloc(store, (count * LEVELS_MAX + 1) * sizeof *labels);

    if (count == 0)
        return;
    memcpy(labels, found->labels, count * sizeof *labels);
    found->labels = labels;
    for (size_t i = 0; i < count; i++) {
        const char *parent = labels[i].name;

        while ((parent = taxonomy_parent(parent)) != NULL && *parent != '\0') {
            struct detected *known = find_label(found, parent);

            if (known == NULL)
                labels[found->count++] =
                    (struct detected){ .name = parent, .confidence = labels[i].confidence };
            else if (known->confidence < labels[i].confidence)
                known->confidence = labels[i].confidence;
        }
    }
    qsort(labels, found->count, sizeof *labels, compare_labels);
}

/* ---- writing ------------------------------------------------------------ */

void
moderation_write(struct part item, const struct detected *label)
{
    const char *parent = taxonomy_parent(label->name);

    set_float(item, "Confidence", label->confidence);
    set_text(item, "Name", label->name);
    set_text(item, "ParentName", parent == NULL ? "" : parent);
    set_int(item, "TaxonomyLevel", taxonomy_level(label->name));
}

void
moderation_write_types(struct part part, const cJSON *types)
{
    struct part list = set_list(part, "ContentTypes"), item;
    const cJSON *type;

    cJSON_ArrayForEach(type, types)
    {
        double confidence = CONFIDENCE_USUAL;

        json_number(member_of(type, "Confidence"), &confidence);
        item = add_object(list);
        set_float(item, "Confidence", confidence);
        set_text(item, "Name", text_of(type, "Name"));
    }
}
