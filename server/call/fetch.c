#include "fetch.h"

#include <string.h>

#include "../../state/lifecycle.h"
#include "../../state/store.h"
#include "call.h"
#include "../model/model.h"
#include "operation.h"
#include "permit.h"

/*
 * Whether `arn` lies in the caller's account and region; false, and the call has failed, when not.
 */
static bool
is_callers(struct call *call, const char *arn)
{
    struct scope scope = { "", "" };

    arn_read(arn, &scope);
    if (strcmp(scope.account, call->scope.account) != 0) {
        fail(call, AccessDeniedException, GUESSED,
            "no policy of the resource speaks for the caller; the text is that of Error handling",
            "User: %s is not authorized to perform: rekognition:%s on resource: %s",
            caller_arn(call), call->model->name, arn);
        call->rule = "OTHER_ACCOUNT";
        call->found = store_format(call->store, "it is of account %s, the caller's is %s",
            scope.account, call->scope.account);
        return false;
    }
    if (strcmp(scope.region, call->scope.region) != 0)
        return granted(call,
            refuse(call->store, RESULT_NOT_FOUND, "it is of region %s, the caller's is %s",
                scope.region, call->scope.region));
    return true;
}

/* Why a call is refused where there is none. */
static enum result
rule_of(enum resource resource)
{
    static const enum result missing[RESOURCE_COUNT] = {
#define MISSING(name, rule) [RESOURCE_##name] = RESULT_##rule,
#include "../../state/resources.def"
    };

    return missing[resource] == RESULT_OK ? RESULT_NOT_FOUND : missing[resource];
}

const void *
fetch_resource(struct call *call, enum resource resource, const char *key)
{
    const void *row;

    call->asked = key;
    if (resource_is_known_by_arn(resource) && !is_callers(call, key))
        return NULL;
    row = resource_fetch(call->store, resource, &call->scope, key);
    if (row == NULL)
        granted(call, rule_of(resource));
    return row;
}

bool
fetch_by_arn(struct call *call, enum resource resource, const char *arn)
{
    call->asked = arn;
    return is_callers(call, arn) && granted(call, lifecycle_finds(call->store, resource, arn));
}

bool
fetch(struct call *call)
{
    const struct operation *operation = call->operation;

    if (operation->fetch == RESOURCE_NONE)
        return true;
    call->fetched = fetch_resource(call, operation->fetch, input_text(call, operation->member));
    return call->fetched != NULL;
}
