#include "rpc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../state/base/arn.h"
#include "../state/clock.h"
#include "../state/history.h"
#include "../state/setting.h"
#include "../state/step.h"
#include "../state/store.h"
#include "access/credentials.h"
#include "call/admit.h"
#include "call/call.h"
#include "call/closed.h"
#include "call/caller.h"
#include "call/explain.h"
#include "call/fault.h"
#include "call/fetch.h"
#include "call/gather.h"
#include "call/hold.h"
#include "http/http.h"
#include "record/journal.h"
#include "record/log.h"
#include "record/metrics.h"
#include "record/tally.h"
#include "json/json.h"
#include "model/model.h"
#include "json/text.h"
#include "call/permit.h"
#include "call/operation.h"
#include "call/server.h"
#include "call/shown.h"
#include "call/sight.h"
#include "http/program.h"

static const char content_type[] = "application/x-amz-json-1.1";

/* ---- perform: one step of the world ------------------------------------- */

/* What was written is read again, and held against the model. */
static void
check_output(const struct call *call)
{
#ifndef NDEBUG
    const struct text *text = &call->answer.text;
    enum json_fault fault;
    cJSON *output = json_parse(text->bytes, text->length, &fault);
    char *why = NULL;

    if (output == NULL || !output_fits(output, call->operation->model->output, &why)) {
        fprintf(stderr, "%s answers what its model does not allow: %s\n%s\n", call->operation->name,
            output == NULL ? json_fault_text(fault) : why, text->bytes);
        abort();
    }
    cJSON_Delete(output);
#else
    (void)call;
#endif
}

/* What only reads leaves no trace in the world, but where a script counts what it answers. */
static void
check_reading(const struct call *call, int64_t mark)
{
    assert(!call->operation->reads || sight_was_scripted(call) || step_mark(call->store) == mark);
    (void)call, (void)mark;
}

/* Each in turn may refuse the call. One that was held has met its fault before, and was let pass. */
static bool
perform(struct call *call, struct strike *strike)
{
    int64_t mark;
    bool done;

    if (!call->held && (!permitted(call) || !closed_lets_pass(call)))
        return false;

    if (!call->held && !fault_lets_pass(call, strike))
        return false;

    if (!fetch(call) || !sight_lets_pass(call))
        return false;

    mark = step_mark(call->store);
    done = call->operation->handle(call);
    check_reading(call, mark);
    return done;
}

static void
fail_with_store(struct call *call, struct strike *strike)
{
    call->in_progress = NULL;
    *strike = (struct strike){ .delay_ms = 0 };
    call->status = 0;
    call->fault = 0;
    fail(call, InternalServerError, DOCUMENTED, "Error handling", "Internal server error");
    call->rule = "STORE";
    call->found = "the database failed: see the log";
}

/*
 * What is copied from another account may have a clock of its own there: it is as that clock has it
 * now. The copy lives by the caller's, whose project it is copied into.
 */
static void
fire_source(struct call *call)
{
    struct scope scope = call->scope;

    if (strcmp(call->operation->name, "CopyProjectVersion") != 0)
        return;
    arn_read(input_text(call, "SourceProjectVersionArn"), &scope);
    if (strcmp(scope.account, call->scope.account) != 0)
        step_fire(call->store, scope.account);
}

/*
 * Every call is a step, also one that was not admitted: it has its moment, and is recorded. False when
 * the database failed.
 */
static bool
take_step(struct server *server, struct call *call, bool admitted, struct strike *strike)
{
    bool done, kept;

    if (admitted)
        fire_source(call);
    step_begin_shared(call->store, call->operation == NULL ? "call" : call->operation->name,
        call->scope.account);
    call->at_ms = store_now(call->store);
    call->moves = history_last(call->store);
    journal_bound(server->journal, setting_int(call->store, SETTING_JOURNAL_SIZE),
        setting_int(call->store, SETTING_JOURNAL_BYTES));
    call->reveals = setting_int(call->store, SETTING_EXPLAIN_HEADER) != 0;
    done = admitted && perform(call, strike);
    written_end(&call->answer);
    if (call->in_progress != NULL) {
        call->hold_ms = setting_int(call->store, SETTING_DESCRIBE_HOLD);
        call->waiter_hold_ms = setting_int(call->store, SETTING_DESCRIBE_HOLD_WAITERS);
    }
    /* Before anything else that it may say: what the handler read could be wrong. */
    kept = step_end_shared(call->store, done);
    if (!kept && admitted)
        fail_with_store(call, strike);
    else if (done)
        check_output(call);
    return kept;
}

