#include "route.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "access/gate.h"
#include "call/explain.h"
#include "call/server.h"
#include "control/control.h"
#include "control/load.h"
#include "http/cors.h"
#include "http/http.h"
#include "http/program.h"
#include "foreign/foreign.h"
#include "work/job.h"
#include "rpc.h"

static bool
is_browser(const struct exchange *exchange)
{
    const char *accept = exchange_header(exchange, "Accept");

    return accept != NULL && strstr(accept, "text/html") != NULL;
}

/* What Kinesis was seen to answer to other methods than POST; of Rekognition nothing is public. */
static void
refuse_method(struct exchange *exchange)
{
    static const char unsigned_body[] =
        "<MissingAuthenticationTokenException>\n  <Message>Missing Authentication Token</Message>\n"
        "</MissingAuthenticationTokenException>\n";
    static const char signed_body[] =
        "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
        "authorized</Message>\n</AccessDeniedException>\n";
    bool is_signed = exchange_header(exchange, "Authorization") != NULL;

    exchange_add_header(exchange, REASON_HEADER,
        "METHOD: calls of the API are POST; the control API is under /_local");
    exchange_reply(exchange,
        (struct reply){ .status = 403,
            .fixed = is_signed ? signed_body : unsigned_body,
            .length = is_signed ? sizeof signed_body - 1 : sizeof unsigned_body - 1 });
}

/* Somebody looks whether anything is here. */
static bool
is_knocking(const struct exchange *exchange)
{
    return strcmp(exchange->path, "/") == 0 && exchange_header(exchange, "Authorization") == NULL &&
           (strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0);
}

static void
show_the_way(const struct server *server, struct exchange *exchange)
{
    static const char here[] =
        PROGRAM " " VERSION " answers calls of Amazon Rekognition (POST) here; its control API is "
                "at /_local, its console at /_local/console.\n";
    static const char apart[] =
        PROGRAM " " VERSION " answers calls of Amazon Rekognition (POST) here; its control API has "
                "a door of its own.\n";
    const char *line = server->gate->apart ? apart : here;

    exchange_reply(exchange, (struct reply){ .status = 200,
                                 .content_type = "text/plain",
                                 .fixed = line,
                                 .length = strlen(line) });
}

/* What needs no store, no token, and no door of its own: it tells nothing. */
static bool
is_health(const struct exchange *exchange)
{
    return strcmp(exchange->path, "/_local/health") == 0;
}

static bool
is_control(const struct exchange *exchange)
{
    return strncmp(exchange->path, "/_local/", strlen("/_local/")) == 0 ||
           strcmp(exchange->path, "/_local") == 0;
}

static bool
is_console(const struct exchange *exchange)
{
    return strcmp(exchange->path, "/_local/console") == 0 ||
           strncmp(exchange->path, "/_local/console/", strlen("/_local/console/")) == 0 ||
           (strcmp(exchange->path, "/") == 0 && is_browser(exchange));
}

/* A browser asks before it sends what a page wants to send. */
static bool
is_asking(const struct exchange *exchange)
{
    return exchange_header(exchange, "Access-Control-Request-Method") != NULL;
}

/* What a browser asks, or asks for first, is without the token. */
static bool
has_token(const struct server *server, const struct exchange *exchange)
{
    return is_health(exchange) || is_console(exchange) ||
           (strcmp(exchange->method, "OPTIONS") == 0 && is_asking(exchange)) ||
           gate_token_fits(server->gate, exchange);
}

/* Whether the request has come to the right door. */
static bool
is_at_its_door(const struct server *server, const struct exchange *exchange)
{
    if (is_control(exchange) || (exchange->at_back && is_console(exchange)))
        return exchange->at_back == server->gate->apart || is_health(exchange);
    return !exchange->at_back;
}

static void
turn_away(struct server *server, struct exchange *exchange, const char *why)
{
    if (is_control(exchange) || exchange->at_back)
        control_shut_out(server, exchange, 403, "Forbidden", why);
    else
        rpc_shut_out(server, exchange, why);
}

/* Whether the request may go on; else it has been answered. */
static bool
let_in(struct server *server, struct exchange *exchange)
{
    bool controls = is_control(exchange) || exchange->at_back;
    enum gate_door door = is_console(exchange) ? GATE_CONSOLE : controls ? GATE_CONTROL : GATE_API;
    char why[512];

    if (!gate_lets_in(server->gate, exchange, door, why, sizeof why)) {
        turn_away(server, exchange, why);
        return false;
    }
    cors_allow(exchange);
    if (!is_at_its_door(server, exchange)) {
        control_shut_out(server, exchange, 404, "NotFound",
            exchange->at_back ? "Only the control API is at this door."
                              : "The control API has a door of its own: see --control.");
        return false;
    }
    if (controls && !has_token(server, exchange)) {
        exchange_add_header(exchange, "WWW-Authenticate", "Bearer");
        control_shut_out(server, exchange, 401, "Unauthorized",
            "The control API asks for the token of --control-token, as Authorization: Bearer.");
        return false;
    }
    return true;
}

void
route(struct server *server, struct exchange *exchange)
{
    if ((jobs_are_alone(server) || load_concerns(server, exchange)) && !is_health(exchange)) {
        exchange_put_aside(exchange);
        return;
    }
    if (exchange->state == NULL && !let_in(server, exchange))
        return;
    if (strcmp(exchange->method, "OPTIONS") == 0 && (!is_control(exchange) || is_asking(exchange)))
        cors_preflight(exchange);
    else if (is_control(exchange))
        control_serve(server, exchange);
    else if (exchange->state == NULL && foreign_serve(server, exchange))
        return;
    else if (strcmp(exchange->method, "POST") == 0)
        rpc_serve(server, exchange);
    else if (strcmp(exchange->method, "GET") == 0 && is_browser(exchange))
        exchange_reply(exchange,
            (struct reply){ .status = 302, .headers = { { "Location", "/_local/console" } } });
    else if (is_knocking(exchange))
        show_the_way(server, exchange);
    else
        refuse_method(exchange);
}

void
route_refuse(struct server *server, struct exchange *exchange, unsigned status, const char *why)
{
    if (is_control(exchange))
        control_refuse(server, exchange, status, why);
    else if (status == 413 && foreign_serve(server, exchange)) /* an object of S3 */
        return;
    else if (jobs_are_alone(server)) /* without the step of a call */
        exchange_reply(exchange, (struct reply){ .status = status });
    else
        rpc_refuse(server, exchange, status, why);
}
