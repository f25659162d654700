/*
 * What an image of a call shows, for every operation that looks at one.
 *
 * The rule: what was declared of the image (/_local/images) is all there is in it; of one that nobody declared the
 * setting unknown.image says what is assumed, and the journal says that it was. So all operations agree about an
 * image, because all of them answer from the same scene.
 */
#ifndef SERVER_SCENE_SCENE_H
#define SERVER_SCENE_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "../call/picture.h"
#include "face.h"

struct call;

struct scene {
    const char *image;  /* as in struct identity */
    bool has_digest;    /* that is a SHA-256 */
    cJSON *shows;       /* as declared.h has it; NULL: nobody declared anything */
    bool assumed;       /* one face, who is the image */
    const char *answer; /* what a script says instead, for script_answer(); NULL: none does */
};

/*
 * Reads that member of the input, an Image, checks it, and finds out what it shows. False when the call is to fail: it
 * has. A scene that was begun is ended, whatever came of it.
 */
bool scene_look(struct call *, const char *member, const struct picture_limits *, struct scene *);

/* Likewise, two of them; a script that says what is answered is the first's. */
bool scene_look_at_both(struct call *, const char *member, const char *other,
    const struct picture_limits *, struct scene *, struct scene *other_scene);

void scene_end(struct scene *);

/*
 * Its two halves, of a picture that was read: whether somebody declared what it shows; and what is assumed when nobody
 * did, which is false when the setting refuses to.
 */
bool scene_find(struct call *, const struct picture *, struct scene *);
bool scene_assume(struct call *, struct scene *);

/* Part of what was declared of it, "labels"; NULL: none is in it. */
const cJSON *scene_part(const struct scene *, const char *part);

/*
 * The faces in it, the largest first, at most so many; they live until step and scene end. `usable`: without those
 * that a quality filter leaves out.
 */
const struct face *scene_faces(struct call *, const struct scene *, int64_t most, bool usable,
    size_t *count);

/* How much alike two faces are; see similarity.h. */
double scene_similarity(struct call *, const struct face *, const struct face *);

#endif
