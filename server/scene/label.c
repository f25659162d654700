#include "label.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "shaped.h"

/* What a label is sure to be where nobody declared it; a guess. */
#define CONFIDENCE_USUAL 99

/* ---- labels ------------------------------------------------------------- */

static double
confidence_of(const cJSON *item)
{
    double confidence = CONFIDENCE_USUAL;

    json_number(member_of(item, "Confidence"), &confidence);
    return confidence;
}

static struct label *
find(struct labels *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (strcmp(labels->labels[i].name, name) == 0)
            return &labels->labels[i];
    return NULL;
}

/*
 * Developer Guide, Detecting labels: "the response includes all ancestors", each a label of its own: of Car its parent
 * Vehicle and its grandparent Transportation, in this order. They are as sure as the surest below them.
 */
static void
add_ancestors(struct labels *labels, const cJSON *item)
{
    const cJSON *parent;

    cJSON_ArrayForEach(parent, member_of(item, "Parents"))
    {
        const char *name = text_of(parent, "Name");
        struct label *known = name == NULL ? NULL : find(labels, name);

        if (known == NULL && name != NULL)
            labels->labels[labels->count++] = (struct label){ .name = name,
                .confidence = confidence_of(item),
                .item = item,
                .above = parent->next };
        else if (known != NULL && !known->is_declared && known->confidence < confidence_of(item))
            known->confidence = confidence_of(item);
    }
}

static size_t
count_all(const cJSON *declared)
{
    size_t count = 1;
    const cJSON *item;

    cJSON_ArrayForEach(item, declared) count +=
        1 + (size_t)cJSON_GetArraySize(member_of(item, "Parents"));
    return count;
}

static int
compare(const void *one, const void *two)
{
    const struct label *a = one, *b = two;

    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (a->is_declared != b->is_declared)
        return a->is_declared ? -1 : 1;
    return strcmp(a->name, b->name);
}

struct labels
labels_of(struct store *store, const cJSON *declared)
{
    const cJSON *item;
    struct labels labels = {
        .labels = store_alloc(store, count_all(declared) * sizeof(struct label)),
    };

    cJSON_ArrayForEach(item, declared) labels.labels[labels.count++] =
        (struct label){ .name = text_of(item, "Name"),
            .confidence = confidence_of(item),
            .item = item,
            .is_declared = true };
    cJSON_ArrayForEach(item, declared) add_ancestors(&labels, item);
    if (labels.count > 0)
        qsort(labels.labels, labels.count, sizeof *labels.labels, compare);
    return labels;
}

/* ---- filters ------------------------------------------------------------ */

static bool
names(const cJSON *filter, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, filter) if (strcmp(item->valuestring, name) == 0) return true;
    return false;
}

static bool
names_category(const cJSON *filter, const struct label *label)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, member_of(label->item, "Categories"))
    {
        const char *name = text_of(item, "Name");

        if (name != NULL && names(filter, name))
            return true;
    }
    return false;
}

/*
 * Developer Guide, Detecting labels: inclusion filters first, by name or category, then exclusion filters. Names are
 * exact. That either inclusion will do where both are given is a guess.
 */
static bool
passes(const cJSON *settings, const struct label *label)
{
    const cJSON *names_in = member_of(settings, "LabelInclusionFilters");
    const cJSON *categories_in = member_of(settings, "LabelCategoryInclusionFilters");
    bool any_in = cJSON_GetArraySize(names_in) + cJSON_GetArraySize(categories_in) > 0;

    if (any_in && !names(names_in, label->name) && !names_category(categories_in, label))
        return false;
    return !names(member_of(settings, "LabelExclusionFilters"), label->name) &&
           !names_category(member_of(settings, "LabelCategoryExclusionFilters"), label);
}

bool
label_passes(const struct label *label, double least, const cJSON *settings)
{
    return (float)label->confidence >= (float)least && passes(settings, label);
}

/* ---- writing ------------------------------------------------------------ */

void
label_write_colors(struct part part, const cJSON *colors, int64_t most)
{
    struct part list = set_list(part, "DominantColors");
    const cJSON *item = colors == NULL ? NULL : colors->child;

    for (; item != NULL && most > 0; item = item->next, most--)
        set_members_shaped(add_object(list), item, &shape_DominantColor);
}

static void
write_instances(struct part part, const struct label *label, int64_t colors)
{
    struct part list = set_list(part, "Instances"), item;
    const cJSON *instance;

    if (!label->is_declared)
        return;
    cJSON_ArrayForEach(instance, member_of(label->item, "Instances"))
    {
        item = add_object(list);
        set_shaped(item, "BoundingBox", member_of(instance, "BoundingBox"), &shape_BoundingBox);
        set_float(item, "Confidence",
            member_of(instance, "Confidence") == NULL ? label->confidence
                                                      : confidence_of(instance));
        if (colors >= 0 && member_of(instance, "DominantColors") != NULL)
            label_write_colors(item, member_of(instance, "DominantColors"), colors);
    }
}

static void
write_names(struct part part, const char *member, const cJSON *item)
{
    struct part list = set_list(part, member);

    for (; item != NULL; item = item->next)
        set_text(add_object(list), "Name", text_of(item, "Name"));
}

static const cJSON *
first_of(const cJSON *item, const char *list)
{
    const cJSON *found = member_of(item, list);

    return found == NULL ? NULL : found->child;
}

static void
write_kin(struct part item, const struct label *label)
{
    write_names(item, "Parents",
        label->is_declared ? first_of(label->item, "Parents") : label->above);
    write_names(item, "Aliases", label->is_declared ? first_of(label->item, "Aliases") : NULL);
    write_names(item, "Categories", first_of(label->item, "Categories"));
}

void
label_write(struct part item, const struct label *label, int64_t colors)
{
    set_text(item, "Name", label->name);
    set_float(item, "Confidence", label->confidence);
    write_instances(item, label, colors);
    write_kin(item, label);
}

void
label_write_bare(struct part item, const struct label *label)
{
    set_text(item, "Name", label->name);
    set_float(item, "Confidence", label->confidence);
    write_kin(item, label);
}
