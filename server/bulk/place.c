#include "place.h"

#include <string.h>

#include "../../state/store.h"
#include "../json/tree.h"

const cJSON *
bulk_manifest(const cJSON *request)
{
    return member_of(member_of(request, "Input"), "S3Object");
}

const cJSON *
bulk_config(const cJSON *request)
{
    return member_of(member_of(request, "OperationsConfig"), "DetectModerationLabels");
}

const char *
bulk_wrong(const cJSON *request)
{
    const cJSON *manifest = bulk_manifest(request);

    if (bulk_config(request) == NULL)
        return "OperationsConfig names no operation";
    if (text_of(manifest, "Bucket") == NULL || text_of(manifest, "Name") == NULL)
        return "the manifest has no Bucket or no Name";
    return NULL;
}

static const cJSON *
output_of(const cJSON *request)
{
    return member_of(request, "OutputConfig");
}

const char *
bulk_bucket(const cJSON *request)
{
    return text_of(output_of(request), "S3Bucket");
}

const char *
bulk_key(struct store *store, const cJSON *request, const char *job_id, enum bulk_file file)
{
    static const char *const ends[BULK_FILES] = { [BULK_RESULTS] = "results.jsonl",
        [BULK_SUMMARY] = "manifest-summary.json" };
    const char *prefix = text_of(output_of(request), "S3KeyPrefix");
    size_t length = prefix == NULL ? 0 : strlen(prefix);
    bool ended = length == 0 || prefix[length - 1] == '/';

    return store_format(store, "%s%s%s-%s", length == 0 ? "" : prefix, ended ? "" : "/", job_id,
        ends[file]);
}

/* ---- keys of KMS -------------------------------------------------------- */

static bool
begins(const char **text, const char *with)
{
    size_t length = strlen(with);

    if (strncmp(*text, with, length) != 0)
        return false;
    *text += length;
    return true;
}

/* "1234abcd-12ab-34cd-56ef-1234567890ab", or of several regions "mrk-" and 32 digits. */
static bool
is_key_id(const char *text)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    static const size_t groups[] = { 8, 4, 4, 4, 12 };

    if (begins(&text, "mrk-"))
        return strspn(text, digits) == 32 && text[32] == '\0';
    for (size_t i = 0; i < 5; i++) {
        if (strspn(text, digits) != groups[i])
            return false;
        text += groups[i];
        if (*text++ != (i < 4 ? '-' : '\0'))
            return false;
    }
    return true;
}

static bool
is_key_or_alias(const char *text)
{
    return begins(&text, "alias/") ? *text != '\0' : is_key_id(text);
}

/* AWS KMS Developer Guide, Key identifiers: ids, aliases, and ARNs of both. */
bool
bulk_key_is_of(const cJSON *request, const char *region)
{
    const char *key = text_of(request, "KmsKeyId");
    size_t account;

    if (key == NULL || !begins(&key, "arn:"))
        return key == NULL || is_key_or_alias(key);
    key += strcspn(key, ":");
    if (!begins(&key, ":kms:") || !begins(&key, region) || !begins(&key, ":"))
        return false;
    account = strspn(key, "0123456789");
    key += account;
    if (account != 12 || !begins(&key, ":"))
        return false;
    return begins(&key, "key/") ? is_key_id(key) : is_key_or_alias(key) && *key == 'a';
}
