#include "word.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/arn.h"
#include "../../state/base/digest.h"
#include "../../state/base/memory.h"
#include "../access/sigv4.h"
#include "../call/server.h"
#include "../json/text.h"
#include "../json/tree.h"
#include "../s3/s3.h"

/* What an ARN of any service says: "arn:aws:sns:us-east-1:123456789012:topic". */
struct address_of_arn {
    struct scope scope;
    const char *rest; /* behind the account; "" when it is none */
};

static struct address_of_arn
read_arn(const char *arn)
{
    struct address_of_arn read = { .scope = { "", "" }, .rest = "" };
    int at = 0;

    /* As long as the fields of a scope, less the NUL. */
    if (sscanf(arn, "arn:%*[^:]:%*[^:]:%63[^:]:%12[0-9]:%n", read.scope.region, read.scope.account,
            &at) == 2 &&
        at > 0)
        read.rest = arn + at;
    return read;
}

static void
add_parameter(struct text *form, const char *name, const char *value)
{
    char *encoded = memory_resize(NULL, 3 * strlen(value) + 1);

    sigv4_encode(value, false, encoded);
    text_add_string(form, name);
    text_add_string(form, encoded);
    free(encoded);
}

/* SNS API Reference, Publish. */
static struct s3_request *
publish(const struct server *server, const struct delivery *delivery,
    const struct s3_patience *patience, s3_done *on_done, void *context)
{
    struct address_of_arn topic = read_arn(delivery->target);
    struct text form = { 0 };
    struct s3_request *request;

    add_parameter(&form, "Action=Publish&Version=2010-03-31&TopicArn=", delivery->target);
    add_parameter(&form, "&Message=", delivery->body);
    request = outbound_call(server->word,
        &(struct outbound_call){ .url = server->sns,
            .service = "sns",
            .region = topic.scope.region,
            .account = topic.scope.account,
            .content_type = "application/x-www-form-urlencoded; charset=utf-8",
            .body = form.bytes,
            .patience = *patience },
        on_done, context);
    free(form.bytes);
    return request;
}

/* Kinesis API Reference, PutRecord. What is about one thing stays in one shard, and in order. */
static char *
record_of(const struct delivery *delivery, const char *stream)
{
    size_t length = strlen(delivery->body);
    char *data = memory_resize(NULL, (length + 2) / 3 * 4 + 1), *text;
    const char *about = strrchr(delivery->arn, '/');
    cJSON *record = cJSON_CreateObject();

    data[base64_encode(delivery->body, length, data)] = '\0';
    tree_set_text(record, "StreamName", stream);
    tree_set_text(record, "Data", data);
    tree_set_text(record, "PartitionKey", about == NULL ? delivery->arn : about + 1);
    text = memory_made(cJSON_PrintUnformatted(record));
    cJSON_Delete(record);
    free(data);
    return text;
}

static struct s3_request *
put_record(const struct server *server, const struct delivery *delivery,
    const struct s3_patience *patience, s3_done *on_done, void *context)
{
    struct address_of_arn stream = read_arn(delivery->target);
    const char *name = strchr(stream.rest, '/');
    char *record = record_of(delivery, name == NULL ? stream.rest : name + 1);
    struct s3_request *request = outbound_call(server->word,
        &(struct outbound_call){ .url = server->kinesis,
            .service = "kinesis",
            .region = stream.scope.region,
            .account = stream.scope.account,
            .content_type = "application/x-amz-json-1.1",
            .target = "Kinesis_20131202.PutRecord",
            .body = record,
            .patience = *patience },
        on_done, context);

    cJSON_free(record);
    return request;
}

/* The bytes of an image are kept in base64. */
static struct s3_body
body_of(const struct delivery *delivery)
{
    struct s3_body body = { .content_type = delivery->type,
        .bytes = memory_text(delivery->body),
        .length = strlen(delivery->body),
        .file = -1 };

    if (strncmp(delivery->type, "image/", strlen("image/")) == 0)
        base64_decode(delivery->body, body.length, (unsigned char *)body.bytes, &body.length);
    return body;
}

static struct s3_request *
put_object(const struct server *server, const struct delivery *delivery,
    const struct s3_patience *patience, s3_done *on_done, void *context)
{
    struct scope scope = { "", "" };
    size_t length = strcspn(delivery->target, "/");
    char *bucket = memory_made(strndup(delivery->target, length));
    struct s3_body body = body_of(delivery);
    struct s3_request *request;

    arn_read(delivery->arn, &scope);
    request = s3_put(server->outbound,
        &(struct s3_object){ .region = scope.region,
            .bucket = bucket,
            .key = delivery->target + length + 1,
            .patience = *patience },
        &body, on_done, context);
    free(bucket);
    return request;
}

bool
word_has_server(const struct server *server, enum delivery_kind kind)
{
    return kind == DELIVERY_S3    ? server->outbound != NULL
           : kind == DELIVERY_SNS ? server->sns != NULL
                                  : server->kinesis != NULL;
}

struct s3_request *
word_send(const struct server *server, const struct delivery *delivery,
    const struct s3_patience *patience, s3_done *on_done, void *context)
{
    switch (delivery->kind) {
    case DELIVERY_SNS:
        return publish(server, delivery, patience, on_done, context);
    case DELIVERY_KINESIS:
        return put_record(server, delivery, patience, on_done, context);
    default:
        return put_object(server, delivery, patience, on_done, context);
    }
}
