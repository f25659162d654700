/* What DescribeProjectVersions tells of a version: which members, in which state. */
#ifndef SERVER_CALL_VERSION_TEXT_H
#define SERVER_CALL_VERSION_TEXT_H

#include "../json/write.h"

struct call;
struct project_version;

/* Writes the members of its description. */
void version_describe(struct call *, struct part description, const struct project_version *);

#endif
