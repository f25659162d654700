#include "fetch.h"

#include <string.h>

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

    arn_parse(arn, &scope);
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

bool
fetch_project(struct call *call, const char *arn, struct project *project)
{
    return is_callers(call, arn) && granted(call, project_find(call->store, arn, project));
}

bool
fetch_version(struct call *call, const char *arn, struct project_version *version)
{
    return is_callers(call, arn) && granted(call, project_version_find(call->store, arn, version));
}

bool
fetch_dataset(struct call *call, const char *arn, struct dataset *dataset)
{
    return is_callers(call, arn) && granted(call, dataset_find(call->store, arn, dataset));
}

bool
fetch(struct call *call)
{
    const char *arn = input_text(call, call->operation->member);
    void *room;

    switch (call->operation->fetch) {
    case FETCH_PROJECT:
        call->fetched = room = store_alloc(call->store, sizeof(struct project));
        return fetch_project(call, arn, room);
    case FETCH_VERSION:
        call->fetched = room = store_alloc(call->store, sizeof(struct project_version));
        return fetch_version(call, arn, room);
    case FETCH_DATASET:
        call->fetched = room = store_alloc(call->store, sizeof(struct dataset));
        return fetch_dataset(call, arn, room);
    default:
        return true;
    }
}
