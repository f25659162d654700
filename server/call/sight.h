/*
 * What is found in an image: nothing here computes, it is looked up.
 *
 * The rule: a script of /_local/detections that fits decides; otherwise the ground truth of what the
 * version was trained and tested with, by the digest of the image, or its name in S3; what is in an
 * image that neither knows is nothing, unless more is assumed (assume.h). Which it was is explained in
 * the journal.
 */
#ifndef SERVER_CALL_SIGHT_H
#define SERVER_CALL_SIGHT_H

#include <stdbool.h>
#include <stddef.h>

struct call;
struct picture;
struct project_version;

/* A label in the image; its name lives until the step ends. */
struct detected {
    const char *name;
    double confidence; /* per cent */
    bool has_box;
    double left, top, width, height; /* ratios of the image's sides */
};

struct detections {
    struct detected *labels; /* highest confidence first, and then by name */
    size_t count;
    bool known; /* somebody said what there is, and be it nothing */
    const char
        *answer; /* JSON, instead: the whole output, as a script has it, until the step ends */
};

/* Of the service's own model when `version` is NULL. False when the call is to fail: it has. */
bool detect(struct call *, const struct project_version *version, const struct picture *,
    struct detections *);

/*
 * What a script says that the call is answered with, of an image, or of two; NULL: none says anything. False when the
 * call is to fail: it has.
 */
bool sight_script(struct call *, const struct picture *, const struct picture *target,
    const char **answer);

/* Likewise, before the function of an operation of a collection that looks at no image. */
bool sight_lets_pass(struct call *);

/* Whether a script decided; that is counted, also where a call leaves the world as it was. */
bool sight_was_scripted(const struct call *);

/* Whether the confidence is not lower than the least, both as the service has them: with 32 bits. */
bool detected_reaches(const struct detected *, double least);

#endif
