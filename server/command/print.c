#include "print.h"

#include <stdio.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"
#include "../../state/resource/dataset.h"
#include "../../state/base/duration.h"
#include "../../state/lifecycle.h"
#include "../../state/setting.h"
#include "../access/credentials_read.h"
#include "../call/error.h"
#include "../call/fault.h"
#include "../control/openapi.h"
#include "../control/reference.h"
#include "../fixture/schema.h"
#include "../call/operation.h"
#include "../call/setting_text.h"
#include "../call/uncaused.h"
#include "../model/model.h"

/* ---- the state machine -------------------------------------------------- */

static const struct timeout *
timeout_of(const struct transition *t)
{
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];

        if (strcmp(timeout->kind, t->kind) == 0 && strcmp(timeout->status, t->from) == 0 &&
            (strcmp(timeout->event, t->event) == 0 || strcmp(timeout->otherwise, t->event) == 0))
            return timeout;
    }
    return NULL;
}

static const char *
node(const char *status)
{
    return strcmp(status, LIFECYCLE_NONE) == 0 ? "[*]" : status;
}

static bool
is_use(const struct transition *t)
{
    return strcmp(t->from, t->to) == 0;
}

static void
print_states(const char *kind)
{
    puts("```mermaid\nstateDiagram-v2");
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (strcmp(t->kind, kind) == 0 && !is_use(t))
            printf("    %s --> %s: %s\n", node(t->from), node(t->to), t->event);
    }
    puts("```\n");
}

static void
print_moves(const char *kind)
{
    puts("| from | event | to | by itself after | known from |\n|---|---|---|---|---|");
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];
        const struct timeout *timeout = timeout_of(t);

        if (strcmp(t->kind, kind) == 0)
            printf("| %s | %s | %s | %s | %s: %s |\n", t->from, t->event, is_use(t) ? "" : t->to,
                timeout != NULL ? setting_rows[timeout->setting].name
                : t->is_move    ? "/_local/moves"
                                : "",
                evidence_name(t->evidence), t->source);
    }
    putchar('\n');
}

static void
print_diagram(void)
{
    print_states("project_version");
}

static void
print_lifecycle(void)
{
    const char *kind = "";

    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        if (strcmp(lifecycle_transitions[i].kind, kind) == 0)
            continue;
        kind = lifecycle_transitions[i].kind;
        printf("### %s\n\n", kind);
        print_states(kind);
        print_moves(kind);
    }
}

/* ---- the other tables --------------------------------------------------- */

/* Pairs of an operation and an error that it declares: all of them, or those of a row. */
static size_t
count_pairs(const struct uncaused *row)
{
    size_t count = 0;

    for (size_t i = 0; i < operation_count; i++) {
        const struct operation_model *model = operations[i].model;

        if (row != NULL)
            count += uncaused_is_of(row, model);
        else
            for (const char *const *error = model->errors; *error != NULL; error++)
                count++;
    }
    return count;
}

static void
print_uncaused(void)
{
    size_t pairs = count_pairs(NULL), without = 0;

    for (size_t i = 0; i < uncaused_count; i++)
        without += count_pairs(&uncaused_rows[i]);
    printf("They declare %zu errors, each counted for each operation. To %zu of these something "
           "leads that a caller does or the world is, and a story goes there; the other %zu are "
           "answered only when a fault, a script or an outcome says so:\n\n"
           "| error | of | operations | why |\n|---|---|---|---|\n",
        pairs, pairs - without, without);
    for (size_t i = 0; i < uncaused_count; i++) {
        const struct uncaused *row = &uncaused_rows[i];

        printf("| %s | %zu | %s%s | %s |\n", row->error, count_pairs(row),
            *row->operations == '*' ? "all that declare it" : "",
            row->operations + (*row->operations == '*'), row->why);
    }
    putchar('\n');
}

static void
print_operations(void)
{
    printf("%zu of the %d operations of the service are served: ", operation_count,
        MODEL_OPERATION_COUNT);
    for (size_t i = 0; i < operation_count; i++)
        printf("%s%s", i == 0 ? "" : ", ", operations[i].name);
    puts(".\n");
    print_uncaused();
}

static void
print_settings(void)
{
    puts("| setting | instant | quick | aws | what it is | default known from "
         "|\n|---|---|---|---|---|---|");
    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        const struct setting_row *row = &setting_rows[i];
        char text[SETTING_TEXT_SIZE];

        printf("| `%s` |", row->name);
        for (int profile = 0; profile < 3; profile++) {
            setting_print(i, setting_plain(row->defaults[profile]), text);
            printf(" %s |", text);
        }
        printf(" %s | %s: %s |\n", row->help, evidence_name(row->evidence), row->source);
    }
    putchar('\n');
}

