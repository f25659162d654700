/* The control API as OpenAPI 3.1, made from its tables. */
#ifndef SERVER_CONTROL_OPENAPI_H
#define SERVER_CONTROL_OPENAPI_H

#include <cjson/cJSON.h>

cJSON *control_openapi(void);

#endif
