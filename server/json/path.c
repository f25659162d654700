#include "path.h"

#include <ctype.h>

void
path_add_name(struct text *text, const char *name)
{
    text_add_format(text, "%c%s", tolower((unsigned char)name[0]), name + 1);
}

void
path_add(struct text *text, const struct path *path)
{
    if (path->above != NULL) {
        path_add(text, path->above);
        text_add_string(text, ".");
    }
    if (path->member != NULL) {
        path_add_name(text, path->member);
    } else if (path->key != NULL) {
        text_add_string(text, path->key);
        text_add_string(text, ".member");
    } else {
        text_add_format(text, "%zu.member", path->index);
    }
}
