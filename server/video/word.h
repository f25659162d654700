/* Word of the end of a job to its NotificationChannel. */
#ifndef SERVER_VIDEO_WORD_H
#define SERVER_VIDEO_WORD_H

struct store;
struct video_job;

/* In the step that ends it: a message to the topic that its request names, if it names one; SUCCEEDED or FAILED. */
void word_of_end(struct store *, const struct video_job *, const char *status);

#endif
