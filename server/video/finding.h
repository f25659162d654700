/*
 * Findings: what a job has found in its video, frozen when it ends.
 *
 *     a film, with all of its measures and what is said of it, in which each person and celebrity has "index", which
 *     person of the video it is, and a person who is famous has "celebrity", as people are known at that moment; of a
 *     face search each has "matches", whom of the collection it is like
 *
 * The rule: what Get… answers follows from this and from the request alone, whatever is declared afterwards.
 */
#ifndef SERVER_VIDEO_FINDING_H
#define SERVER_VIDEO_FINDING_H

struct verdict;
struct store;
struct video_job;

/*
 * What it would find now, as JSON, until the step ends. NULL when the service would refuse the video; then `*refused`
 * is what it says.
 */
const char *finding_make(struct store *, const struct video_job *, const char **refused);

/* The judge of steps (lifecycle.h): writes it down when a job ends, or has the job fail; and has it told of (word.h). */
void finding_judge(struct store *, struct verdict *);

#endif
