/* The log: one line for each thing worth knowing, on standard error, as text or as JSON. */
#ifndef SERVER_RECORD_LOG_H
#define SERVER_RECORD_LOG_H

enum log_form { LOG_TEXT, LOG_JSON, LOG_OFF };

void log_open(enum log_form); /* once, before any thread; LOG_TEXT until then */

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

void log_call(const struct call_line *);

#endif