/* ---- evidence ----------------------------------------------------------- */

static void
print_refusals(enum evidence evidence)
{
    for (size_t i = RESULT_OK + 1; i < RESULT_COUNT; i++)
        if (refusals[i].evidence == evidence)
            printf("| refusal | %s: %s \"%s\" | %s | %s |\n", refusals[i].rule,
                error_rows[refusals[i].error].name, refusals[i].message, evidence_name(evidence),
                refusals[i].source);
}

static void
print_transitions(enum evidence evidence)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (t->evidence == evidence)
            printf("| %s | %s in %s%s%s | %s | %s |\n", t->kind, t->event, t->from,
                is_use(t) ? "" : " leads to ", is_use(t) ? "" : t->to, evidence_name(evidence),
                t->source);
    }
}

static void
print_messages(enum evidence evidence)
{
    for (size_t i = 0; i < lifecycle_message_count; i++) {
        const struct status_message *m = &lifecycle_messages[i];

        if (m->evidence == evidence)
            printf("| %s | %s says \"%s\" | %s | %s |\n", m->kind, m->status, m->text,
                evidence_name(evidence), m->source);
    }
}

static void
print_defaults(enum evidence evidence)
{
    for (enum setting i = 0; i < SETTING_TOTAL; i++)
        if (setting_rows[i].evidence == evidence)
            printf("| setting | default of `%s` | %s | %s |\n", setting_rows[i].name,
                evidence_name(evidence), setting_rows[i].source);
}

static void
print_dataset_messages(enum evidence evidence)
{
    for (size_t i = 0; i < DATASET_MESSAGE_COUNT; i++) {
        const struct dataset_message_row *m = &dataset_messages[i];

        if (m->evidence == evidence)
            printf("| dataset | a step may end with \"%s\" | %s | %s |\n", m->text,
                evidence_name(evidence), m->source);
    }
}

static void
print_fault_messages(enum evidence evidence)
{
    for (size_t i = 0; i < fault_message_count; i++) {
        const struct fault_message *m = &fault_messages[i];

        if (m->evidence == evidence)
            printf("| fault | %s with status %u says \"%s\" | %s | %s |\n",
                error_rows[m->error].name, m->status, m->text, evidence_name(evidence), m->source);
    }
}

/* The guesses first: they are what a reader must know. */
static void
print_evidence(void)
{
    static const enum evidence order[] = { GUESSED, OBSERVED, DOCUMENTED };

    puts("| of | behaviour | how it is known | source |\n|---|---|---|---|");
    for (size_t i = 0; i < COUNT(order); i++) {
        print_refusals(order[i]);
        print_transitions(order[i]);
        print_messages(order[i]);
        print_dataset_messages(order[i]);
        print_fault_messages(order[i]);
        print_defaults(order[i]);
    }
    putchar('\n');
}

/* ---- JSON --------------------------------------------------------------- */

/* And deletes it. */
static void
print_json(cJSON *json)
{
    char *text = memory_made(cJSON_Print(json));

    puts(text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static void
print_fixture_schema(void)
{
    print_json(fixture_schema());
}

static void
print_credentials_schema(void)
{
    print_json(credentials_schema());
}

static void
print_openapi(void)
{
    print_json(control_openapi());
}

/* ---- all of them -------------------------------------------------------- */

const struct printer printers[] = {
    { "--print-diagram", print_diagram, "the states of a model, as a Mermaid diagram" },
    { "--print-lifecycle", print_lifecycle,
        "every lifecycle: diagrams, and the tables behind them" },
    { "--print-operations", print_operations, "which operations of the API are served" },
    { "--print-settings", print_settings,
        "every setting, its defaults and where they are known from" },
    { "--print-fixture-schema", print_fixture_schema,
        "the JSON Schema of what --load takes; also at GET /_local/schema/fixture" },
    { "--print-credentials-schema", print_credentials_schema,
        "the form of the file of --credentials, as JSON Schema" },
    { "--print-control", control_print_reference, "every call of the control API" },
    { "--print-openapi", print_openapi,
        "the same as OpenAPI 3.1; also at GET /_local/openapi.json" },
    { "--print-evidence", print_evidence, "how faithful each behaviour is, and which are guesses" },
};

const size_t printer_count = sizeof printers / sizeof printers[0];
