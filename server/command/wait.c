#include "wait.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/base/duration.h"
#include "../s3/libcurl.h"
#include "../json/json.h"
#include "help.h"
#include "options.h"
#include "../call/server.h"
#include "../http/program.h"

#define HEALTH_SIZE 4096 /* an answer longer than this is not the health of a server of ours */
#define BETWEEN_MS 50    /* from one try to the next */
#define ONE_TRY_MS 2000 /* a listener that never answers is asked anew: it may have been replaced */
#define TIMEOUT_MS 10000 /* when not told otherwise */
#define TIMEOUT_RIGHT "a duration above zero, such as 250ms, 10s or 1m"

struct wish {
    char url[2048]; /* of the health, once it is resolved */
    int64_t timeout_ms;
};

struct health {
    char text[HEALTH_SIZE];
    size_t length;
};

/* ---- arguments ---------------------------------------------------------- */

/* The server that a start without arguments, in this environment, would be. */
static void
default_url(char out[OPTIONS_URL_SIZE])
{
    struct options options;

    options_read(&options, TO_SERVE, 0, NULL, 0);
    if (options.port == 0)
        options_refuse("the port is 0, which is any: give --url, or set " URL_VARIABLE);
    options_near_url(&options, options.port, out);
}

/* The health of the server that `url` belongs to: SDKs may have a path of theirs in theirs. */
static bool
resolve(const char *url, char *out, size_t size)
{
    CURLU *parts = memory_made(libcurl.url());
    char *scheme = NULL, *whole = NULL;
    bool fine;

    fine = libcurl.url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
           libcurl.url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
           (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
           libcurl.url_set(parts, CURLUPART_PATH, "/_local/health", 0) == CURLUE_OK &&
           libcurl.url_set(parts, CURLUPART_QUERY, NULL, 0) == CURLUE_OK &&
           libcurl.url_set(parts, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
           libcurl.url_get(parts, CURLUPART_URL, &whole, 0) == CURLUE_OK && strlen(whole) < size;
    if (fine)
        snprintf(out, size, "%s", whole);
    libcurl.free(scheme);
    libcurl.free(whole);
    libcurl.url_cleanup(parts);
    return fine;
}

/* The value of "--name value" or "--name=value", or NULL; moves on *i past what it took. */
static const char *
value_of(const char *name, int argc, char **argv, int *i)
{
    size_t length = strlen(name);

    if (strncmp(argv[*i], name, length) != 0)
        return NULL;
    if (argv[*i][length] == '=')
        return argv[*i] + length + 1;
    if (argv[*i][length] != '\0')
        return NULL;
    if (*i + 1 == argc)
        options_refuse("wait %s needs a value", name);
    return argv[++*i];
}

static void
read_arguments(struct wish *wish, int argc, char **argv, int first)
{
    char otherwise[OPTIONS_URL_SIZE];
    const char *url = NULL, *value, *told = getenv(URL_VARIABLE), *name = "--url";

    wish->timeout_ms = TIMEOUT_MS;
    for (int i = first; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help_wait();
            exit(0);
        }
        if ((value = value_of("--url", argc, argv, &i)) != NULL)
            url = value;
        else if ((value = value_of("--timeout", argc, argv, &i)) == NULL)
            options_refuse("there is no option %s of wait; it has --url and --timeout", argv[i]);
        else if (!duration_parse(value, &wish->timeout_ms) || wish->timeout_ms == 0)
            options_refuse("wait --timeout %s: must be " TIMEOUT_RIGHT, value);
    }
    if (url == NULL && told != NULL && *told != '\0') {
        url = told;
        name = URL_VARIABLE;
    } else if (url == NULL) {
        default_url(otherwise);
        url = otherwise;
    }
    if (!resolve(url, wish->url, sizeof wish->url))
        options_refuse("wait %s %s: must be a URL such as http://127.0.0.1:7356", name, url);
}

/* ---- asking ------------------------------------------------------------- */

static size_t
take(char *bytes, size_t one, size_t count, void *context)
{
    struct health *health = context;

    if (one * count > sizeof health->text - health->length)
        return 0; /* curl gives up */
    memcpy(health->text + health->length, bytes, one * count);
    health->length += one * count;
    return count;
}

static bool
says_ready(const struct health *health)
{
    cJSON *json = json_parse(health->text, health->length, NULL);
    bool ready = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "ready"));

    cJSON_Delete(json);
    return ready;
}

static CURL *
open_curl(const char *url, struct health *health, char *why)
{
    CURL *curl = memory_made(libcurl.easy_init());

    libcurl.easy_setopt(curl, CURLOPT_URL, url);
    libcurl.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    libcurl.easy_setopt(curl, CURLOPT_NOPROXY, "*"); /* it is near, whatever the environment says */
    libcurl.easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    libcurl.easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    libcurl.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    libcurl.easy_setopt(curl, CURLOPT_WRITEDATA, health);
    /* A certificate made for a test is signed by nobody; nothing secret is sent or believed. */
    libcurl.easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    libcurl.easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    return curl;
}

/* One try, that may take as long as this. */
static bool
ask(CURL *curl, int64_t left_ms, struct health *health, char *why)
{
    health->length = 0;
    libcurl.easy_setopt(curl, CURLOPT_TIMEOUT_MS,
        (long)(left_ms < ONE_TRY_MS ? left_ms : ONE_TRY_MS));
    if (libcurl.easy_perform(curl) != CURLE_OK)
        return false;
    snprintf(why, CURL_ERROR_SIZE, "it answers, but not that it is ready");
    return says_ready(health);
}

/* Asks again and again; false when the time is over. */
static bool
poll_health(const struct wish *wish, char *why)
{
    int64_t end_ms = clock_monotonic_us() / 1000 + wish->timeout_ms, left_ms = wish->timeout_ms;
    struct health health;
    CURL *curl = open_curl(wish->url, &health, why);
    bool ready;

    while (!(ready = ask(curl, left_ms, &health, why))) {
        nanosleep(&(struct timespec){ .tv_nsec = BETWEEN_MS * 1000000 }, NULL);
        left_ms = end_ms - clock_monotonic_us() / 1000;
        if (left_ms <= 0)
            break;
    }
    libcurl.easy_cleanup(curl);
    return ready;
}

int
wait_until_ready(int argc, char **argv, int first)
{
    char why[CURL_ERROR_SIZE] = "", timeout[DURATION_SIZE];
    struct wish wish;
    bool ready;

    if (!libcurl_load(why, sizeof why)) {
        fprintf(stderr, PROGRAM ": wait: %s\n", why);
        return 1;
    }
    libcurl.global_init(CURL_GLOBAL_DEFAULT);
    read_arguments(&wish, argc, argv, first);
    ready = poll_health(&wish, why);
    libcurl.global_cleanup();
    if (ready)
        return 0;
    duration_print(wish.timeout_ms, timeout);
    fprintf(stderr, PROGRAM ": %s: not ready within %s: %s\n", wish.url, timeout, why);
    return 1;
}
