#include "paging.h"

#include "../../state/store.h"
#include "call.h"
#include "operation.h"
#include "../model/model.h"
#include "../json/tree.h"

/* A token goes with the same question asked again; only its page size may differ. */
static const char *
name_of_list(struct call *call)
{
    cJSON *filters = cJSON_Duplicate(call->input, true);
    char *text;
    const char *name;

    cJSON_DeleteItemFromObjectCaseSensitive(filters, "NextToken");
    cJSON_DeleteItemFromObjectCaseSensitive(filters, "MaxResults");
    text = cJSON_PrintUnformatted(filters);
    name = store_format(call->store, "%s %s %s %s", call->model->name, call->scope.account,
        call->scope.region, text);
    cJSON_free(text);
    cJSON_Delete(filters);
    return name;
}

bool
paging_open(struct call *call, struct paging *paging)
{
    const char *token = input_text(call, "NextToken");
    bool first = token == NULL || *token == '\0';

    *paging = (struct paging){ .page.size = input_int(call, "MaxResults", 0) };
    if (paging->page.size ==
        0) /* some lists allow it: a guess that it is as if nothing were said */
        paging->page.size = call->operation->page;
    return granted(call,
        page_open(call->store, first ? NULL : name_of_list(call), token, &paging->page));
}

void
paging_close(struct call *call, const struct paging *paging, int64_t age, int64_t id)
{
    if (paging->page.more)
        set_text(call->output, "NextToken", page_token(call->store, name_of_list(call), age, id));
}

void
paging_close_text(struct call *call, const struct paging *paging, const char *after)
{
    if (paging->page.more)
        set_text(call->output, "NextToken",
            page_token_of_text(call->store, name_of_list(call), after));
}
