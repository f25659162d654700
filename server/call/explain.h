/*
 * Why a call was refused, as JSON for whoever asks outside the API:
 * {"decisions"?,"rule","found"?,"limit"?:{"setting","value"},"violations"?,"evidence","source"}
 *
 * `decisions` are those of policies, a line for each that was asked for; a call that they let pass has them alone.
 *
 * `rule` is the name of what was broken, `found` the state that broke it, in words; `evidence` and
 * `source` say how error and message are known. None of it is ever in the body of an answer
 * of the API.
 */
#ifndef SERVER_CALL_EXPLAIN_H
#define SERVER_CALL_EXPLAIN_H

#include <stddef.h>

struct call;
struct written;

/* The text is that of `written`. NULL: there is nothing to explain. */
const char *explain(const struct call *, struct written *);

/* The header that goes with a refusal, unless `explain.header` is 0. */
#define REASON_HEADER "x-rekognition-local-reason"

/* The same in a line, "RULE: what was found, limit.projects = 100"; "" for nothing. */
void explain_line(const struct call *, char *out, size_t size);

/* Makes any text one that a header can have: printable ASCII, with ? for the rest. */
void explain_for_header(char *text);

#endif
