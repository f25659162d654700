/* Parts of answers that were declared as trees: written as the shapes of the model have them, member by member. */
#ifndef SERVER_SCENE_SHAPED_H
#define SERVER_SCENE_SHAPED_H

#include <cjson/cJSON.h>

#include "../json/write.h"
#include "../model/model.h"

/* A value that is absent (NULL) leaves the member out. */
void set_shaped(struct part, const char *member, const cJSON *value, const struct shape *);

/* The members of a structure, into an object. */
void set_members_shaped(struct part, const cJSON *object, const struct shape *);

/* The shape of a member of a structure. */
const struct shape *shape_of_member(const struct shape *, const char *member);

#endif
