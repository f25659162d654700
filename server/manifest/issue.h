/* What can be wrong with a line of a manifest: the rows of issues.def. */
#ifndef SERVER_MANIFEST_ISSUE_H
#define SERVER_MANIFEST_ISSUE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

enum manifest_issue {
#define ISSUE(code, message, stage, first) code,
#include "issues.def"
#undef ISSUE
    MANIFEST_ISSUE_COUNT
};

enum manifest_stage { STAGE_DROPPED, STAGE_DATASET, STAGE_TRAINING, STAGE_IMAGE };

struct manifest_issue_row {
    const char *code, *message;
    enum manifest_stage stage;
    bool first;
};

extern const struct manifest_issue_row manifest_issues[MANIFEST_ISSUE_COUNT];

/* Adds the issue to a list, as manifests have it. `attribute` is named by some messages. */
void manifest_issue_add(cJSON *list, enum manifest_issue, const char *attribute);

#endif
