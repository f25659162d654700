/*
 * The log: one line for each thing worth knowing, on standard error, as text or as JSON.
 *
 * The rule: nobody waits for whoever reads it. What a full pipe does not take is dropped, counted,
 * and said as soon as there is room again. Any thread may write.
 */
#ifndef SERVER_RECORD_LOG_H
#define SERVER_RECORD_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_form { LOG_TEXT, LOG_JSON, LOG_OFF };

void log_open(enum log_form); /* before any thread; until then nothing is written */
void log_close(void);         /* writes what it still can */

/* A line of words. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a user should mend: said also when the log is off. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct call_line {
    const char *request_id, *operation, *account, *region;
    unsigned status;
    const char *error; /* "" when there was none */
    const char *why;   /* the rule and what was found; "" when there is nothing to say */
    long duration_us;
};

bool log_is_on(void); /* or nothing needs to be put together for it */
void log_call(const struct call_line *);

uint64_t log_dropped(void); /* lines, since the program started */

#endif
