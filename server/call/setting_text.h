/* Settings as users write them: NAME=VALUE on the command line, members of a JSON object. */
#ifndef SERVER_CALL_SETTING_TEXT_H
#define SERVER_CALL_SETTING_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "../../state/setting.h"

/* False, with a line in `why`, when there is no such setting. */
bool setting_named(const char *name, enum setting *, char *why, size_t size);

/*
 * Reads a value: a duration as text, a count or number as a number or as text. False, and why,
 * when it is no good.
 */
bool setting_read(const char *name, const cJSON *item, enum setting *, struct setting_value *value,
    char *why, size_t size);

/* The same, of NAME=VALUE. */
bool setting_parse(const char *assignment, enum setting *, struct setting_value *value, char *why,
    size_t size);

/* Whether JSON has it as text, and not as a number. */
bool setting_is_text(enum setting);

/* A value, written as these read it. */
#define SETTING_TEXT_SIZE 72
void setting_print(enum setting, struct setting_value, char out[SETTING_TEXT_SIZE]);
cJSON *setting_json(enum setting, struct setting_value);

#endif
