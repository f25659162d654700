#include "arn.h"

#include <string.h>

/* Copies up to `end` and steps over it; false when it isn't there, is at once, or does not fit. */
static bool
take(const char **text, char end, char *out, size_t size)
{
    const char *stop = strchr(*text, end);
    size_t length = stop == NULL ? 0 : (size_t)(stop - *text);

    if (length == 0 || length >= size)
        return false;
    memcpy(out, *text, length);
    out[length] = '\0';
    *text = stop + 1;
    return true;
}

static bool
skip(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool
is_stamp(const char *text)
{
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* What follows "project/". */
static enum arn_kind
parse_resource(const char *text)
{
    char name[256], type[6];

    if (!take(&text, '/', name, sizeof name))
        return ARN_OTHER;
    if (is_stamp(text))
        return ARN_PROJECT;
    if (skip(&text, "version/"))
        return take(&text, '/', name, sizeof name) && is_stamp(text) ? ARN_PROJECT_VERSION
                                                                     : ARN_OTHER;
    if (skip(&text, "dataset/") && take(&text, '/', type, sizeof type) && is_stamp(text))
        return strcmp(type, "train") == 0 || strcmp(type, "test") == 0 ? ARN_DATASET : ARN_OTHER;
    return ARN_OTHER;
}

enum arn_kind
arn_parse(const char *arn, struct scope *scope)
{
    char partition[32];

    if (!skip(&arn, "arn:") || !take(&arn, ':', partition, sizeof partition) ||
        !skip(&arn, "rekognition:") || !take(&arn, ':', scope->region, sizeof scope->region) ||
        !take(&arn, ':', scope->account, sizeof scope->account) ||
        !account_is_valid(scope->account) || !skip(&arn, "project/"))
        return ARN_OTHER;
    return parse_resource(arn);
}

bool
account_is_valid(const char *account)
{
    return strlen(account) == 12 && strspn(account, "0123456789") == 12;
}

/* It goes into ARNs; anything that could not stand there is no region. */
bool
region_is_valid(const char *region)
{
    size_t length = strlen(region);

    return length > 0 && length < REGION_SIZE &&
           strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

const char *
arn_partition(const char *region)
{
    if (strncmp(region, "cn-", 3) == 0)
        return "aws-cn";
    return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}
