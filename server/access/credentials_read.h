/* What a file of credentials must look like. */
#ifndef SERVER_ACCESS_CREDENTIALS_READ_H
#define SERVER_ACCESS_CREDENTIALS_READ_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

/* If it does not, `why` names the place: "users[2].policies[0]: …". No value gets there. */
bool credentials_are_well_formed(const cJSON *, char *why, size_t size);

/* The same as JSON Schema. */
cJSON *credentials_schema(void);

#endif
