/* The control API as OpenAPI 3.1, made from its tables. */

#include "openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/setting.h"
#include "../call/setting_text.h"
#include "../fixture/members.h"
#include "../http/program.h"
#include "control.h"
#include "table.h"

#define SCHEMAS "#/components/schemas/"
#define RESPONSES "#/components/responses/"

static cJSON *
reference(const char *where, const char *name)
{
    cJSON *json = cJSON_CreateObject();
    char text[128];

    snprintf(text, sizeof text, "%s%s", where, name);
    cJSON_AddStringToObject(json, "$ref", text);
    return json;
}

/* ---- errors ------------------------------------------------------------- */

/* Whether a row has errors of this status that not every call has. */
static bool
names_errors(const struct control_row *row, unsigned status)
{
    for (size_t i = 0; i < control_error_count; i++)
        if (control_errors[i].status == status && !control_errors[i].every &&
            control_lists(row->errors, control_errors[i].code, strlen(control_errors[i].code)))
            return true;
    return false;
}

/* The answer with this status to a call of the row; of NULL: what every call may end in. */
static cJSON *
error_response(const struct control_row *row, unsigned status)
{
    cJSON *response = cJSON_CreateObject(), *codes = cJSON_CreateArray(), *schema, *at;
    char description[1024] = "";
    size_t used = 0;

    for (size_t i = 0; i < control_error_count && used < sizeof description; i++) {
        const struct control_error_row *error = &control_errors[i];

        if (error->status != status ||
            !(row == NULL ? error->every : control_may_end_in(row, error)))
            continue;
        cJSON_AddItemToArray(codes, cJSON_CreateString(error->code));
        used += (size_t)snprintf(description + used, sizeof description - used, "%s%s: %s",
            used == 0 ? "" : "; ", error->code, error->when);
    }
    cJSON_AddStringToObject(response, "description", description);
    at = cJSON_AddObjectToObject(cJSON_AddObjectToObject(response, "content"), "application/json");
    schema = cJSON_AddObjectToObject(at, "schema");
    at = cJSON_AddArrayToObject(schema, "allOf");
    cJSON_AddItemToArray(at, reference(SCHEMAS, "error"));
    cJSON_AddItemToArray(at, cJSON_CreateObject());
    at = cJSON_AddObjectToObject(cJSON_GetArrayItem(at, 1), "properties");
    at = cJSON_AddObjectToObject(cJSON_AddObjectToObject(at, "error"), "properties");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(at, "code"), "enum", codes);
    return response;
}

static bool
is_every_calls(unsigned status)
{
    for (size_t i = 0; i < control_error_count; i++)
        if (control_errors[i].status == status && control_errors[i].every)
            return true;
    return false;
}

/* The status of the error, if none before it has the same; as a text. */
static bool
is_new_status(size_t error, char text[8])
{
    for (size_t i = 0; i < error; i++)
        if (control_errors[i].status == control_errors[error].status)
            return false;
    snprintf(text, 8, "%u", control_errors[error].status);
    return true;
}

static void
add_error_responses(cJSON *responses, const struct control_row *row)
{
    char status[8];

    for (size_t i = 0; i < control_error_count; i++) {
        if (!is_new_status(i, status))
            continue;
        if (names_errors(row, control_errors[i].status))
            cJSON_AddItemToObject(responses, status, error_response(row, control_errors[i].status));
        else if (is_every_calls(control_errors[i].status))
            cJSON_AddItemToObject(responses, status, reference(RESPONSES, status));
    }
}

static cJSON *
every_calls_responses(void)
{
    cJSON *responses = cJSON_CreateObject();
    char status[8];

    for (size_t i = 0; i < control_error_count; i++)
        if (is_new_status(i, status) && is_every_calls(control_errors[i].status))
            cJSON_AddItemToObject(responses, status,
                error_response(NULL, control_errors[i].status));
    return responses;
}

/* ---- one call ----------------------------------------------------------- */

static const struct form_member *
argument_named(const char *name, size_t length)
{
    for (size_t i = 0; i < control_form.count; i++) {
        const struct form_member *member = &control_form.members[i];

        if (strcmp(member->object, "argument") == 0 && strlen(member->name) == length &&
            memcmp(member->name, name, length) == 0)
            return member;
    }
    return NULL;
}

