#include "explain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "setting_text.h"

static void
add_limit(struct part whole, const struct call *call)
{
    struct part limit = set_object(whole, "limit");
    cJSON *value = setting_json(setting_find(call->limit), setting_plain(call->limit_value));
    char *text = cJSON_PrintUnformatted(value);

    set_text(limit, "setting", call->limit);
    set_json(limit, "value", text);
    cJSON_free(text);
    cJSON_Delete(value);
}

static void
add_violations(struct part whole, const cJSON *violations)
{
    struct part list = set_list(whole, "violations");
    const cJSON *violation;

    cJSON_ArrayForEach(violation, violations) add_text(list, violation->valuestring);
}

const char *
explain(const struct call *call, struct written *written)
{
    struct part whole;

    assert(call->error == NO_ERROR || (call->rule != NULL && call->source != NULL));
    if (call->rule == NULL && call->decisions.bytes == NULL)
        return NULL;
    whole = written_object(written);
    set_text(whole, "decisions", call->decisions.bytes);
    if (call->rule == NULL)
        return written_end(written);
    set_text(whole, "rule", call->rule);
    set_text(whole, "found", call->found);
    if (call->limit != NULL)
        add_limit(whole, call);
    if (call->findings.violations != NULL)
        add_violations(whole, call->findings.violations);
    set_text(whole, "evidence", evidence_name(call->evidence));
    set_text(whole, "source", call->source);
    return written_end(written);
}

/* What fits of the text; where it ends. */
static char *
append(char *out, size_t *size, const char *text)
{
    size_t length = strnlen(text, *size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
    *size -= length;
    return out + length;
}

void
explain_line(const struct call *call, char *out, size_t size)
{
    char limit[96] = "";

    *out = '\0';
    if (call->rule == NULL)
        return;
    if (call->limit != NULL)
        snprintf(limit, sizeof limit, ", %s = %.15g", call->limit, call->limit_value);
    out = append(out, &size, call->rule);
    if (call->found != NULL)
        out = append(append(out, &size, ": "), &size, call->found);
    append(out, &size, limit);
}

/* A character of several bytes is one ?. */
void
explain_for_header(char *text)
{
    char *end;

    while (*text >= ' ' && *text <= '~')
        text++;
    end = text;
    for (const char *c = text; *c != '\0'; c++)
        if ((*c & 0xC0) != 0x80)
            *end++ = *c >= ' ' && *c <= '~' ? *c : '?';
    *end = '\0';
}
