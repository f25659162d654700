/* What is known of the video of a call that starts a job. */
#ifndef SERVER_VIDEO_KNOWN_H
#define SERVER_VIDEO_KNOWN_H

#include <stdbool.h>

struct call;

/*
 * Whether somebody declared "bucket/key", or it may be assumed to show nothing; the journal says which. What is
 * declared until the job ends counts: this is what can be said when it begins. False, and the call has failed, when
 * the setting unknown.video refuses to assume anything, or the video is declared to be too long.
 */
bool video_is_known(struct call *, const char *name);

#endif
