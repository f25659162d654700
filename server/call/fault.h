/*
 * Faults: which one strikes a call, and what that does to it.
 *
 * The rule: what is struck before it is performed has changed nothing, what is struck after has
 * changed everything. Errors and the wire faults reset, empty, garbage and hang come before: the
 * client's retry is the first to perform. A truncated answer comes after: the retry meets what was
 * done. A delay holds the answer back, in real time; the call is performed when it came.
 *
 * A fault of every operation that answers an error strikes only those that may answer it.
 */
#ifndef SERVER_CALL_FAULT_H
#define SERVER_CALL_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "../http/http.h"

struct call;
struct operation_model;

/* What an error says when its fault does not. */
struct fault_message {
    enum error error;
    unsigned status;
    const char *text;
    enum evidence evidence;
    const char *source;
};

extern const struct fault_message fault_messages[];
extern const size_t fault_message_count;

/* What a fault does to a call; all zero is nothing. */
struct strike {
    int64_t delay_ms;
    enum wire_fault wire;
};

/*
 * Inside the step of an admitted call: finds the fault that strikes it, and notes in the call which
 * one. False: the call is not to be performed. It has then failed, or will not be answered.
 */
bool fault_lets_pass(struct call *, struct strike *);

/* Whether an operation may answer with this error, by itself or at its front door. */
bool fault_may_be(enum error, const struct operation_model *);

/* What the error says with that HTTP status when nobody says it; NULL: nothing. */
const char *fault_message(enum error, unsigned status);

/* WIRE_NONE: there is none of that name. */
enum wire_fault fault_wire(const char *name);

#endif
