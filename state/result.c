#include "result.h"

#include <stdarg.h>
#include <stdio.h>

#include "store.h"

static void
set_found(struct store *store, const char *found, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, found, args);
    store_set_found(store, store_keep(store, text));
}

enum result
refuse(struct store *store, enum result rule, const char *found, ...)
{
    va_list args;

    va_start(args, found);
    set_found(store, found, args);
    va_end(args);
    return rule;
}

enum result
refuse_limit(struct store *store, enum result rule, enum setting setting, const char *found, ...)
{
    va_list args;

    va_start(args, found);
    set_found(store, found, args);
    va_end(args);
    store_set_limit(store, setting_rows[setting].name, setting_number(store, setting));
    return rule;
}
