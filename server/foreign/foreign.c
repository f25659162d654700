#include "foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/ids.h"
#include "../call/caller.h"
#include "../call/explain.h"
#include "../http/http.h"
#include "../http/program.h"
#include "../record/log.h"
#include "sts.h"

#define SERVICE_SIZE 40
#define MESSAGE_SIZE 320
#define REASON_LENGTH (MESSAGE_SIZE + 32)
#define BODY_SIZE 1024

enum form {
    FORM_S3,
    FORM_EC2,
    FORM_XML,  /* of query and restXml */
    FORM_JSON, /* of X-Amz-Target and restJson */
    FORM_CBOR, /* of Smithy's RPC v2 */
};

static const struct row {
    const char *service;
    enum form form;
} rows[] = {
#define FOREIGN(service, form, source) { service, FORM_##form },
#include "foreign.def"
#undef FOREIGN
};

/* What is known of such a call. */
struct foreign {
    char service[SERVICE_SIZE]; /* letters, digits and dashes; "" when it does not say */
    enum form form;
    const char *content_type;
};

/* ---- whose call is it? -------------------------------------------------- */

static bool
begins(const char *text, const char *with)
{
    return text != NULL && strncasecmp(text, with, strlen(with)) == 0;
}

/* "Action=GetCallerIdentity&Version=2011-06-15", in any order: what it asks for, or NULL. */
static const char *
action_of(const struct exchange *exchange)
{
    const char *type = exchange_header(exchange, "Content-Type");
    const char *form = exchange->body;

    if (!begins(type, "application/x-www-form-urlencoded"))
        return NULL;
    while (strncmp(form, "Action=", strlen("Action=")) != 0) {
        form += strcspn(form, "&");
        if (*form++ == '\0')
            return NULL;
    }
    return form + strlen("Action=");
}

/* "DynamoDB_20120810.ListTables": a service, a date or none, an operation. Of nobody's are others. */
static bool
is_other_target(const char *target)
{
    const char *dot = target == NULL ? NULL : strchr(target, '.');
    const char *date = target == NULL ? NULL : strchr(target, '_');

    return dot != NULL && date != NULL && date < dot && dot - date == 9 &&
           strspn(date + 1, "0123456789") == 8;
}

/* What an SDK asks for unsigned and by another method is an object that everybody may read. */
static bool
is_public_object(const struct exchange *exchange)
{
    const char *agent = exchange_header(exchange, "User-Agent");

    return exchange_header(exchange, "Authorization") == NULL &&
           strcmp(exchange->method, "POST") != 0 &&
           (begins(agent, "aws-") || begins(agent, "Boto"));
}

static enum form
form_of(const struct foreign *foreign, const struct exchange *exchange, const char *target)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].service, foreign->service) == 0)
            return rows[i].form;
    if (begins(exchange_header(exchange, "smithy-protocol"), "rpc-v2-cbor"))
        return FORM_CBOR;
    return target == NULL && action_of(exchange) != NULL ? FORM_XML : FORM_JSON;
}

/* In JSON there are two, of which the caller has chosen one. */
static const char *
content_type_of(enum form form, const char *sent)
{
    if (form == FORM_CBOR)
        return "application/cbor";
    if (form != FORM_JSON)
        return "text/xml";
    return begins(sent, "application/x-amz-json-1.") ? sent : "application/json";
}

static bool
is_foreign(const struct exchange *exchange, struct foreign *foreign)
{
    const char *target = exchange_header(exchange, "X-Amz-Target");

    if (begins(target, "RekognitionService."))
        return false;
    caller_service(exchange, foreign->service, sizeof foreign->service);
    if (strcmp(foreign->service, "rekognition") == 0)
        return false;
    if (*foreign->service == '\0' && is_public_object(exchange))
        snprintf(foreign->service, sizeof foreign->service, "s3");
    if (*foreign->service == '\0' && action_of(exchange) == NULL && !is_other_target(target))
        return false;
    foreign->form = form_of(foreign, exchange, target);
    foreign->content_type =
        content_type_of(foreign->form, exchange_header(exchange, "Content-Type"));
    return true;
}