static void
add_parameter(cJSON *parameters, const char *name, size_t length, const char *where)
{
    const struct form_member *member = argument_named(name, length);
    cJSON *parameter = cJSON_CreateObject(), *schema;

    if (member == NULL)
        abort(); /* the table of members has no such argument */
    schema = form_member_schema(&control_form, member, SCHEMAS);
    cJSON_DeleteItemFromObject(schema, "description");
    cJSON_AddStringToObject(parameter, "name", member->name);
    cJSON_AddStringToObject(parameter, "in", where);
    cJSON_AddBoolToObject(parameter, "required", member->need == NEEDED);
    cJSON_AddStringToObject(parameter, "description", member->help);
    cJSON_AddItemToObject(parameter, "schema", schema);
    cJSON_AddItemToArray(parameters, parameter);
}

static void
add_parameters(cJSON *operation, const struct control_row *row)
{
    cJSON *parameters = cJSON_AddArrayToObject(operation, "parameters");
    const char *list = row->arguments, *name = strchr(row->path, '{');
    char word[64];

    if (name != NULL)
        add_parameter(parameters, name + 1, strcspn(name + 1, "}"), "path");
    while (control_next_word(&list, word, sizeof word) != NULL)
        add_parameter(parameters, word, strlen(word), "query");
}

/* What a body or an answer is: by its media type. */
static cJSON *
content_of(const char *what)
{
    cJSON *content = cJSON_CreateObject(), *at;
    bool is_json = !control_is_media_type(what);

    at = cJSON_AddObjectToObject(content, is_json ? "application/json" : what);
    if (is_json) {
        cJSON_AddItemToObject(at, "schema", reference(SCHEMAS, *what == '\0' ? "nothing" : what));
        cJSON_AddItemToObject(at, "example", form_example(&control_form, what));
    }
    return content;
}

static bool
body_is_needed(const char *object)
{
    for (size_t i = 0; i < control_form.count; i++)
        if (strcmp(control_form.members[i].object, object) == 0 &&
            control_form.members[i].need == NEEDED)
            return true;
    return false;
}

static void
add_answer(cJSON *responses, const char *status, const char *description,
    const struct control_row *row)
{
    cJSON *answer = cJSON_AddObjectToObject(responses, status);

    cJSON_AddStringToObject(answer, "description", description);
    cJSON_AddItemToObject(answer, "content", content_of(row->answer));
}

static cJSON *
operation_of(const struct control_row *row)
{
    cJSON *operation = cJSON_CreateObject(), *at;
    const char *noun = row->path + strspn(row->path, "/");
    char tag[32];

    snprintf(tag, sizeof tag, "%.*s", *noun == '\0' ? 5 : (int)strcspn(noun, "/."),
        *noun == '\0' ? "index" : noun);
    cJSON_AddStringToObject(operation, "operationId", row->function + strlen("control_"));
    cJSON_AddStringToObject(operation, "summary", row->help);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(operation, "tags"), cJSON_CreateString(tag));
    add_parameters(operation, row);
    if (*row->body != '\0') {
        at = cJSON_AddObjectToObject(operation, "requestBody");
        cJSON_AddBoolToObject(at, "required", body_is_needed(row->body));
        cJSON_AddItemToObject(at, "content", content_of(row->body));
    }
    at = cJSON_AddObjectToObject(operation, "responses");
    add_error_responses(at, row);
    add_answer(at, "200", "It is done.", row);
    if (row->serve == control_health)
        add_answer(at, "503", "It is not ready: the store fails.", row);
    return operation;
}

static cJSON *
paths(void)
{
    cJSON *all = cJSON_CreateObject();

    for (size_t i = 0; i < control_row_count; i++) {
        const struct control_row *row = &control_rows[i];
        char path[128], method[16];
        cJSON *item;

        snprintf(path, sizeof path, "/_local%s", row->path);
        snprintf(method, sizeof method, "%s", row->method);
        for (char *letter = method; *letter != '\0'; letter++)
            *letter = (char)(*letter - 'A' + 'a');
        item = cJSON_GetObjectItemCaseSensitive(all, path);
        if (item == NULL)
            item = cJSON_AddObjectToObject(all, path);
        cJSON_AddItemToObject(item, method, operation_of(row));
    }
    return all;
}

