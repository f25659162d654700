#include "reference.h"

#include <stdio.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "control.h"
#include "table.h"

/* ---- members ------------------------------------------------------------ */

static void
print_choice(const struct form_member *member)
{
    struct form_words words;
    const char *word, *separator = "";

    form_words_begin(&control_form, member, &words);
    while ((word = form_words_next(&words)) != NULL) {
        printf("%s`%s`", separator, word);
        separator = ", ";
    }
}

/* What a value may be, in a word or two. */
static void
print_kind(const struct form_member *member)
{
    static const char *const kinds[] = {
        [VALUE_TEXT] = "text",
        [VALUE_NUMBER] = "number",
        [VALUE_COUNT] = "whole number",
        [VALUE_FLAG] = "true or false",
        [VALUE_DURATION] = "duration",
        [VALUE_MOMENT] = "moment",
        [VALUE_ACCOUNT] = "twelve digits",
        [VALUE_ID] = "id",
        [VALUE_OBJECT] = "object",
        [VALUE_LIST] = "list",
        [VALUE_TEXTS] = "list of texts",
        [VALUE_ANY] = "any JSON",
    };

    if (member->kind == VALUE_CHOICE)
        print_choice(member);
    else
        printf("%s", kinds[member->kind]);
    if ((member->kind == VALUE_NUMBER || member->kind == VALUE_COUNT) && *member->of != '\0')
        printf(" %s", member->of);
}

static void
print_members(const char *object, const char *before)
{
    for (size_t i = 0; i < control_form.count; i++) {
        const struct form_member *member = &control_form.members[i];
        char inner[128];

        if (strcmp(member->object, object) != 0)
            continue;
        printf("| `%s%s` | ", before, member->name);
        print_kind(member);
        printf(" | %s%s |\n", member->need == NEEDED ? "needed: " : "", member->help);
        snprintf(inner, sizeof inner, "%s%s%s.", before, member->name,
            member->kind == VALUE_LIST ? "[]" : "");
        if (member->kind == VALUE_OBJECT || member->kind == VALUE_LIST)
            print_members(member->of, inner);
    }
}

static void
print_arguments(const struct control_row *row)
{
    const char *list = row->arguments;
    char word[64];

    while (control_next_word(&list, word, sizeof word) != NULL)
        for (size_t i = 0; i < control_form.count; i++) {
            const struct form_member *member = &control_form.members[i];

            if (strcmp(member->object, "argument") != 0 || strcmp(member->name, word) != 0)
                continue;
            printf("| `?%s=` | ", word);
            print_kind(member);
            printf(" | %s |\n", member->help);
        }
}

/* ---- calls -------------------------------------------------------------- */

static void
print_json(const char *before, cJSON *json)
{
    char *text = memory_made(cJSON_PrintUnformatted(json));

    printf("%s%s", before, text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static void
print_example(const struct control_row *row)
{
    printf("```\n%s /_local%s", row->method, row->path);
    if (*row->body != '\0' && !control_is_media_type(row->body))
        print_json(" ", form_example(&control_form, row->body));
    fputs("\n→ ", stdout);
    if (control_is_media_type(row->answer))
        printf("%s", row->answer);
    else
        print_json("", form_example(&control_form, row->answer));
    fputs("\n```\n\n", stdout);
}

static void
print_errors(const struct control_row *row)
{
    const char *separator = "Errors of its own: ";

    for (size_t i = 0; i < control_error_count; i++) {
        const struct control_error_row *error = &control_errors[i];

        if (!control_lists(row->errors, error->code, strlen(error->code)))
            continue;
        printf("%s`%u %s`, %s", separator, error->status, error->code, error->when);
        separator = "; ";
    }
    if (*row->errors != '\0')
        puts(".\n");
}

static void
print_row(const struct control_row *row)
{
    bool has_members = *row->body != '\0' && form_has(&control_form, row->body);

    printf("### %s /_local%s\n\n%s\n\n", row->method, row->path, row->help);
    print_example(row);
    if (has_members || *row->arguments != '\0') {
        puts("| | | |\n|---|---|---|");
        print_arguments(row);
        if (has_members)
            print_members(row->body, "");
        putchar('\n');
    }
    print_errors(row);
}

static void
print_every_calls_errors(void)
{
    puts("| any call may end in | when |\n|---|---|");
    for (size_t i = 0; i < control_error_count; i++)
        if (control_errors[i].every)
            printf("| %u %s | %s |\n", control_errors[i].status, control_errors[i].code,
                control_errors[i].when);
    putchar('\n');
}

void
control_print_reference(void)
{
    print_every_calls_errors();
    for (size_t i = 0; i < control_row_count; i++)
        print_row(&control_rows[i]);
}
