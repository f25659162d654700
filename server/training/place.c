#include "place.h"

#include <string.h>

#include "../../state/resource/project_version.h"
#include "../../state/store.h"

static char *
append(char *to, const char *text, size_t length)
{
    memcpy(to, text, length);
    return to + length;
}

/* Put together by hand: describing a version asks for six of them. */
char *
version_object_key(struct store *store, const struct project_version *version, const char *kind)
{
    const char *prefix = version->output_prefix == NULL ? "" : version->output_prefix;
    const char *project = strstr(version->arn, ":project/") + strlen(":project/");
    size_t prefix_length = strlen(prefix), kind_length = strlen(kind);
    size_t project_length = strcspn(project, "/"), name_length = strlen(version->name);
    char *key = store_alloc(store,
        prefix_length + kind_length + project_length + name_length + sizeof "/--.json");
    char *to = append(key, prefix, prefix_length);

    if (prefix_length > 0)
        *to++ = '/';
    to = append(to, kind, kind_length);
    *to++ = '-';
    to = append(to, project, project_length);
    *to++ = '-';
    to = append(to, version->name, name_length);
    append(to, ".json", sizeof ".json");
    return key;
}
