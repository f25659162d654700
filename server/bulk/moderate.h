/*
 * An image of a manifest, put to DetectModerationLabels.
 *
 * The rule: it is the same function that answers callers. So scripts, declared images, adapters and limits are the
 * same, too, and what a job says of an image is what a call would have said at that moment.
 */
#ifndef SERVER_BULK_MODERATE_H
#define SERVER_BULK_MODERATE_H

#include <cjson/cJSON.h>

#include "../call/error.h"

struct gathered;
struct media_job;
struct once;
struct store;

struct moderated {
    char *answer;     /* the operation's output, JSON, to be freed; NULL: it was refused, with: */
    enum error error; /* NO_ERROR when it was answered */
    char *message;    /* of the error, to be freed; NULL: none */
    const char *rule; /* who knew, as the journal calls it; NULL: nobody was asked */
};

/*
 * Within a step of the job's account. `bucket` and `key` name the image; `object` is what was read of it, whose bytes
 * stay its owner's; NULL: S3 is off.
 */
void moderate_object(struct store *, struct once *, const struct media_job *, const cJSON *config,
    const char *bucket, const char *key, struct gathered *object, struct moderated *);

void moderated_free(struct moderated *);

#endif