/* ---- answer ------------------------------------------------------------- */

static void
write_error(struct server *server, struct call *call)
{
    const struct error_row *row = &error_rows[call->error];
    struct part body = written_object(&call->answer);
    char logref[UUID_SIZE];

    set_text(body, "__type", row->name);
    if (row->form == FORM_SERVICE) {
        ids_uuid(store_ids(server->store), logref);
        set_text(body, "Code", row->name);
        set_text(body, "Logref", logref);
    }
    set_text(body, row->form == FORM_FRONT ? "message" : "Message", call->message);
}

static bool
breaks_off(const struct strike *strike)
{
    return strike->wire != WIRE_NONE && strike->wire != WIRE_TRUNCATE;
}

/* Local ARNs are no business of callers: one that is told there has come from them. */
static void
check_arns(const struct call *call, const struct reply *reply)
{
    assert(!arn_shows_local(reply->body) || (call->sent != NULL && arn_shows_local(call->sent)));
    (void)call, (void)reply;
}

/* An error takes the place of the output. All zero when there will be no answer. */
static struct reply
answer(struct server *server, struct call *call, const struct strike *strike)
{
    struct reply reply = { .status = call->status,
        .content_type = content_type,
        .headers = { { "x-amzn-RequestId", call->request_id } } };

    if (breaks_off(strike))
        return (struct reply){ .status = 0 };
    if (reply.status == 0)
        reply.status = error_rows[call->error].status;
    if (call->error != NO_ERROR)
        write_error(server, call);
    written_end(&call->answer);
    reply.body = call->answer.text.bytes;
    reply.length = call->answer.text.length;
    check_arns(call, &reply);
    call->answer.text = (struct text){ .bytes = NULL };
    return reply;
}

/* ---- record ------------------------------------------------------------- */

static void
write_log(const struct call *call, unsigned status, int64_t duration_us)
{
    char why[REASON_SIZE];

    if (!log_is_on())
        return;
    explain_line(call, why, sizeof why);
    log_call(&(struct call_line){ .request_id = call->request_id,
        .operation = call->operation == NULL ? "-" : call->operation->name,
        .account = call->scope.account,
        .region = call->scope.region,
        .status = status,
        .error = error_rows[call->error].name,
        .why = why,
        .duration_us = (long)duration_us });
}

static void
write_journal(struct journal *journal, const struct call *call, const struct reply *reply,
    int64_t duration_us)
{
    struct written why = { .depth = 0 };
    char *ignored =
        call->findings.ignored == NULL ? NULL : cJSON_PrintUnformatted(call->findings.ignored);

    journal_add(journal,
        &(struct journal_entry){ .at_ms = call->at_ms,
            .real_ms = clock_wall_ms(),
            .duration_us = duration_us,
            .moves = call->moves,
            .fault = call->fault,
            .status = reply->status,
            .operation = call->operation == NULL ? NULL : call->operation->name,
            .error = call->error == NO_ERROR ? NULL : error_rows[call->error].name,
            .request_id = call->request_id,
            .account = call->scope.account,
            .region = call->scope.region,
            .access_key_id = *call->access_key_id == '\0' ? NULL : call->access_key_id,
            .input = call->sent,
            .output = reply->body,
            .explain = explain(call, &why),
            .ignored = ignored });
    free(why.text.bytes);
    cJSON_free(ignored);
}

/* The one place that sees every call with its answer, before that is sent. */
static void
record(struct server *server, const struct call *call, const struct reply *reply)
{
    int64_t duration_us = clock_monotonic_us() - call->begun_us;

    write_log(call, reply->status, duration_us);
    write_journal(server->journal, call, reply, duration_us);
    metrics_call(server->metrics, call->operation, call->error, reply->status, duration_us);
    if (call->rule != NULL && reply->status == 200)
        metrics_image(server->metrics, call->rule);
    tally_call(server->tally, call);
}

