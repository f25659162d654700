#include "issue.h"

#include <stdio.h>

#include "../../state/base/memory.h"

const struct manifest_issue_row manifest_issues[MANIFEST_ISSUE_COUNT] = {
#define ISSUE(code, message, stage, first) { #code, message, STAGE_##stage, first },
#include "issues.def"
#undef ISSUE
};

void
manifest_issue_add(cJSON *list, enum manifest_issue issue, const char *attribute)
{
    cJSON *item = memory_made(cJSON_CreateObject());
    char message[512];

    snprintf(message, sizeof message, manifest_issues[issue].message, attribute);
    memory_made(cJSON_AddStringToObject(item, "code", manifest_issues[issue].code));
    memory_made(cJSON_AddStringToObject(item, "message", message));
    cJSON_AddItemToArray(list, item);
}
