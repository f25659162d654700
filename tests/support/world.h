/* A world for tests of state/: in memory, durations as aws, its clock moved only by the test. */
#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include <stdint.h>

#include "../../state/result.h"
#include "../../state/setting.h"

struct store;

#define WORLD_BEGIN_MS INT64_C(1893456000000) /* 2030-01-01T00:00:00.000Z */

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define ARN_SIZE 512

struct store *world_open(const char *path);         /* store_close() ends it */
struct store *world_open_durable(const char *path); /* what it keeps survives a power cut */

/* Each is one step of its own. */
void world_pass(struct store *, int64_t ms); /* time passes; what is due fires at its moment */
void world_set(struct store *, enum setting, double value);
void world_train(struct store *, const char *name,
    char arn[ARN_SIZE]); /* a version of project "p" */
void world_start(struct store *, const char *arn, int64_t min_units, int64_t max_units);
void world_stop(struct store *, const char *arn);
enum result world_detect(struct store *, const char *arn); /* a refusal drops its step */

/* Everything the database holds but for the wall clock, as text: two that are alike are the same world. */
char *world_dump(struct store *); /* free() it */

/* Puts a version into a status, as no call of the API can. */
void world_put(struct store *, const char *arn, const char *status);

/* What there is now; a text lives until the next call of any of these. */
const char *world_status(struct store *, const char *arn);
const char *world_message(struct store *, const char *arn);
int64_t world_units(struct store *, const char *arn); /* in service */

#endif
