#include "result.h"

#include <stdarg.h>
#include <stdio.h>

#include "store.h"

enum result
refuse(struct store *store, enum result rule, const char *found, ...)
{
    char text[512];
    va_list args;

    va_start(args, found);
    vsnprintf(text, sizeof text, found, args);
    va_end(args);
    store_set_found(store, store_keep(store, text));
    return rule;
}
