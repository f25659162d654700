#include "closed.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/setting.h"
#include "call.h"
#include "../model/model.h"
#include "permit.h"

static const struct closed {
    const char *operation;
    enum evidence evidence;
    const char *source;
} all_closed[] = {
#define CLOSED(operation, evidence, source) { #operation, evidence, source },
#include "closed.def"
#undef CLOSED
};

/* That it is refused is documented; the text is that of every other denial. */
static bool
refuse_closed(struct call *call, const struct closed *closed)
{
    fail(call, AccessDeniedException, closed->evidence, closed->source,
        "User: %s is not authorized to perform: rekognition:%s", caller_arn(call),
        call->model->name);
    call->rule = "CLOSED";
    call->found = "closed.features is 1";
    return false;
}

bool
closed_lets_pass(struct call *call)
{
    if (setting_int(call->store, SETTING_CLOSED_FEATURES) == 0)
        return true;
    for (size_t i = 0; i < COUNT(all_closed); i++)
        if (strcmp(all_closed[i].operation, call->model->name) == 0)
            return refuse_closed(call, &all_closed[i]);
    return true;
}
