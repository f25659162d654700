/*
 * What an answer shows in the middle of a step: a call may wait for the end of that (hold.h), and a step
 * that lasts "3 polls" ends after the third answer that showed it.
 *
 * The rule: only what is answered counts. A call that is held is no answer yet.
 */
#ifndef SERVER_CALL_SHOWN_H
#define SERVER_CALL_SHOWN_H

struct call;

/* The output has the status of this resource, of this lifecycle, in it. */
void shown_add(struct call *, const char *kind, const char *arn, const char *status);

/* The call is made once more. */
void shown_forget(struct call *);

/* It is answered: counts what it shows, in a step of its own. */
void shown_count(struct call *);

#endif
