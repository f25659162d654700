#include "name.h"

#include <string.h>

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool
name_is_bucket(const char *name)
{
    size_t length = strlen(name);

    return length >= 3 && length <= 255 && strspn(name, ALNUM "._-") == length &&
           strchr(ALNUM, name[0]) != NULL;
}

bool
name_is_key(const char *name)
{
    size_t length = strlen(name);

    return length >= 1 && length <= 1024;
}

bool
name_is_path(const char *key)
{
    for (const char *part = key;; part++) {
        size_t length = strcspn(part, "/");

        if (length == 0 || (length <= 2 && strspn(part, ".") == length))
            return false;
        part += length;
        if (*part == '\0')
            return true;
    }
}
