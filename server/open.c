#include "open.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/arrival.h"
#include "../state/delivery.h"
#include "../state/resource.h"
#include "../state/setting.h"
#include "../state/step.h"
#include "../state/store.h"
#include "../state/world.h"
#include "control/snapshots.h"
#include "fixture/load.h"
#include "http/http.h"
#include "http/program.h"
#include "json/json.h"
#include "command/options.h"
#include "record/log.h"
#include "route.h"
#include "s3/s3.h"
#include "secrets.h"

/* Ends the program: it could not start. */
static void
give_up(const char *why)
{
    fprintf(stderr, PROGRAM ": %s\n", why);
    exit(1);
}

/* Whom there is to be told: see state/delivery.h. */
static unsigned
sends(const struct options *options)
{
    return (unsigned)(options->sns != NULL) << DELIVERY_SNS |
           (unsigned)(options->kinesis != NULL) << DELIVERY_KINESIS |
           (unsigned)(options->s3 != NULL) << DELIVERY_S3;
}

struct store *
open_store(const struct options *options)
{
    char why[512];
    struct store *store = store_open(&(struct store_options){ .path = options->db,
                                         .durability = options->durability,
                                         .profile = options->profile,
                                         .seed = options->seeded ? &options->seed : NULL,
                                         .sends = sends(options) },
        why, sizeof why);

    if (store == NULL)
        give_up(why);
    if (*why != '\0')
        log_line("%s", why);
    if (!world_make(store, options->frozen) || !arrival_take_back(store))
        give_up("the store cannot be written");
    step_begin(store, "start");
    for (size_t i = 0; i < options->setting_count; i++)
        setting_set_value(store, options->settings[i].setting, options->settings[i].value);
    if (!step_end(store, true))
        give_up("the store cannot be written");
    return store;
}

/* As file_read(); ends the program when it cannot be read. */
static char *
read_file(const char *path, size_t *length)
{
    char *text = file_read(path, length);

    if (text == NULL)
        options_refuse("%s: cannot be read", path);
    return text;
}

static cJSON *
read_fixture(const char *path)
{
    size_t length;
    char *text = read_file(path, &length);
    enum json_fault fault;
    cJSON *fixture = json_parse(text, length, &fault);

    free(text);
    if (fixture == NULL)
        options_refuse("%s: %s", path, json_fault_text(fault));
    return fixture;
}

void
load_fixtures(struct store *store, const struct options *options)
{
    const struct scope anywhere = { "", "" };
    struct scope found;
    bool is_empty;

    step_begin(store, "load");
    is_empty = !resource_next_scope(store, &anywhere, &anywhere, &found);
    for (size_t i = 0; i < options->fixture_count; i++) {
        cJSON *fixture = read_fixture(options->fixtures[i]);
        struct fixture_count count;
        struct fixture_fault fault;

        if (is_empty && !fixture_load(store, fixture, &count, &fault))
            options_refuse("%s: %s", options->fixtures[i], fault.message);
        cJSON_Delete(fixture);
    }
    if (!step_end(store, true))
        give_up("the store cannot be written");
}

/* The first line of the file; spaces around it are not part of it. */
char *
open_token(const struct options *options)
{
    const char *path = options->control_token;
    size_t length, start;
    char *text;

    if (path == NULL)
        return NULL;
    text = read_file(path, &length);
    start = strspn(text, " \t\r\n");
    length = strcspn(text + start, " \t\r\n");
    if (length == 0) {
        free(text);
        options_refuse("--control-token %s: there is no token in it", path);
    }
    memmove(text, text + start, length);
    text[length] = '\0';
    return text;
}

struct tls
open_tls(const struct options *options)
{
    struct tls tls = { NULL, NULL };
    size_t length;

    if (options->tls_cert == NULL)
        return tls;
    tls.cert = read_file(options->tls_cert, &length);
    tls.key = read_file(options->tls_key, &length);
    if (!http_tls_renew(tls.cert, tls.key)) {
        close_tls(&tls);
        options_refuse("--tls-cert %s, --tls-key %s: not a certificate and its key, in PEM",
            options->tls_cert, options->tls_key);
    }
    return tls;
}

void
close_tls(struct tls *tls)
{
    free(tls->cert);
    free(tls->key);
}

static void
on_exchange(void *context, struct exchange *exchange)
{
    route(context, exchange);
}

static bool
on_spool(void *context, const struct exchange *exchange)
{
    (void)context;
    return snapshots_spool(exchange);
}

static void
on_refuse(void *context, struct exchange *exchange, unsigned status, const char *why)
{
    route_refuse(context, exchange, status, why);
}

/* As the world is set when the program starts. */
static void
read_limits(struct store *store, struct http_options *limits)
{
    step_begin(store, "limits");
    limits->connections_max = (unsigned)setting_int(store, SETTING_HTTP_CONNECTIONS);
    limits->connection_bytes = (size_t)setting_int(store, SETTING_HTTP_CONNECTION_BYTES);
    limits->idle_ms = setting_int(store, SETTING_HTTP_IDLE);
    limits->body_ms = setting_int(store, SETTING_HTTP_BODY_TIME);
    limits->body_max = (size_t)setting_int(store, SETTING_HTTP_BODY_BYTES);
    limits->bodies_max = (size_t)setting_int(store, SETTING_HTTP_BODIES_BYTES);
    limits->upload_max = setting_int(store, SETTING_HTTP_UPLOAD_BYTES);
    limits->arguments_max = (unsigned)setting_int(store, SETTING_HTTP_ARGUMENTS);
    limits->stream_max = (size_t)setting_int(store, SETTING_HTTP_STREAM_BYTES);
    step_end(store, true);
}

struct http *
open_http(const struct options *options, struct server *server, const struct tls *tls)
{
    struct http_options wanted = { .host = options->host,
        .port = options->port,
        .back_host = options->control_host,
        .back_path = options->control_path,
        .back_port = options->control_port,
        .tls_cert = tls->cert,
        .tls_key = tls->key,
        .context = server,
        .handle = on_exchange,
        .refuse = on_refuse,
        .spools = on_spool };
    char why[512];
    struct http *http;

    read_limits(server->store, &wanted);
    http = http_open(&wanted, why, sizeof why);
    if (http == NULL)
        give_up(why);
    return http;
}

/* What came from elsewhere is handed out by the loop, which may be asleep. */
static void
on_outbound(void *http)
{
    http_wake(http);
}

/* Without a place of objects: for calls of services only. */
static struct outbound *
open_way_out(const char *s3, struct http *http)
{
    char why[512];
    struct outbound *outbound =
        outbound_open(&(struct outbound_options){ .s3 = s3, .wake = on_outbound, .context = http },
            why, sizeof why);

    if (outbound == NULL)
        give_up(why);
    return outbound;
}

struct outbound *
open_outbound(const struct options *options, struct http *http)
{
    return options->s3 == NULL ? NULL : open_way_out(options->s3, http);
}

struct outbound *
open_word(const struct options *options, struct http *http)
{
    return options->sns == NULL && options->kinesis == NULL ? NULL : open_way_out(NULL, http);
}
