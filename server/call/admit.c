#include "admit.h"

#include <stdio.h>
#include <string.h>

#include "../http/http.h"
#include "../json/json.h"
#include "../json/text.h"
#include "../model/model.h"
#include "../model/validate.h"
#include "authenticate.h"
#include "call.h"
#include "near.h"
#include "operation.h"

#define TARGET_PREFIX "RekognitionService."

const struct operation *
admit_target(const struct exchange *exchange)
{
    const char *target = exchange_header(exchange, "X-Amz-Target");

    if (target == NULL || strncmp(target, TARGET_PREFIX, strlen(TARGET_PREFIX)) != 0)
        return NULL;
    return operation_find(target + strlen(TARGET_PREFIX));
}

/* The parser says no more than that it could not; log and journal do. */
static bool
unreadable(struct call *call, enum json_fault fault)
{
    call->error = SerializationException;
    call->rule = "JSON";
    call->found = json_fault_text(fault);
    call->evidence = OBSERVED;
    call->source = "recordings of sister services";
    return false;
}

static bool
misfit(struct call *call, enum fit fit)
{
    call->error = fit == WRONG_TYPE ? SerializationException : ValidationException;
    call->rule = fit == WRONG_TYPE ? "TYPES" : "CONSTRAINTS";
    call->found = "the input does not fit the operation's shape";
    call->evidence = OBSERVED;
    call->source = "recordings of this and of sister services";
    call->message = call->findings.message;
    call->findings.message = NULL;
    return false;
}

/* Says so, and what may have been meant. */
static bool
unknown_target(struct call *call, const char *target)
{
    const char *name = target == NULL ? NULL : strrchr(target, '.');
    const char *meant = name == NULL ? NULL : near_name(name + 1, operation_name);

    if (target == NULL)
        snprintf(call->words, sizeof call->words, "there is no X-Amz-Target");
    else
        snprintf(call->words, sizeof call->words, "X-Amz-Target is %.200s; %s" TARGET_PREFIX "%s",
            target, meant == NULL ? "it would begin with " : "the nearest is ",
            meant == NULL ? "" : meant);
    text_mend(call->words);
    call->error = UnknownOperationException;
    call->rule = "TARGET";
    call->found = call->words;
    call->evidence = OBSERVED;
    call->source = "recordings of sister services";
    return false;
}

/*
 * The order was observed on a sister service: malformed JSON comes before an
 * unknown target, and that before an empty body.
 */
bool
admit(struct call *call, const struct server *server, const struct exchange *exchange)
{
    enum json_fault fault;
    enum fit fit;

    call->input = json_parse(exchange->body, exchange->length, &fault);
    if (call->input != NULL)
        call->sent = exchange->body;

    if (fault != JSON_FINE && fault != JSON_EMPTY)
        return unreadable(call, fault);

    call->operation = admit_target(exchange);
    if (call->operation == NULL)
        return unknown_target(call, exchange_header(exchange, "X-Amz-Target"));
    call->model = call->operation->model;

    if (fault == JSON_EMPTY)
        return unreadable(call, fault);

    if (!authenticate(call, server, exchange))
        return false;

    fit = validate(call->input, call->operation->model->input, &call->findings);
    if (fit != FITS)
        return misfit(call, fit);

    return true;
}
