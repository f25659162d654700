#include "rpc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../state/clock.h"
#include "../state/step.h"
#include "../state/store.h"
#include "call.h"
#include "caller.h"
#include "cors.h"
#include "http.h"
#include "log.h"
#include "model/json.h"
#include "model/model.h"
#include "model/validate.h"
#include "operation.h"
#include "server.h"

static const char content_type[] = "application/x-amz-json-1.1";

/* ---- admit: is it a call that the service would look at? ---------------- */

/*
 * Parameters after the media type are of no interest; the two others are what careless clients
 * send.
 */
static bool
is_json_1_1(const char *type)
{
    static const char *const accepted[] = { "application/x-amz-json-1.1",
        "application/x-amz-json-1.0", "application/json" };
    size_t length = type == NULL ? 0 : strcspn(type, "; \t");

    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
        if (strlen(accepted[i]) == length && strncasecmp(type, accepted[i], length) == 0)
            return true;
    return false;
}

static const struct operation *
find_target(const char *target)
{
    static const char prefix[] = "RekognitionService.";

    if (target == NULL || strncmp(target, prefix, sizeof prefix - 1) != 0)
        return NULL;
    return operation_find(target + sizeof prefix - 1);
}

/* The parser says no more than that it could not; the log does. */
static bool
unreadable(struct call *call, enum json_fault fault)
{
    call->error = SerializationException;
    call->rule = "JSON";
    call->found = json_fault_text(fault);
    return false;
}

static bool
misfit(struct call *call, enum fit fit, char *message)
{
    call->error = fit == WRONG_TYPE ? SerializationException : ValidationException;
    call->rule = fit == WRONG_TYPE ? "TYPES" : "CONSTRAINTS";
    call->evidence = OBSERVED;
    call->source = "recordings of this and of sister services";
    call->message = message;
    return false;
}

/*
 * The order was observed on a sister service: malformed JSON comes before an
 * unknown target, and that before an empty body.
 */
static bool
admit(struct call *call, const struct exchange *exchange)
{
    enum json_fault fault;
    char *message = NULL;
    enum fit fit;

    call->input = json_parse(exchange->body, exchange->length, &fault);
    if (call->input == NULL && fault != JSON_EMPTY)
        return unreadable(call, fault);
    call->operation = find_target(exchange_header(exchange, "X-Amz-Target"));
    if (call->operation == NULL) {
        call->error = UnknownOperationException;
        return false;
    }
    call->model = call->operation->model;
    if (call->input == NULL)
        return unreadable(call, fault);
    fit = validate(call->input, call->operation->model->input, &message);
    return fit == FITS || misfit(call, fit, message);
}

/* ---- perform: one step of the world ------------------------------------- */

static bool
not_served(struct call *call)
{
    fail(call, OperationNotServed, DOCUMENTED, PROGRAM "'s own",
        PROGRAM " " VERSION
                " does not serve %s. The operations it serves are listed in its README.",
        call->operation->name);
    call->rule = "NOT_SERVED";
    return false;
}

static bool
fetch(struct call *call)
{
    switch (call->operation->fetch) {
    case FETCH_PROJECT:
        return fetch_project(call, input_text(call, call->operation->member), &call->project);
    case FETCH_VERSION:
        return fetch_version(call, input_text(call, call->operation->member), &call->version);
    default:
        return true;
    }
}

static void
check_output(const struct call *call)
{
#ifndef NDEBUG
    char *why = NULL;

    if (!output_fits(call->output, call->operation->model->output, &why)) {
        fprintf(stderr, "%s answers what its model does not allow: %s\n", call->operation->name,
            why);
        abort();
    }
#else
    (void)call;
#endif
}