/* What the answer does not say goes beside it: a refusal of the service tells little. */
static void
reveal(struct exchange *exchange, struct call *call, const struct reply *reply)
{
    if (!call->reveals || call->rule == NULL || reply->status == 200)
        return;
    explain_line(call, call->reason, sizeof call->reason);
    explain_for_header(call->reason);
    exchange_add_header(exchange, REASON_HEADER, call->reason);
}

/* ---- send --------------------------------------------------------------- */

static void
send(struct exchange *exchange, struct reply reply, const struct strike *strike)
{
    exchange_delay(exchange, strike->delay_ms);
    if (breaks_off(strike)) {
        exchange_break(exchange, strike->wire);
        return;
    }
    if (strike->wire == WIRE_TRUNCATE)
        exchange_truncate(exchange, reply);
    else
        exchange_reply(exchange, reply);
}

/* ---- the road ----------------------------------------------------------- */

/* In its place: the parts of its answer point there. */
static void
call_begin(struct call *call, struct server *server, const struct caller *caller)
{
    *call = (struct call){ .store = server->store,
        .scope = caller->scope,
        .access_key_id = caller->access_key_id,
        .reads_s3 = server->outbound != NULL,
        .once = server->once,
        .begun_us = clock_monotonic_us() };
    call->output = written_object(&call->answer);
    ids_uuid(store_ids(server->store), call->request_id);
}

static void
call_free(struct call *call)
{
    shown_forget(call);
    cJSON_Delete(call->input);
    free(call->answer.text.bytes);
    gather_free(call);
    free(call->message);
    principal_drop(call->who);
    free(call->decisions.bytes);
    findings_free(&call->findings);
}

/* Ends a request that the service would not even read: `reply` is all it gets. */
static void
turn_away(struct server *server, struct exchange *exchange, struct call *call, struct reply reply)
{
    call->evidence = OBSERVED;
    call->source = "recordings of sister services";
    take_step(server, call, false, &(struct strike){ .delay_ms = 0 });
    step_settle(server->store);
    record(server, call, &reply);
    reveal(exchange, call, &reply);
    exchange_reply(exchange, reply);
    call_free(call);
}

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

/*
 * "POST with unsupported or absent Content-Type": observed on sister services, as XML and without
 * a content type.
 */
static void
refuse_content_type(struct server *server, struct exchange *exchange, struct call *call)
{
    static const char body[] = "<UnknownOperationException/>\n";
    const char *type = exchange_header(exchange, "Content-Type");

    snprintf(call->words, sizeof call->words, "Content-Type is %.200s; %s is what is served",
        type == NULL ? "not there" : type, content_type);
    text_mend(call->words);
    call->error = UnknownOperationException;
    call->rule = "CONTENT_TYPE";
    call->found = call->words;
    turn_away(server, exchange, call,
        (struct reply){ .status = 404, .fixed = body, .length = sizeof body - 1 });
}

/* A call on its way: it may have to wait for an object, or be held. */
struct journey {
    struct journey *next; /* of those whose steps are not committed yet */
    bool admitted;
    struct server *server;
    struct exchange *exchange;
    struct caller caller;
    struct call call;
    struct strike strike;
    struct hold hold;
};

static struct journey *
set_out(struct server *server, struct exchange *exchange)
{
    struct journey *journey = malloc(sizeof *journey);

    if (journey == NULL)
        abort();
    journey->strike = (struct strike){ .delay_ms = 0 };
    journey->next = NULL;
    journey->server = server;
    journey->exchange = exchange;
    journey->hold = (struct hold){ .begun = false };
    journey->caller = caller_of(server, exchange);
    call_begin(&journey->call, server, &journey->caller);
    return journey;
}

/* What the step was is kept, or known to have failed: the last of the way. */
static void
arrive(struct journey *journey)
{
    struct call *call = &journey->call;
    struct reply reply;

    /* SDKs stop reading after a round time, that for Java after 30 s: the answer is there before. */
    if (call->hold_ms < call->waiter_hold_ms && caller_is_waiter(journey->exchange))
        call->hold_ms = call->waiter_hold_ms * 29 / 30;
    if (hold_call(journey->server->holds, &journey->hold, journey->exchange, call)) {
        journey->exchange->state = journey;
        return;
    }
    shown_count(call);
    reply = answer(journey->server, call, &journey->strike);
    record(journey->server, call, &reply);
    reveal(journey->exchange, call, &reply);
    send(journey->exchange, reply, &journey->strike);
    call_free(call);
    free(journey);
}

