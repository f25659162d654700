/*
 * Any bytes on a connection: head and framing as the server reads them, the gate, and the signature of what comes
 * through. Nobody here knows the secret, so that no signature may ever be taken.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/access/credentials.h"
#include "server/access/gate.h"
#include "server/access/signature.h"
#include "server/http/http.h"
#include "state/base/digest.h"

#define WALL_MS INT64_C(1795428000000) /* 2026-11-23T10:00:00Z, as the seeds say */
#define POLLS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char secret[41], id[] = "AKIAIOSFODNN7EXAMPLE";
static struct principal who = { .keepers = 1, .account = "123456789012" };
static struct access_key key = { .id = id, .secret = secret, .who = &who };

static struct access_key *
find(void *context, const char *name)
{
    return strcmp(((struct access_key *)context)->id, name) == 0 ? context : NULL;
}

static void
look(const struct exchange *exchange, const char *service)
{
    struct signature signature;

    if (signature_check_exchange(exchange, service, WALL_MS, &(struct signature_keys){ find, &key },
            &signature) != NULL ||
        signature.message == NULL || signature.result == SIGNATURE_FINE)
        abort();
    free(signature.message);
}

static void
handle(void *context, struct exchange *exchange)
{
    static const struct gate gate = { .host = "127.0.0.1",
        .hosts = { "*.example.com" },
        .origins = { "https://*.example.org, null" },
        .host_count = 1,
        .origin_count = 1,
        .token = "token" };
    char why[512];

    (void)context;
    for (enum gate_door door = GATE_API; door <= GATE_CONSOLE; door++) {
        *why = '\0';
        if (!gate_lets_in(&gate, exchange, door, why, sizeof why) && *why == '\0')
            abort();
    }
    gate_token_fits(&gate, exchange);
    look(exchange, "rekognition");
    look(exchange, "sts");
    exchange_reply(exchange, (struct reply){ .status = 200, .fixed = "{}", .length = 2 });
}

static struct http *
open_door(void)
{
    char why[512], room[20];
    struct http *http = http_open(&(struct http_options){ .handle = handle }, why, sizeof why);

    if (http == NULL || getrandom(room, sizeof room, 0) != sizeof room)
        abort();
    hex_encode(room, sizeof room, secret);
    return http;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct http *http;
    struct sockaddr_in address = { .sin_family = AF_INET };
    struct linger at_once = { .l_onoff = 1 };
    char answer[4096];
    int client = socket(AF_INET, SOCK_STREAM, 0);

    if (http == NULL)
        http = open_door();
    address.sin_port = htons((uint16_t)http_port(http));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (client < 0)
        abort();
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EINTR) { /* by the fuzzer's own alarm */
            perror("connect");
            abort();
        }
        close(client);
        return 0;
    }
    /* No port is left waiting behind it. */
    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)!send(client, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(client, SHUT_WR);
    for (int i = 0; i < POLLS_MAX; i++) {
        if (!http_poll(http, 0))
            abort();
        if (recv(client, answer, sizeof answer, MSG_DONTWAIT) == 0)
            break;
    }
    close(client);
    http_poll(http, 0);
    return 0;
}
