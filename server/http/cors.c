#include "cors.h"

#include <stddef.h>

#include "http.h"

static void
add(struct reply *reply, const char *name, const char *value)
{
    size_t i = 0;

    while (reply->headers[i].name != NULL)
        i++;
    reply->headers[i] = (struct reply_header){ name, value };
}

void
cors_allow(const struct exchange *exchange, struct reply *reply)
{
    if (exchange_header(exchange, "Origin") == NULL)
        return;
    add(reply, "Access-Control-Allow-Origin", "*");
    add(reply, "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date");
}

void
cors_preflight(struct exchange *exchange)
{
    const char *headers = exchange_header(exchange, "Access-Control-Request-Headers");
    const char *method = exchange_header(exchange, "Access-Control-Request-Method");
    struct reply reply = { .status = 200 };

    add(&reply, "Access-Control-Allow-Origin", "*");
    if (headers != NULL)
        add(&reply, "Access-Control-Allow-Headers", headers);
    if (method != NULL)
        add(&reply, "Access-Control-Allow-Methods", method);
    if (exchange_header(exchange, "Access-Control-Request-Private-Network") != NULL)
        add(&reply, "Access-Control-Allow-Private-Network", "true");
    add(&reply, "Access-Control-Max-Age", "172800");
    exchange_reply(exchange, reply);
}
