/* The adapter that a call wants content moderation to use. */
#ifndef SERVER_CALL_ADAPTER_H
#define SERVER_CALL_ADAPTER_H

#include <stdbool.h>

struct call;
struct project_version;

/* The one with this ARN; NULL in `*used` for a NULL one, and for one that is not used. False, and the call has failed,
 * when there is none, or it does not serve. */
bool adapter_fetch(struct call *, const char *arn, const struct project_version **used);

#endif
