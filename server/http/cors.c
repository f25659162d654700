#include "cors.h"

#include <stddef.h>

#include "http.h"

void
cors_allow(struct exchange *exchange)
{
    const char *origin = exchange_header(exchange, "Origin");

    if (origin == NULL)
        return;
    exchange_add_header(exchange, "Access-Control-Allow-Origin", origin);
    exchange_add_header(exchange, "Vary", "Origin");
    exchange_add_header(exchange, "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date");
}

void
cors_preflight(struct exchange *exchange)
{
    const char *headers = exchange_header(exchange, "Access-Control-Request-Headers");
    const char *method = exchange_header(exchange, "Access-Control-Request-Method");

    if (headers != NULL)
        exchange_add_header(exchange, "Access-Control-Allow-Headers", headers);
    if (method != NULL)
        exchange_add_header(exchange, "Access-Control-Allow-Methods", method);
    if (exchange_header(exchange, "Access-Control-Request-Private-Network") != NULL)
        exchange_add_header(exchange, "Access-Control-Allow-Private-Network", "true");
    exchange_add_header(exchange, "Access-Control-Max-Age", "172800");
    exchange_reply(exchange, (struct reply){ .status = 200 });
}
