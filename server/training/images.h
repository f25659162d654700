/*
 * Reading the images of a set, some at a time: whether they are what can be trained with, and the
 * digests by which they are recognized.
 */
#ifndef SERVER_TRAINING_IMAGES_H
#define SERVER_TRAINING_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct training_set;
struct looks;
struct outbound;
struct store;

/* In a step. `region` is copied. */
struct looks *looks_begin(struct outbound *, struct training_set *, struct store *,
    const char *region);

/* Asks for more and judges what came; true when all is done. */
bool looks_go_on(struct looks *, int64_t until_us);

/* What could not be read: how many, and of one of them, in words, why; 0 for none. */
size_t looks_failed(const struct looks *, const char **why);

/* How many were not looked at, since there are more than `training.maxImagesRead`. */
size_t looks_left_out(const struct looks *);

void looks_end(struct looks *);

#endif
