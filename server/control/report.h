/*
 * Reports: answers of any length, written a piece at a time by a job, so that a
 * big world holds nobody up.
 */
#ifndef SERVER_CONTROL_REPORT_H
#define SERVER_CONTROL_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <cjson/cJSON.h>

struct control;
struct event;
struct journal_entry;
struct report;
struct store;

/*
 * Goes on with the control call as a report. `write` is called once a turn of the loop, outside a
 * step; it writes the next piece and answers whether there is more. `context` is freed at the end.
 */
void report_begin(struct control *, bool (*write)(struct report *), void *context);

/* Should the server end before the report does: called with its context, before that is freed. */
void report_on_give_up(struct report *, void (*end)(void *context));

struct store *report_store(struct report *);
void *report_context(struct report *);

/* The text of the answer so far, to write to. */
FILE *report_text(struct report *);

void report_wait(struct report *);  /* see job_wait() */
void report_again(struct report *); /* forgets what was written */

/* Instead of what was written: an error, 500. The report must end now. */
void report_fail(struct report *, const char *why);

/*
 * Ends a step of a turn, which is kept. False when the store failed: then that is the answer, and
 * the report must end now.
 */
bool report_step_end(struct report *);

/* Writes it as JSON and deletes it; behind a comma, unless it is the first of its list. */
void report_item(struct report *, cJSON *);
void report_list(struct report *,
    const char *before); /* writes `before`: the next item is the first of a list */

/* An event of the history, as advance and history show it. */
cJSON *report_event(const struct event *, bool with_cause);

/* A call, as the journal shows it; in brief it is without input and output. */
cJSON *report_request(const struct journal_entry *, bool in_brief);

#endif