void
rpc_settled(void *context, bool kept)
{
    struct server *server = context;
    struct journey *journey = server->unsettled;

    server->unsettled = server->unsettled_last = NULL;
    while (journey != NULL) {
        struct journey *next = journey->next;

        if (!kept && journey->admitted)
            fail_with_store(&journey->call, &journey->strike);
        arrive(journey);
        journey = next;
    }
}

/* Arrives with the others whose steps are committed together with its own. */
static void
wait_for_commit(struct journey *journey)
{
    struct server *server = journey->server;

    journey->next = NULL;
    if (server->unsettled == NULL)
        server->unsettled = journey;
    else
        server->unsettled_last->next = journey;
    server->unsettled_last = journey;
}

/* The rest of the way, once all that was to be waited for is there. */
static void
go_on(struct journey *journey, bool admitted)
{
    struct store *store = journey->server->store;
    bool kept = take_step(journey->server, &journey->call, admitted, &journey->strike);

    journey->admitted = admitted;
    if (kept && step_is_shared(store)) {
        wait_for_commit(journey);
        return;
    }
    step_settle(store); /* what those before it did failed with it */
    arrive(journey);
}

/*
 * A call that is held is made again when something may have changed, as if it came only now; but
 * what strikes a call has struck it already.
 */
static void
come_back(struct journey *journey)
{
    struct call *call = &journey->call;

    if (hold_goes_on(journey->server->holds, &journey->hold, journey->exchange, call))
        return;
    call->output = written_object(&call->answer);
    call->in_progress = NULL;
    shown_forget(call);
    call->held = true;
    go_on(journey, true);
}

static void
on_gathered(void *context)
{
    struct journey *journey = context;
    bool stopping = gather_was_stopped(&journey->call);

    if (stopping) {
        fail(&journey->call, ServiceUnavailable, DOCUMENTED, PROGRAM "'s own",
            "The server is stopping.");
        journey->call.rule = "STOPPING";
    }
    go_on(journey, !stopping);
}

void
rpc_serve(struct server *server, struct exchange *exchange)
{
    struct journey *journey;
    bool admitted;

    if (exchange->state != NULL) {
        come_back(exchange->state);
        return;
    }
    journey = set_out(server, exchange);
    if (!is_json_1_1(exchange_header(exchange, "Content-Type"))) {
        refuse_content_type(server, exchange, &journey->call);
        free(journey);
        return;
    }
    admitted = admit(&journey->call, server, exchange);
    if (!admitted || !gather(server, &journey->call, on_gathered, journey))
        go_on(journey, admitted);
}

void
rpc_shut_out(struct server *server, struct exchange *exchange, const char *why)
{
    const struct strike none = { .delay_ms = 0 };
    struct caller caller = caller_of(server, exchange);
    struct call call;
    struct reply reply;

    call_begin(&call, server, &caller);
    fail(&call, AccessDeniedException, DOCUMENTED, PROGRAM "'s own", "%s", why);
    call.operation = admit_target(exchange);
    call.rule = "GATE";
    call.found = call.message;
    take_step(server, &call, false, &(struct strike){ .delay_ms = 0 });
    step_settle(server->store);
    reply = answer(server, &call, &none);
    record(server, &call, &reply);
    reveal(exchange, &call, &reply);
    exchange_reply(exchange, reply);
    call_free(&call);
}

void
rpc_refuse(struct server *server, struct exchange *exchange, unsigned status, const char *why)
{
    static const char body[] = "{\"__type\":\"SerializationException\"}";
    struct caller caller = caller_of(server, exchange);
    struct call call;
    struct reply reply = { .status = status };

    call_begin(&call, server, &caller);
    reply.headers[0] = (struct reply_header){ "x-amzn-RequestId", call.request_id };
    if (status != 413) {
        call.error = SerializationException;
        reply.content_type = content_type;
        reply.fixed = body;
        reply.length = sizeof body - 1;
    }
    call.rule = "HTTP";
    call.found = why;
    turn_away(server, exchange, &call, reply);
}
