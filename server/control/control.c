#include "control.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/resource.h"
#include "../../state/base/array.h"
#include "../../state/base/duration.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../http/http.h"
#include "../json/json.h"
#include "../json/text.h"
#include "../json/tree.h"
#include "../call/server.h"
#include "../record/log.h"
#include "../record/metrics.h"
#include "table.h"

/* The model allows ARNs of 2048 characters. */
#define ARN_GLOB_MAX 2048

/* ---- answering ---------------------------------------------------------- */

static void
reply_json(struct control *control, struct reply reply, cJSON *json)
{
    reply.content_type = "application/json";
    assert(!control->ended);
    control->ended = true;
    reply.body = memory_made(cJSON_PrintBuffered(json, 1024, false));
    cJSON_Delete(json);
    reply.length = strlen(reply.body);
    exchange_reply(control->exchange, reply);
}

struct control
control_later(struct control *control)
{
    struct control later = *control;

    later.body = NULL;
    control->ended = true;
    return later;
}

void
control_answer(struct control *control, cJSON *json)
{
    control_answer_status(control, 200, json);
}

void
control_answer_status(struct control *control, unsigned status, cJSON *json)
{
    reply_json(control, (struct reply){ .status = status }, json);
}

cJSON *
control_error(const char *code, const char *message)
{
    cJSON *json = cJSON_CreateObject(), *error = cJSON_AddObjectToObject(json, "error");

    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", message);
    return json;
}

void
control_answer_text(struct control *control, const char *content_type, char *text, size_t length)
{
    assert(!control->ended);
    control->ended = true;
    exchange_reply(control->exchange, (struct reply){ .status = 200,
                                          .content_type = content_type,
                                          .body = text,
                                          .length = length });
}

/* The tables say that the call may end so. */
static void
check_declared(const struct control *control, unsigned status, const char *code)
{
#ifndef NDEBUG
    for (size_t i = 0; i < control_error_count; i++)
        if (strcmp(control_errors[i].code, code) == 0) {
            assert(control_errors[i].status == status);
            assert(control_may_end_in(control->row, &control_errors[i]));
            return;
        }
    assert(!"an error without a row");
#else
    (void)control;
    (void)status;
    (void)code;
#endif
}

bool
control_fail(struct control *control, unsigned status, const char *code, const char *format, ...)
{
    char message[1024];
    va_list args;

    check_declared(control, status, code);
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    text_mend(message);
    reply_json(control, (struct reply){ .status = status }, control_error(code, message));
    return false;
}

bool
control_store_failed(struct control *control)
{
    return control_fail(control, 500, "StoreFailed", "The store failed: %s; nothing was changed.",
        store_why(control->store));
}

bool
control_step_end(struct control *control, bool keep)
{
    return step_end(control->store, keep) || control_store_failed(control);
}

/* ---- reading ------------------------------------------------------------ */

double
control_number(const cJSON *object, const char *member, double otherwise)
{
    double value = otherwise;

    json_number(member_of(object, member), &value);
    return value;
}

int64_t
control_count(const cJSON *object, const char *member, int64_t otherwise)
{
    const cJSON *item = member_of(object, member);

    return item == NULL ? otherwise : json_integer(item);
}

int64_t
control_duration(const cJSON *object, const char *member, int64_t otherwise_ms)
{
    const char *text = text_of(object, member);
    int64_t ms;

    return text != NULL && duration_parse(text, &ms) ? ms : otherwise_ms;
}

int64_t
control_moment(const cJSON *object, const char *member, int64_t otherwise_ms)
{
    const char *text = text_of(object, member);
    int64_t ms;

    return text != NULL && instant_parse(text, &ms) ? ms : otherwise_ms;
}

const char *
control_any(const char *text)
{
    return *text == '\0' ? NULL : text;
}

bool
control_argument_integer(struct control *control, const char *name, int64_t least, int64_t most,
    int64_t *value)
{
    const char *text = exchange_argument(control->exchange, name);
    long long number;

    if (text == NULL)
        return true;
    errno = 0;
    number = strtoll(text, NULL, 10);
    if (*text == '\0' || strspn(text, "0123456789") != strlen(text) || errno != 0 ||
        number < least || number > most)
        return control_fail(control, 400, "InvalidValue",
            "'%s' must be a whole number from %" PRId64 " to %" PRId64 ".", name, least, most);
    *value = number;
    return true;
}

/* Whether some ARN of ours could match, as far as its first characters say. */
static bool
can_match_arn(const char *glob)
{
    static const char start[] = "arn:";
    size_t literal = strcspn(glob, "*?");

    if (glob[literal] == '\0')
        return resource_of_arn(glob, &(struct scope){ "", "" }) != RESOURCE_NONE;
    return strncmp(glob, start, literal < strlen(start) ? literal : strlen(start)) == 0;
}

