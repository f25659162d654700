/*
 * How the world answers a wish: done, or refused by one of its rules.
 *
 * The server turns each rule into the error of the API (server/call/refusals.def).
 */
#ifndef STATE_RESULT_H
#define STATE_RESULT_H

#include "setting.h"

enum result {
    RESULT_OK,
    RESULT_NOT_FOUND,   /* no such resource */
    RESULT_WRONG_STATE, /* lifecycle.def has no such move from its status */
    RESULT_PROJECT_NAME_TAKEN,
    RESULT_PROJECT_LIMIT,       /* limit.projects */
    RESULT_PROJECT_NOT_EMPTY,   /* it still has versions or datasets */
    RESULT_PROJECT_NOT_CREATED, /* CREATING or DELETING */
    RESULT_VERSION_NAME_TAKEN,
    RESULT_VERSION_LIMIT,    /* limit.versionsPerProject */
    RESULT_TRAINING_LIMIT,   /* limit.concurrentTrainings */
    RESULT_RUNNING_LIMIT,    /* limit.runningVersions */
    RESULT_UNIT_LIMIT,       /* limit.inferenceUnitsPerVersion */
    RESULT_COPY_LIMIT,       /* limit.concurrentCopies */
    RESULT_NOT_RUNNING,      /* asked to detect while not RUNNING, or untrained */
    RESULT_RATE,             /* more calls than its units serve: inference.tpsPerUnit */
    RESULT_POLICY_EXISTS,    /* put without the revision of the one that is there */
    RESULT_POLICY_REVISION,  /* the revision given is not the current one */
    RESULT_POLICY_LIMIT,     /* limit.policiesPerProject */
    RESULT_TAG_LIMIT,        /* limit.tagsPerResource */
    RESULT_DATASET_EXISTS,   /* the project has one of the type */
    RESULT_DATASET_NOT_MADE, /* CREATE_IN_PROGRESS or CREATE_FAILED: it has nothing to list */
    RESULT_DATASET_COPIED,   /* another dataset is being made from it */
    RESULT_DATASET_TRAINS,   /* a version is in training with it */
    RESULT_SOURCE_NOT_READY, /* the dataset to copy is in progress, or failed */
    RESULT_UPDATE_LIMIT,     /* dataset.maxUpdateBytes */
    RESULT_TEST_NOT_EMPTY,   /* entries are distributed to an empty dataset */
    RESULT_DATASETS_TOO,     /* training data is given, and the project has datasets */
    RESULT_DATASET_MISSING,  /* training needs a training and a test dataset */
    RESULT_NO_DATA,          /* neither datasets nor training data */
    RESULT_COLLECTION_EXISTS,
    RESULT_COLLECTION_MISSING,
    RESULT_COLLECTION_LIMIT, /* limit.collections */
    RESULT_SESSION_MISSING,  /* of Face Liveness: none of that id */
    RESULT_PROCESSOR_EXISTS,
    RESULT_PROCESSOR_LIMIT, /* limit.streamProcessors */
    RESULT_PROCESSOR_BUSY, /* limit.runningFaceProcessors, …LabelProcessors; or it is not STOPPED */
    RESULT_PROCESSOR_NOT_STOPPING, /* asked to stop while it is not at work */
    RESULT_PROCESSOR_NOT_DELETING, /* asked to go while it is */
    RESULT_COLLECTION_FULL,        /* limit.facesPerCollection */
    RESULT_FACE_MISSING,           /* or searches do not know of it yet: face.index */
    RESULT_NO_FACE,                /* the image shows none to search for */
    RESULT_USER_EXISTS,
    RESULT_USER_MISSING,
    RESULT_USER_BUSY,       /* UPDATING: it can't be deleted */
    RESULT_USER_LIMIT,      /* limit.usersPerCollection */
    RESULT_USER_FULL,       /* limit.facesPerUser */
    RESULT_PAGE_TOKEN,      /* not a token of ours, of another list, or too old */
    RESULT_TOKEN_USED,      /* for another input */
    RESULT_VIDEO_JOB_LIMIT, /* limit.concurrentVideoJobs */
    RESULT_MEDIA_JOB_LIMIT, /* limit.concurrentMediaJobs */
    RESULT_COUNT
};

struct store;

/* Refuses, and leaves in store_found() what was found, for whoever explains it. Returns `rule`. */
enum result refuse(struct store *, enum result rule, const char *found, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, where a setting is what is exceeded: store_limit() names it, with its value. */
enum result refuse_limit(struct store *, enum result rule, enum setting, const char *found, ...)
    __attribute__((format(printf, 4, 5)));

#endif
