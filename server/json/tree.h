/* Trees of JSON, member by member. Memory that runs out ends the program. */
#ifndef SERVER_JSON_TREE_H
#define SERVER_JSON_TREE_H

#include <stdint.h>

#include <cjson/cJSON.h>

/* NULL where there is no such member, or no text. */
const cJSON *member_of(const cJSON *object, const char *member);
const char *text_of(const cJSON *object, const char *member);

/* A value that is absent (NULL) leaves the member out; `member` must outlive the object. */
void tree_set_text(cJSON *object, const char *member, const char *value);
void tree_set_int(cJSON *object, const char *member, int64_t value);
void tree_set_shortest(cJSON *object, const char *member, double value); /* the fewest digits */
void tree_set_json(cJSON *object, const char *member, const char *json);
cJSON *tree_set_object(cJSON *object, const char *member); /* the object's, like the next */
cJSON *tree_set_list(cJSON *object, const char *member);

cJSON *tree_append_object(cJSON *list); /* the list's */

#endif