bool
control_arn_glob(struct control *control, const char *member, const char **value)
{
    *value = text_of(control->body, member);
    if (*value != NULL && strlen(*value) <= ARN_GLOB_MAX && can_match_arn(*value))
        return true;
    return control_fail(control, 400, "InvalidValue",
        "'%s' must be an ARN of a project, version or dataset, or a glob of ARNs such as "
        "*:project/NAME/version/*.",
        member);
}

void
control_set_id(cJSON *object, int64_t id)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, id);
    cJSON_AddStringToObject(object, "id", text);
}

int64_t
control_id(const struct control *control)
{
    bool is_id =
        strspn(control->name, "0123456789") == strlen(control->name) && strlen(control->name) < 19;

    return is_id ? strtoll(control->name, NULL, 10) : 0;
}

bool
control_argument_arn(struct control *control, char *arn, size_t size)
{
    const char *text = exchange_argument(control->exchange, "arn");

    *arn = '\0';
    if (text == NULL)
        return true;
    if (strncmp(text, "arn:", 4) != 0 || strlen(text) >= size || strpbrk(text, "\"\\") != NULL)
        return control_fail(control, 400, "InvalidValue", "'arn' must be a whole ARN.");
    memcpy(arn, text, strlen(text) + 1);
    return true;
}

void
control_set_instant(cJSON *object, const char *member, int64_t ms)
{
    char text[INSTANT_SIZE];

    instant_print(ms, text);
    cJSON_AddStringToObject(object, member, text);
}

bool
control_scope(struct control *control, struct scope *scope)
{
    const char *account = exchange_argument(control->exchange, "account");
    const char *region = exchange_argument(control->exchange, "region");

    *scope = (struct scope){ "", "" };
    if (account != NULL && !account_is_valid(account))
        return control_fail(control, 400, "InvalidValue", "'account' must be twelve digits.");
    if (region != NULL && (*region == '\0' || strlen(region) >= REGION_SIZE))
        return control_fail(control, 400, "InvalidValue", "'region' must be the name of a region.");
    if (account != NULL)
        memcpy(scope->account, account, ACCOUNT_SIZE);
    if (region != NULL)
        memcpy(scope->region, region, strlen(region) + 1);
    return true;
}

/* ---- dispatch ----------------------------------------------------------- */

