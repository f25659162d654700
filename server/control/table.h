/* The tables of the control API, for those who serve by them and those who tell of them. */
#ifndef SERVER_CONTROL_TABLE_H
#define SERVER_CONTROL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "../model/form.h"

struct control;

struct control_row {
    const char *method, *path;
    void (*serve)(struct control *);
    const char *function; /* its name */
    const char *arguments, *body, *answer, *errors, *help;
};

extern const struct control_row control_rows[];
extern const size_t control_row_count;

struct control_error_row {
    const char *code;
    unsigned status;
    bool every; /* any call may end in it */
    const char *when;
};

extern const struct control_error_row control_errors[];
extern const size_t control_error_count;

/* Whether a call of the row may end in this error; NULL: one that no row was found for. */
bool control_may_end_in(const struct control_row *, const struct control_error_row *);

extern const struct form control_form; /* of members.def */

/* Whether the word is in the list, whose words are between spaces. */
bool control_lists(const char *list, const char *word, size_t length);

/* Likewise one word after another: NULL after the last. */
const char *control_next_word(const char **list, char *word, size_t size);

bool control_is_media_type(const char *body);

#endif
