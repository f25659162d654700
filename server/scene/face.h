/*
 * A face as answers have it. What was declared of it holds; what was not is drawn from who it is and from the image,
 * so that it is always the same: age, gender and beard are the person's, pose and emotions the image's.
 */
#ifndef SERVER_SCENE_FACE_H
#define SERVER_SCENE_FACE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "../json/write.h"
#include "similarity.h"

struct box {
    double left, top, width, height; /* ratios of the image's sides */
};

struct face {
    struct identity identity;
    const char *person; /* the name it was declared with; NULL: none */
    struct box box;
    const cJSON *declared;  /* a FaceDetail, of which any member may be missing; NULL: nothing is */
    const cJSON *unusable;  /* a list of Reasons; NULL: none */
    const cJSON *celebrity; /* a Celebrity; NULL: nobody famous */
    double match;           /* how sure it is that it is that one, in per cent */
    double confidence;      /* that it is a face, in per cent */
};

/* The box that is declared, as an object of the API or of ours; false when there is none. */
bool box_read(const cJSON *, struct box *);
void box_write(struct part, const struct box *);

/* Fills in what was not declared: box of the n-th of so many faces, confidence. */
void face_complete(struct face *, int nth, int count);

/* Members of a FaceDetail, as answers name them; NULL at the end. */
extern const char *const face_default[], *const face_compared[], *const face_recognized[];

/* Writes these members of it. All its landmarks, or the five that are always there. */
void face_write(struct part, const struct face *, const char *const *members, bool all_landmarks);

#endif
