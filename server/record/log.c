#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "../../state/clock.h"
#include "../../state/base/instant.h"
#include "../http/program.h"

/* Longer than any: a call's rule and what was found are bounded, six bytes for each in JSON. */
#define LINE_SIZE 8192

static enum log_form form = LOG_OFF;

/* --- Without blocking ------------------------------------------------------------------------- */

/*
 * O_NONBLOCK belongs to the open file, which others share with us (a terminal with the shell, a
 * pipe with other programs), so it is not set on standard error itself.
 */
static enum {
    WRITES_AT_ONCE,       /* a file */
    WRITES_WITHOUT_BLOCK, /* a pipe or a terminal that was opened anew, for us alone */
    WRITES_WHEN_READY,    /* one that could not be: another's, or there is no /proc */
    SENDS,                /* a socket, as of systemd's journal */
} way;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int file = -1;
static char rest[LINE_SIZE]; /* of the last line, when only its beginning was taken */
static size_t rest_length;
static uint64_t dropped, unsaid; /* lines; those of which no line has told yet */

static void
find_way(void)
{
    struct stat about;

    file = STDERR_FILENO;
    way = WRITES_AT_ONCE;
    if (fstat(file, &about) != 0 || S_ISREG(about.st_mode))
        return;
    if (S_ISSOCK(about.st_mode)) {
        way = SENDS;
        return;
    }
    file = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    way = file < 0 ? WRITES_WHEN_READY : WRITES_WITHOUT_BLOCK;
    if (file < 0)
        file = STDERR_FILENO;
}

/* As write(). A pipe that is ready takes PIPE_BUF bytes at once, unless others write to it, too. */
static ssize_t
try_to_write(const char *text, size_t length)
{
    struct pollfd ready = { .fd = file, .events = POLLOUT };

    if (way == SENDS)
        return send(file, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (way == WRITES_WHEN_READY) {
        if (poll(&ready, 1, 0) != 1)
            return -1;
        length = length < PIPE_BUF ? length : PIPE_BUF;
    }
    return write(file, text, length);
}

static size_t
write_some(const char *text, size_t length)
{
    size_t done = 0;
    ssize_t wrote;

    while (done < length && ((wrote = try_to_write(text + done, length - done)) > 0 ||
                                (wrote < 0 && errno == EINTR)))
        if (wrote > 0)
            done += (size_t)wrote;
    return done;
}

/* All of the line, now or later, or nothing of it. Only when there is no `rest`. */
static bool
write_line(const char *text, size_t length)
{
    size_t done = write_some(text, length);

    if (done == 0)
        return false;
    rest_length = length - done;
    memcpy(rest, text + done, rest_length);
    return true;
}

static void
write_rest(void)
{
    size_t done = write_some(rest, rest_length);

    rest_length -= done;
    memmove(rest, rest + done, rest_length);
}

static size_t print_words(char line[LINE_SIZE], const char *begin, const char *words);

/* Whether the reader has everything, also how much is missing. */
static bool
catch_up(void)
{
    char at[INSTANT_SIZE], line[LINE_SIZE], words[80];

    if (rest_length > 0)
        write_rest();
    if (rest_length == 0 && unsaid > 0) {
        snprintf(words, sizeof words,
            "%" PRIu64 " lines of this log were dropped: nobody read them in time", unsaid);
        instant_print(clock_wall_ms(), at);
        if (write_line(line, print_words(line, at, words)))
            unsaid = 0;
    }
    return rest_length == 0 && unsaid == 0;
}

static void
put(const char *line, size_t length)
{
    pthread_mutex_lock(&lock);
    if (!catch_up() || !write_line(line, length)) {
        dropped++;
        unsaid++;
    }
    pthread_mutex_unlock(&lock);
}

void
log_open(enum log_form wanted)
{
    form = wanted;
    find_way();
}

void
log_close(void)
{
    pthread_mutex_lock(&lock);
    catch_up();
    pthread_mutex_unlock(&lock);
    if (way == WRITES_WITHOUT_BLOCK)
        close(file);
    form = LOG_OFF;
}

uint64_t
log_dropped(void)
{
    uint64_t count;

    pthread_mutex_lock(&lock);
    count = dropped;
    pthread_mutex_unlock(&lock);
    return count;
}

/* --- Lines ------------------------------------------------------------------------------------ */

/* Ends it with a newline; its length. */
static size_t
end_line(char line[LINE_SIZE], size_t length)
{
    if (length > LINE_SIZE - 1)
        length = LINE_SIZE - 1;
    line[length] = '\n';
    return length + 1;
}

static size_t
print_json(char line[LINE_SIZE], cJSON *json)
{
    bool fits = cJSON_PrintPreallocated(json, line, LINE_SIZE, false);

    cJSON_Delete(json);
    return end_line(line, fits ? strlen(line) : 0);
}

/* What begins a line of text; one of JSON has its moment as a member. */
static size_t
print_words(char line[LINE_SIZE], const char *begin, const char *words)
{
    char at[INSTANT_SIZE];
    cJSON *json;

    if (form != LOG_JSON)
        return end_line(line, (size_t)snprintf(line, LINE_SIZE, "%s %s", begin, words));
    json = cJSON_CreateObject();
    instant_print(clock_wall_ms(), at);
    cJSON_AddStringToObject(json, "at", at);
    cJSON_AddStringToObject(json, "message", words);
    return print_json(line, json);
}

void
log_line(const char *format, ...)
{
    char at[INSTANT_SIZE], words[1024], line[LINE_SIZE];
    va_list args;

    if (form == LOG_OFF)
        return;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    instant_print(clock_wall_ms(), at);
    put(line, print_words(line, at, words));
}

void
log_warning(const char *format, ...)
{
    char words[1024], line[LINE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    put(line, print_words(line, PROGRAM ":", words));
}

static cJSON *
describe_call(const struct call_line *call, const char *at)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "at", at);
    cJSON_AddStringToObject(json, "requestId", call->request_id);
    cJSON_AddStringToObject(json, "operation", call->operation);
    cJSON_AddStringToObject(json, "account", call->account);
    cJSON_AddStringToObject(json, "region", call->region);
    cJSON_AddNumberToObject(json, "status", call->status);
    cJSON_AddStringToObject(json, "error", call->error);
    cJSON_AddStringToObject(json, "why", call->why);
    cJSON_AddNumberToObject(json, "durationUs", (double)call->duration_us);
    return json;
}

bool
log_is_on(void)
{
    return form != LOG_OFF;
}

void
log_call(const struct call_line *call)
{
    char at[INSTANT_SIZE], line[LINE_SIZE];
    size_t length;

    if (form == LOG_OFF)
        return;
    instant_print(clock_wall_ms(), at);
    if (form == LOG_JSON)
        length = print_json(line, describe_call(call, at));
    else
        length = end_line(line,
            (size_t)snprintf(line, LINE_SIZE, "%s %u %s %s %s %ldus%s%s%s%s", at, call->status,
                call->operation, call->account, call->region, call->duration_us,
                *call->error ? " " : "", call->error, *call->why ? ": " : "", call->why));
    put(line, length);
}
