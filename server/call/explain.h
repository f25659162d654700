/*
 * Why a call was refused, as JSON for whoever asks outside the API:
 * {"rule","found"?,"limit"?:{"setting","value"},"violations"?,"evidence","source"}
 *
 * `rule` is the name of what was broken, `found` the state that broke it, in words; `evidence` and
 * `source` say how error and message are known. None of it is ever part of an answer of the API.
 */
#ifndef SERVER_CALL_EXPLAIN_H
#define SERVER_CALL_EXPLAIN_H

struct call;
struct written;

/* The text is that of `written`. NULL: there is nothing to explain. */
const char *explain(const struct call *, struct written *);

#endif
