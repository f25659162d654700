/*
 * What a job of bulk image analysis was asked: where its manifest is, and where goes what comes of it.
 *
 * A request is the input of StartMediaAnalysisJob, as JSON.
 */
#ifndef SERVER_BULK_PLACE_H
#define SERVER_BULK_PLACE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

struct store;

/* The S3Object of the manifest; what DetectModerationLabels is asked with. */
const cJSON *bulk_manifest(const cJSON *request);
const cJSON *bulk_config(const cJSON *request);

/* What of a request that fits its shape no job could work with, in words; NULL: nothing. */
const char *bulk_wrong(const cJSON *request);

/* What it writes, one after the other. */
enum bulk_file { BULK_RESULTS, BULK_SUMMARY, BULK_FILES };

const char *bulk_bucket(const cJSON *request);

/* Its key there, until the step ends. AWS SDK for JavaScript, examples of ListMediaAnalysisJobs. */
const char *bulk_key(struct store *, const cJSON *request, const char *job_id, enum bulk_file);

/* Whether KmsKeyId could be of a key that is used in the region; true when there is none. */
bool bulk_key_is_of(const cJSON *request, const char *region);

#endif
