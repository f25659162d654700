#include "call.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"

/* ---- input -------------------------------------------------------------- */

const cJSON *
input_member(const struct call *call, const char *member)
{
    return member_of(call->input, member);
}

const char *
input_text(const struct call *call, const char *member)
{
    return text_of(call->input, member);
}

int64_t
input_int(const struct call *call, const char *member, int64_t otherwise)
{
    const cJSON *item = input_member(call, member);

    return item == NULL ? otherwise : json_integer(item);
}

char *
json_kept(struct call *call, const cJSON *item)
{
    char *printed, *kept;

    if (item == NULL)
        return NULL;
    printed = memory_made(cJSON_PrintUnformatted(item));
    kept = store_keep(call->store, printed);
    cJSON_free(printed);
    return kept;
}

char *
input_json(struct call *call, const char *member)
{
    return json_kept(call, input_member(call, member));
}

/* ---- failing ------------------------------------------------------------ */

/* Errors of the front door belong to every operation; the others are the model's to declare. */
static bool
declares(const struct call *call, enum error error)
{
    return error_rows[error].form != FORM_SERVICE || call->model == NULL ||
           error_is_among(error, call->model->errors);
}

static void
set_message(struct call *call, const char *text)
{
    free(call->message);
    call->message = text == NULL ? NULL : memory_text(text);
}

void
fail_with(struct call *call, enum error error, const char *message)
{
    assert(
        declares(call, error) || store_failed(call->store)); /* then it is not what is answered */
    call->error = error;
    call->rule = error_rows[error].name;
    call->found = NULL;
    call->limit = NULL;
    set_message(call, message);
}

bool
fail(struct call *call, enum error error, enum evidence evidence, const char *source,
    const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fail_with(call, error, text);
    call->evidence = evidence;
    call->source = source;
    return false;
}

/*
 * Where an operation doesn't declare the error, a rule keeps its words with the other error; but "in
 * use" is the wording of the one error, and the other has its own.
 */
static const char *
words_of(const struct refusal *refusal, enum error error)
{
    enum result own = error == ResourceNotFoundException ? RESULT_NOT_FOUND : RESULT_NOT_RUNNING;

    if (error == refusal->error || refusal->error != ResourceInUseException)
        return refusal->message;
    return refusals[own].message;
}

/* What was asked for takes the place of "%s". */
static const char *
with_name(struct call *call, const char *words)
{
    const char *at = strstr(words, "%s");

    return at == NULL || call->asked == NULL ? words
                                             : store_format(call->store, "%.*s%s%s",
                                                   (int)(at - words), words, call->asked, at + 2);
}

bool
granted(struct call *call, enum result result)
{
    const struct refusal *refusal = &refusals[result];
    enum error error;

    if (result == RESULT_OK)
        return true;
    error = declares(call, refusal->error) ? refusal->error : refusal->otherwise;
    fail_with(call, error, with_name(call, words_of(refusal, error)));
    call->evidence = refusal->evidence;
    call->source = refusal->source;
    call->rule = refusal->rule;
    call->found = store_found(call->store);
    call->limit = store_limit(call->store, &call->limit_value);
    return false;
}

bool
beyond(struct call *call, enum setting setting)
{
    call->limit = setting_rows[setting].name;
    call->limit_value = setting_number(call->store, setting);
    return false;
}

bool
invalid_parameter(struct call *call, enum evidence evidence, const char *source, const char *rule)
{
    fail(call, InvalidParameterException, evidence, source, "Request has invalid parameters");
    call->rule = "PARAMETERS";
    call->found = rule;
    return false;
}
