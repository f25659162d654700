#include "findings.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"

void
manifest_note(struct manifest *m, cJSON *part, enum manifest_issue issue, const char *attribute)
{
    cJSON *list = m->errors;

    if (cJSON_IsObject(part)) {
        list = cJSON_GetObjectItemCaseSensitive(part, "cl-errors");
        if (list == NULL)
            list = memory_made(cJSON_AddArrayToObject(part, "cl-errors"));
        m->marked = true;
    } else if (list == NULL) {
        list = m->errors = memory_made(cJSON_CreateArray());
    }
    manifest_issue_add(list, issue, attribute);
    m->line.has_errors = true;
    m->stopped |= manifest_issues[issue].first;
}

static struct manifest_label *
label_named(struct manifest *m, const char *name)
{
    for (size_t i = 0; i < m->line.label_count; i++)
        if (strcmp(m->labels[i].name, name) == 0)
            return &m->labels[i];
    m->labels = array_room(m->labels, m->line.label_count, &m->label_capacity, sizeof *m->labels);
    m->labels[m->line.label_count] = (struct manifest_label){ .name = name };
    return &m->labels[m->line.label_count++];
}

void
manifest_add_label(struct manifest *m, const char *name, double confidence)
{
    label_named(m, name)->confidence = confidence;
}

void
manifest_add_box(struct manifest *m, const struct manifest_box *box)
{
    label_named(m, box->label)->boxes++;
    m->boxes = array_room(m->boxes, m->line.box_count, &m->box_capacity, sizeof *m->boxes);
    m->boxes[m->line.box_count++] = *box;
}
