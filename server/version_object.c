#include "version_object.h"

#include <string.h>

#include "../state/project_version.h"
#include "../state/store.h"

char *
version_object_key(struct store *store, const struct project_version *version, const char *kind)
{
    const char *prefix = version->output_prefix == NULL ? "" : version->output_prefix;
    const char *project = strstr(version->arn, ":project/") + strlen(":project/");

    return store_format(store, "%s%s%s-%.*s-%s.json", prefix, *prefix == '\0' ? "" : "/", kind,
        (int)strcspn(project, "/"), project, version->name);
}
