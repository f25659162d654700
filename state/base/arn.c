#include "arn.h"

#include <string.h>

/* The longest name that any resource has. */
#define NAME_MAX_LENGTH 255

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

const char *
arn_read(const char *arn, struct scope *scope)
{
    char partition[32];

    return skip(&arn, "arn:") && take(&arn, ':', partition, sizeof partition) &&
                   skip(&arn, "rekognition:") &&
                   take(&arn, ':', scope->region, sizeof scope->region) &&
                   take(&arn, ':', scope->account, sizeof scope->account) &&
                   account_is_valid(scope->account)
               ? arn
               : NULL;
}

/* Whether one of the words, which are told apart by "|", is this one. */
static bool
is_one_of(const char *word, size_t length, const char *words, size_t words_length)
{
    for (const char *end = words + words_length; words < end; words++) {
        size_t next = 0;

        while (words + next < end && words[next] != '|')
            next++;
        if (next == length && memcmp(word, words, length) == 0)
            return true;
        words += next;
    }
    return false;
}

/* From one "/" to the next. */
static bool
fits_between(const char *word, size_t length, const char *pattern, size_t pattern_length)
{
    if (length == 0 || length > NAME_MAX_LENGTH)
        return false;
    if (pattern_length == 1 && *pattern == '+')
        return true;
    if (pattern_length == 1 && *pattern == '#')
        return strspn(word, "0123456789") >= length;
    return is_one_of(word, length, pattern, pattern_length);
}

bool
arn_fits(const char *part, const char *pattern)
{
    for (;;) {
        size_t length = strcspn(part, "/"), wanted = strcspn(pattern, "/");

        if (!fits_between(part, length, pattern, wanted))
            return false;
        part += length;
        pattern += wanted;
        if (*part == '\0' || *pattern == '\0')
            return *part == *pattern;
        part++;
        pattern++;
    }
}

bool
arn_shows_local(const char *text)
{
    struct scope scope;

    while ((text = strstr(text, "arn:")) != NULL) {
        const char *rest = arn_read(text, &scope);

        if (rest != NULL && skip(&rest, "local/"))
            return true;
        text += strlen("arn:");
    }
    return false;
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
    size_t length = 0;

    while ((region[length] >= 'a' && region[length] <= 'z') ||
           (region[length] >= '0' && region[length] <= '9') || region[length] == '-')
        length++;
    return length > 0 && length < REGION_SIZE && region[length] == '\0';
}

const char *
arn_partition(const char *region)
{
    if (strncmp(region, "cn-", 3) == 0)
        return "aws-cn";
    return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}