static void
perform(struct call *call)
{
    bool done;

    if (call->operation->handle == NULL) {
        not_served(call);
        return;
    }
    step_begin(call->store, call->operation->name);
    done = fetch(call) && call->operation->handle(call);
    /* Before anything else that it may say: what the handler read could be wrong. */
    if (!step_end(call->store, done))
        fail(call, InternalServerError, DOCUMENTED, "Error handling", "Internal server error");
    else if (done)
        check_output(call);
}

/* ---- answer ------------------------------------------------------------- */

static cJSON *
error_body(struct server *server, const struct call *call)
{
    const struct error_row *row = &error_rows[call->error];
    cJSON *body = cJSON_CreateObject();
    char logref[UUID_SIZE];

    set_text(body, "__type", row->name);
    if (row->form == FORM_SERVICE) {
        ids_uuid(store_ids(server->store), logref);
        set_text(body, "Code", row->name);
        set_text(body, "Logref", logref);
    }
    set_text(body, row->form == FORM_FRONT ? "message" : "Message", call->message);
    return body;
}

static void
answer(struct server *server, struct exchange *exchange, const struct call *call)
{
    struct reply reply = { .status = error_rows[call->error].status,
        .content_type = content_type,
        .headers = { { "x-amzn-RequestId", call->request_id } } };
    cJSON *error = call->error == NO_ERROR ? NULL : error_body(server, call);

    reply.body = cJSON_PrintBuffered(error == NULL ? call->output : error, 1024, false);
    cJSON_Delete(error);
    if (reply.body == NULL)
        abort();
    reply.length = strlen(reply.body);
    cors_allow(exchange, &reply);
    exchange_reply(exchange, reply);
}

static void
record(const struct call *call, int64_t begun_us)
{
    char why[640] = "";

    if (call->rule != NULL)
        snprintf(why, sizeof why, "%s%s%s", call->rule, call->found == NULL ? "" : ": ",
            call->found == NULL ? "" : call->found);
    log_call(&(struct call_line){ .request_id = call->request_id,
        .operation = call->operation == NULL ? "-" : call->operation->name,
        .account = call->scope.account,
        .region = call->scope.region,
        .status = error_rows[call->error].status,
        .error = error_rows[call->error].name,
        .why = why,
        .duration_us = (long)(clock_monotonic_us() - begun_us) });
}

/* ---- the road ----------------------------------------------------------- */

/*
 * "POST with unsupported or absent Content-Type": observed on sister services, as XML and without
 * a content type.
 */
static void
refuse_content_type(struct exchange *exchange)
{
    static const char body[] = "<UnknownOperationException/>\n";

    exchange_reply(exchange,
        (struct reply){ .status = 404, .fixed = body, .length = sizeof body - 1 });
}

void
rpc_serve(struct server *server, struct exchange *exchange)
{
    int64_t begun_us = clock_monotonic_us();
    struct caller caller = caller_of(server, exchange);
    struct call call = { .store = server->store,
        .scope = caller.scope,
        .access_key_id = caller.access_key_id };

    if (!is_json_1_1(exchange_header(exchange, "Content-Type"))) {
        refuse_content_type(exchange);
        return;
    }
    call.output = cJSON_CreateObject();
    ids_uuid(store_ids(server->store), call.request_id);
    if (admit(&call, exchange))
        perform(&call);
    record(&call, begun_us);
    answer(server, exchange, &call);
    cJSON_Delete(call.input);
    cJSON_Delete(call.output);
    free(call.message);
}

void
rpc_refuse(struct server *server, struct exchange *exchange, unsigned status, const char *why)
{
    static const char body[] = "{\"__type\":\"SerializationException\"}";
    char request_id[UUID_SIZE];
    struct reply reply = { .status = status, .headers = { { "x-amzn-RequestId", request_id } } };

    log_line("%u %s", status, why);
    ids_uuid(store_ids(server->store), request_id);
    if (status != 413) {
        reply.content_type = content_type;
        reply.fixed = body;
        reply.length = sizeof body - 1;
    }
    exchange_reply(exchange, reply);
}