static int
digit(char c)
{
    const char *digits = "0123456789abcdef", *at;

    if (c >= 'A' && c <= 'F')
        c = (char)(c - 'A' + 'a');
    at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* Decodes up to the next '/'; false when it is empty, too long or wrongly encoded. */
static bool
decode_name(const char **path, char *out, size_t size)
{
    size_t length = 0;

    while (**path != '\0' && **path != '/') {
        char c = *(*path)++;

        if (c == '%') {
            int high = digit((*path)[0]), low = high < 0 ? -1 : digit((*path)[1]);

            if (low < 0 || (high == 0 && low == 0))
                return false;
            c = (char)(high << 4 | low);
            *path += 2;
        }
        if (length + 1 >= size)
            return false;
        out[length++] = c;
    }
    out[length] = '\0';
    return length > 0;
}

/* Whether the path is the pattern, with a name for what stands between {}. */
static bool
path_fits(const char *path, const char *pattern, char *name, size_t size)
{
    while (*pattern != '\0') {
        if (*pattern == '{') {
            if (!decode_name(&path, name, size))
                return false;
            pattern = strchr(pattern, '}') + 1;
        } else if (*path++ != *pattern++) {
            return false;
        }
    }
    return *path == '\0' || strcmp(path, "/") == 0; /* as people write it */
}

static bool
read_body(struct control *control)
{
    const struct exchange *exchange = control->exchange;
    enum json_fault fault;

    /* What is spooled to a file is not JSON. */
    control->body =
        json_parse(exchange->body, exchange->body_file < 0 ? exchange->length : 0, &fault);
    if (control->body == NULL && fault == JSON_EMPTY)
        control->body = cJSON_CreateObject();
    if (control->body == NULL)
        return control_fail(control, 400, "InvalidJson", "The body cannot be read: %s.",
            json_fault_text(fault));
    if (!cJSON_IsObject(control->body))
        return control_fail(control, 400, "InvalidJson", "The body must be a JSON object.");
    return true;
}

/*
 * Bodies are JSON. Programs that send some say anything of it, or nothing: fetch() calls it text, curl a
 * form. From a browser these are what a page can send without asking first.
 */
static bool
is_content_known(const struct exchange *exchange)
{
    const char *type = exchange_header(exchange, "Content-Type");
    size_t length = type == NULL ? 0 : strcspn(type, "; \t");

    if (exchange_header(exchange, "Origin") == NULL &&
        exchange_header(exchange, "Sec-Fetch-Site") == NULL)
        return true;
    if (type == NULL)
        return exchange->length == 0;
    return length >= 5 && (strncasecmp(type + length - 5, "/json", 5) == 0 ||
                              strncasecmp(type + length - 5, "+json", 5) == 0);
}

static bool
check_content(struct control *control)
{
    if (control->exchange->body_file >= 0 || is_content_known(control->exchange))
        return true;
    return control_fail(control, 415, "UnsupportedMediaType",
        "The Content-Type must be application/json.");
}

static bool
arguments_are_known(struct control *control)
{
    const char *query = control->exchange->query;

    while (*query != '\0') {
        size_t length = strcspn(query, "=&");

        if (length > 0 && !control_lists(control->row->arguments, query, length))
            return control_fail(control, 400, "UnknownArgument",
                "There is no argument '%.*s' here; known: %s.", (int)(length < 64 ? length : 64),
                query, *control->row->arguments == '\0' ? "none" : control->row->arguments);
        query += strcspn(query, "&");
        query += *query == '&';
    }
    return true;
}

/* By the table of members; what that does not have, the call reads by another. */
static bool
body_fits(struct control *control)
{
    static const char *const codes[] = {
        [FORM_UNKNOWN_MEMBER] = "UnknownMember",
        [FORM_WRONG_TYPE] = "WrongType",
        [FORM_WRONG_VALUE] = "InvalidValue",
        [FORM_MISSING] = "InvalidValue",
    };
    struct form_fault fault;

    return control_is_media_type(control->row->body) ||
           form_check(&control_form, control->row->body, control->body, &fault) ||
           control_fail(control, 400, codes[fault.kind], "'%s' %s.", fault.place, fault.text);
}

/* RFC 9110, 15.5.6: such an answer says which methods there are. */
static void
refuse_method(struct control *control, const char *path)
{
    const struct exchange *exchange = control->exchange;
    char allow[64], message[1024];
    size_t used = 0;

    for (size_t i = 0; i < control_row_count; i++)
        if (path_fits(path, control_rows[i].path, control->name, sizeof control->name))
            used += (size_t)snprintf(allow + used, sizeof allow - used, "%s%s",
                used == 0 ? "" : ", ", control_rows[i].method);
    snprintf(message, sizeof message, "%s is not a method of %s, which has %s.", exchange->method,
        exchange->path, allow);
    text_mend(message);
    reply_json(control, (struct reply){ .status = 405, .headers = { { "Allow", allow } } },
        control_error("MethodNotAllowed", message));
}

void
control_serve(struct server *server, struct exchange *exchange)
{
    struct control control = { .server = server, .store = server->store, .exchange = exchange };
    const char *path = exchange->path + strlen("/_local");
    const char *method = strcmp(exchange->method, "HEAD") == 0 ? "GET" : exchange->method;
    bool path_known = false;

    for (size_t i = 0; i < control_row_count && control.row == NULL; i++) {
        if (!path_fits(path, control_rows[i].path, control.name, sizeof control.name))
            continue;
        path_known = true;
        if (strcmp(control_rows[i].method, method) == 0)
            control.row = &control_rows[i];
    }
    if (control.row != NULL) {
        if (check_content(&control) && read_body(&control) && arguments_are_known(&control) &&
            body_fits(&control))
            control.row->serve(&control);
    } else if (path_known) {
        refuse_method(&control, path);
    } else {
        control_fail(&control, 404, "NotFound", "There is no %s; GET /_local lists what there is.",
            exchange->path);
    }
    assert(control.ended);
    cJSON_Delete(control.body);
}

void
control_shut_out(struct server *server, struct exchange *exchange, unsigned status,
    const char *code, const char *why)
{
    struct control control = { .server = server, .store = server->store, .exchange = exchange };

    log_line("%s %s: %s", exchange->method, exchange->path, why);
    metrics_shut_out(server->metrics, status);
    control_fail(&control, status, code, "%s", why);
}

void
control_refuse(struct server *server, struct exchange *exchange, unsigned status, const char *why)
{
    struct control control = { .server = server, .store = server->store, .exchange = exchange };

    control_fail(&control, status,
        status == 413   ? "TooLarge"
        : status == 400 ? "BadRequest"
                        : "NoRoom",
        "%s.", why);
}
