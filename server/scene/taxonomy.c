#include "taxonomy.h"

#include <string.h>

#include "../../state/base/array.h"

static const struct moderation {
    const char *name, *parent;
} moderations[] = {
#define MODERATION(name, parent) { name, parent },
#include "taxonomy.def"
#undef MODERATION
};

const char *
taxonomy_name(size_t place)
{
    return place < COUNT(moderations) ? moderations[place].name : NULL;
}

const char *
taxonomy_parent(const char *name)
{
    for (size_t i = 0; i < COUNT(moderations); i++)
        if (strcmp(moderations[i].name, name) == 0)
            return moderations[i].parent;
    return NULL;
}

int
taxonomy_level(const char *name)
{
    int level = 0;

    do {
        level++;
        name = taxonomy_parent(name);
    } while (name != NULL && *name != '\0');
    return level;
}