/* ---- what it is told ---------------------------------------------------- */

/* Of RPC v2: a map of two texts, in CBOR; how long it is. */
static size_t
write_cbor(const char *message, char *out, size_t size)
{
    static const char type[] = "\x66__type\x78\x19UnknownOperationException\x67message\x79";
    size_t length = strlen(message), used;

    out[0] = '\xA2';
    used = 1 + (size_t)snprintf(out + 1, size - 1, "%s", type);
    out[used++] = (char)(length >> 8);
    out[used++] = (char)(length & 0xFF);
    return used + (size_t)snprintf(out + used, size - used, "%s", message);
}

/*
 * How long it is. The words are ours, and the name of the service has nothing that would have to be
 * escaped.
 */
static size_t
write_error(enum form form, const char *message, const char *request_id, char *out, size_t size)
{
    switch (form) {
    case FORM_S3:
        snprintf(out, size,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InvalidRequest</Code>"
            "<Message>%s</Message><RequestId>%s</RequestId></Error>",
            message, request_id);
        break;
    case FORM_EC2:
        snprintf(out, size,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>"
            "<Code>InvalidAction</Code><Message>%s</Message></Error></Errors>"
            "<RequestID>%s</RequestID></Response>",
            message, request_id);
        break;
    case FORM_XML:
        snprintf(out, size,
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code>"
            "<Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>",
            message, request_id);
        break;
    case FORM_JSON:
        snprintf(out, size, "{\"__type\":\"UnknownOperationException\",\"message\":\"%s\"}",
            message);
        break;
    case FORM_CBOR:
        return write_cbor(message, out, size);
    }
    return strlen(out);
}

/* What is sent lives beyond the call of exchange_reply(). */
static char *
make_body(void)
{
    char *body = malloc(BODY_SIZE);

    if (body == NULL)
        abort();
    return body;
}

/* Of no sequence of the world: with a seed that goes on as if nothing had been asked. */
static void
make_request_id(char out[UUID_SIZE])
{
    struct ids ids;

    ids_open(&ids, NULL);
    ids_uuid(&ids, out);
}

/* 400 for all: what SDKs do not try again. */
static void
refuse(struct exchange *exchange, const struct foreign *foreign)
{
    char message[MESSAGE_SIZE], reason[REASON_LENGTH], request_id[UUID_SIZE];
    struct reply reply = { .status = 400, .content_type = foreign->content_type };

    snprintf(message, sizeof message,
        "This is " PROGRAM ", which serves Amazon Rekognition only, and this call is for %s. Set "
        "AWS_ENDPOINT_URL_REKOGNITION in place of AWS_ENDPOINT_URL.",
        *foreign->service == '\0' ? "another service" : foreign->service);
    snprintf(reason, sizeof reason, "OTHER_SERVICE: %s", message);
    make_request_id(request_id);
    reply.body = make_body();
    reply.length = write_error(foreign->form, message, request_id, reply.body, BODY_SIZE);
    reply.headers[0] =
        (struct reply_header){ foreign->form == FORM_S3 ? "x-amz-request-id" : "x-amzn-RequestId",
            request_id };
    reply.headers[1] = (struct reply_header){ REASON_HEADER, reason };
    if (foreign->form == FORM_CBOR)
        reply.headers[2] = (struct reply_header){ "smithy-protocol", "rpc-v2-cbor" };
    if (foreign->form == FORM_JSON)
        reply.headers[2] = (struct reply_header){ "x-amzn-ErrorType", "UnknownOperationException" };
    log_line("400 %s %s: %s", exchange->method, exchange->path, reason);
    exchange_reply(exchange, reply);
}

bool
foreign_serve(struct server *server, struct exchange *exchange)
{
    struct foreign foreign;
    const char *action;

    if (!is_foreign(exchange, &foreign))
        return false;
    action = action_of(exchange);
    if (action == NULL || !sts_serve(server, exchange, action))
        refuse(exchange, &foreign);
    return true;
}
