/*
 * What a model would find in an image that it was not trained with: as the setting unknown.labels says.
 *
 * The rule: it is never passed off as known. The journal calls it ASSUMED; where nothing is assumed, it
 * names once for each model what would have something found.
 */
#ifndef SERVER_CALL_ASSUME_H
#define SERVER_CALL_ASSUME_H

struct call;
struct detections;
struct picture;
struct project_version;

/* Of the same image always the same, for the same seed and labels. */
void assume_labels(struct call *, const struct project_version *, const struct picture *,
    struct detections *);

#endif
