#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "../../state/clock.h"
#include "../../state/base/instant.h"
#include "../http/program.h"

static enum log_form form;

void
log_open(enum log_form wanted)
{
    form = wanted;
}

static void
write_json(cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);

    if (text != NULL)
        fprintf(stderr, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(line);
}

static void
write_json_message(const char *text)
{
    char at[INSTANT_SIZE];
    cJSON *line = cJSON_CreateObject();

    instant_print(clock_wall_ms(), at);
    cJSON_AddStringToObject(line, "at", at);
    cJSON_AddStringToObject(line, "message", text);
    write_json(line);
}

void
log_line(const char *format, ...)
{
    char at[INSTANT_SIZE], text[1024];
    va_list args;

    if (form == LOG_OFF)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    instant_print(clock_wall_ms(), at);
    if (form == LOG_JSON)
        write_json_message(text);
    else
        fprintf(stderr, "%s %s\n", at, text);
}

void
log_warning(const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (form == LOG_JSON)
        write_json_message(text);
    else
        fprintf(stderr, PROGRAM ": %s\n", text);
}

void
log_call(const struct call_line *call)
{
    char at[INSTANT_SIZE];

    if (form == LOG_OFF)
        return;
    instant_print(clock_wall_ms(), at);
    if (form == LOG_JSON) {
        cJSON *line = cJSON_CreateObject();

        cJSON_AddStringToObject(line, "at", at);
        cJSON_AddStringToObject(line, "requestId", call->request_id);
        cJSON_AddStringToObject(line, "operation", call->operation);
        cJSON_AddStringToObject(line, "account", call->account);
        cJSON_AddStringToObject(line, "region", call->region);
        cJSON_AddNumberToObject(line, "status", call->status);
        cJSON_AddStringToObject(line, "error", call->error);
        cJSON_AddStringToObject(line, "why", call->why);
        cJSON_AddNumberToObject(line, "durationUs", (double)call->duration_us);
        write_json(line);
    } else {
        fprintf(stderr, "%s %u %s %s %s %ldus%s%s%s%s\n", at, call->status, call->operation,
            call->account, call->region, call->duration_us, *call->error ? " " : "", call->error,
            *call->why ? ": " : "", call->why);
    }
}
