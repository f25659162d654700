#include "table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/lifecycle.h"
#include "calls.h"

const struct control_row control_rows[] = {
#define CONTROL(method, path, function, arguments, body, answer, errors, help) \
    { #method, path, function, #function, arguments, body, answer, errors, help },
#include "control.def"
#undef CONTROL
};
const size_t control_row_count = COUNT(control_rows);

#define EVERY true
#define NAMED false

const struct control_error_row control_errors[] = {
#define CONTROL_ERROR(code, status, whose, when) { #code, status, whose, when },
#include "errors.def"
#undef CONTROL_ERROR
};
const size_t control_error_count = COUNT(control_errors);

static const struct form_member members[] = {
#define MEMBER(object, name, kind, of, need, help, ...) \
    { #object, #name, VALUE_##kind, of, need, help, #__VA_ARGS__, NULL },
#include "members.def"
#undef MEMBER
};

#define WORDS_MOST 31

/* The list with a word more, unless it is there. */
static void
add_word(const char *names[WORDS_MOST + 1], size_t *count, const char *word)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], word) == 0)
            return;
    assert(*count < WORDS_MOST);
    names[(*count)++] = word;
    names[*count] = NULL;
}

/* What lifecycle.def calls its steps, or those that can fail, each once. */
static const char *const *
list_steps(const char *names[WORDS_MOST + 1], bool all)
{
    size_t count = 0;

    for (size_t i = 0; i < lifecycle_timeout_count; i++)
        if (all || lifecycle_can_fail(&lifecycle_timeouts[i]))
            add_word(names, &count, lifecycle_timeouts[i].step);
    return names;
}

/* The statuses that its moves lead to. */
static const char *const *
list_moves(const char *names[WORDS_MOST + 1])
{
    size_t count = 0;

    for (size_t i = 0; i < lifecycle_transition_count; i++)
        if (lifecycle_transitions[i].is_move)
            add_word(names, &count, lifecycle_transitions[i].to);
    return names;
}

static const char *const *
words(const char *list)
{
    static const char *fail[WORDS_MOST + 1], *every[WORDS_MOST + 1], *moves[WORDS_MOST + 1];

    if (strcmp(list, "steps") == 0)
        return list_steps(fail, false);
    if (strcmp(list, "every_step") == 0)
        return list_steps(every, true);
    return strcmp(list, "moves") == 0 ? list_moves(moves) : NULL;
}

const struct form control_form = { .members = members, .count = COUNT(members), .words = words };

/* ---- lists of words ----------------------------------------------------- */

const char *
control_next_word(const char **list, char *word, size_t size)
{
    size_t length;

    *list += strspn(*list, " ");
    length = strcspn(*list, " ");
    if (length == 0)
        return NULL;
    snprintf(word, size, "%.*s", (int)length, *list);
    *list += length;
    return word;
}

bool
control_lists(const char *list, const char *word, size_t length)
{
    char known[64];

    while (control_next_word(&list, known, sizeof known) != NULL)
        if (strlen(known) == length && memcmp(known, word, length) == 0)
            return true;
    return false;
}

bool
control_may_end_in(const struct control_row *row, const struct control_error_row *error)
{
    return error->every || row == NULL ||
           control_lists(row->errors, error->code, strlen(error->code));
}

bool
control_is_media_type(const char *body)
{
    return strchr(body, '/') != NULL;
}
