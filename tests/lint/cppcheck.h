/* The macros of libraries that cppcheck has to know, in the simplest form; it does not read their headers. */
#define cJSON_ArrayForEach(item, list) \
    for ((item) = (list)->child; (item) != NULL; (item) = (item)->next)
