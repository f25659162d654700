#include "reading.h"

#include <netdb.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "serving.h"

const char *
exchange_header(const struct exchange *exchange, const char *name)
{
    const struct serving *serving = serving_of(exchange);
    const struct heard *heard = &serving->heard;
    size_t length = strlen(name);

    if (!heard->all)
        return MHD_lookup_connection_value(serving->connection, MHD_HEADER_KIND, name);
    for (size_t i = 0; i < heard->count; i++)
        if (heard->headers[i].length == length &&
            strncasecmp(heard->headers[i].name, name, length) == 0)
            return heard->headers[i].value;
    return NULL;
}

struct visit {
    bool (*each)(void *context, const char *name, const char *value);
    void *context;
};

static enum MHD_Result
visit_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct visit *visit = context;

    (void)kind;
    return visit->each(visit->context, name, value == NULL ? "" : value) ? MHD_YES : MHD_NO;
}

void
exchange_headers(const struct exchange *exchange,
    bool (*each)(void *context, const char *name, const char *value), void *context)
{
    struct visit visit = { each, context };

    MHD_get_connection_values(serving_of(exchange)->connection, MHD_HEADER_KIND, visit_header,
        &visit);
}

const char *
exchange_argument(const struct exchange *exchange, const char *name)
{
    const char *value = NULL;

    if (MHD_lookup_connection_value_n(serving_of(exchange)->connection, MHD_GET_ARGUMENT_KIND, name,
            strlen(name), &value, NULL) != MHD_YES)
        return NULL;
    return value == NULL ? "" : value;
}

void
exchange_remote(const struct exchange *exchange, char *text, size_t size)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(serving_of(exchange)->connection,
        MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;

    if (address == NULL || address->sa_family == AF_UNIX ||
        getnameinfo(address,
            address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                           : sizeof(struct sockaddr_in),
            text, (socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
        text[0] = '\0';
}