/* ---- schemas ------------------------------------------------------------ */

static cJSON *
typed(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddStringToObject(schema, "type", type);
    return schema;
}

static cJSON *
setting_schema(enum setting setting)
{
    cJSON *schema = typed(setting_is_text(setting) ? "string" : "number"), *words;
    char word[SETTING_WORD_SIZE];

    if (setting_rows[setting].kind != SETTING_WORD)
        return schema;
    words = cJSON_AddArrayToObject(schema, "enum");
    for (int i = 0; i <= (int)setting_rows[setting].max; i++) {
        setting_word_print(setting, i, word);
        cJSON_AddItemToArray(words, cJSON_CreateString(word));
    }
    return schema;
}

/* Of every setting by its name; for a change, null is its default. */
static cJSON *
settings_schema(bool is_change)
{
    cJSON *schema = typed("object"), *properties, *choices, *either;

    properties = cJSON_AddObjectToObject(schema, "properties");
    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        either = cJSON_AddObjectToObject(properties, setting_rows[i].name);
        choices = cJSON_AddArrayToObject(either, "anyOf");
        cJSON_AddItemToArray(choices, setting_schema(i));
        if (is_change)
            cJSON_AddItemToArray(choices, typed("null"));
        cJSON_AddStringToObject(either, "description", setting_rows[i].help);
    }
    cJSON_AddFalseToObject(schema, "additionalProperties");
    return schema;
}

static cJSON *
error_schema(void)
{
    cJSON *schema = typed("object"), *error, *properties;

    cJSON_AddItemToArray(cJSON_AddArrayToObject(schema, "required"), cJSON_CreateString("error"));
    cJSON_AddFalseToObject(schema, "additionalProperties");
    properties = cJSON_AddObjectToObject(schema, "properties");
    error = typed("object");
    cJSON_AddItemToObject(properties, "error", error);
    properties = cJSON_AddObjectToObject(error, "properties");
    cJSON_AddItemToObject(properties, "code", typed("string"));
    cJSON_AddItemToObject(properties, "message", typed("string"));
    properties = cJSON_AddArrayToObject(error, "required");
    cJSON_AddItemToArray(properties, cJSON_CreateString("code"));
    cJSON_AddItemToArray(properties, cJSON_CreateString("message"));
    cJSON_AddFalseToObject(error, "additionalProperties");
    return schema;
}

/* What other tables have takes the place of what members.def has only for its example. */
static cJSON *
schemas(void)
{
    cJSON *all = cJSON_CreateObject();

    cJSON_AddItemToObject(all, "error", error_schema());
    cJSON_AddItemToObject(all, "nothing", form_schema(&control_form, "", SCHEMAS));
    cJSON_AddItemToObject(all, "settings", settings_schema(false));
    cJSON_AddItemToObject(all, "settings_change", settings_schema(true));
    form_add_schemas(&fixture_form, all, SCHEMAS);
    form_add_schemas(&control_form, all, SCHEMAS);
    cJSON_DeleteItemFromObject(all, "argument");
    return all;
}

/* ---- the document ------------------------------------------------------- */

cJSON *
control_openapi(void)
{
    cJSON *document = cJSON_CreateObject(), *at;

    cJSON_AddStringToObject(document, "openapi", "3.1.0");
    at = cJSON_AddObjectToObject(document, "info");
    cJSON_AddStringToObject(at, "title", "The control API of " PROGRAM);
    cJSON_AddStringToObject(at, "version", VERSION);
    cJSON_AddStringToObject(at, "summary",
        "What the real service never lets you do: stop time, make a step fail, throttle a call.");
    cJSON_AddItemToObject(document, "paths", paths());
    at = cJSON_AddObjectToObject(document, "components");
    cJSON_AddItemToObject(at, "schemas", schemas());
    cJSON_AddItemToObject(at, "responses", every_calls_responses());
    return document;
}

void
control_openapi_get(struct control *control)
{
    control_answer(control, control_openapi());
}
