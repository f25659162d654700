/* What DescribeProjectVersions tells of a version: which members, in which state. */
#ifndef SERVER_CALL_VERSION_TEXT_H
#define SERVER_CALL_VERSION_TEXT_H

#include <cjson/cJSON.h>

struct call;
struct project_version;

/* Of a version of call->project. The caller owns it. */
cJSON *version_description(struct call *, const struct project_version *);

#endif
