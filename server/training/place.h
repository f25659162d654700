/*
 * Where the results of a training lie: objects in the output bucket, named after version and project.
 *
 * SDK example of DescribeProjectVersions. (The Developer Guide has "EvaluationSummary-" in prose; the
 * example is trusted.)
 */
#ifndef SERVER_TRAINING_PLACE_H
#define SERVER_TRAINING_PLACE_H

struct project_version;
struct store;

/* The key of "ManifestSummary" and so on; until the step ends. */
char *version_object_key(struct store *, const struct project_version *, const char *kind);

#endif
