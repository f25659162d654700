/*
 * Steps that await work: the program has something to do, of any length in real time, before the
 * timer of the step may fire. See work.h.
 *
 * The rule: what work has done counts when the step ends well, and never else. So one that can be
 * taken back says how (work.undo), and a step that is to fail, by the work itself or by an outcome,
 * even after the work is done, awaits that it is taken back. Whatever of it the API could show is
 * not shown while the step is in progress.
 *
 * Two steps that are one, as of the two datasets of DistributeDatasetEntries, are partners: what
 * happens to the work of one happens to both.
 */
#ifndef STATE_LIFECYCLE_WORK_H
#define STATE_LIFECYCLE_WORK_H

#include <stdbool.h>

struct store;
struct timer;
struct work;

/* Right after the move that began the step: its timer does not fire before the task is done. */
void lifecycle_await(struct store *, const struct work *);

/*
 * The task is done: the timer fires when it is due, or now when that is over, with the message or,
 * for NULL, the usual one. An end that was told before stays.
 */
void lifecycle_work_done(struct store *, const char *kind, const char *arn, const char *message);
/* The task can't be done: the other end of the step, likewise. */
void lifecycle_work_failed(struct store *, const char *kind, const char *arn, const char *message);
/* What was done is taken back. */
void lifecycle_work_undone(struct store *, const char *kind, const char *arn);

/* Of a resource that was placed in the middle of a step: its work is done, and can be taken back. */
void lifecycle_place_work(struct store *, const struct work *);

/* Whether the step was told to fail: then its work is not worth doing. */
bool lifecycle_is_told_to_fail(struct store *, const char *kind, const char *arn);

/* For state/ only: the step under way is to end as the timer says now, which is to fail. */
void lifecycle_tell(struct store *, const struct timer *);

#endif
