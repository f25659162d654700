/*
 * How much alike two faces are, in per cent.
 *
 * The rule: it is a function of who they are and of nothing else, so that whoever compares two faces, in whatever
 * order and by whatever operation, finds the same number. Nothing is measured: what is compared was declared.
 */
#ifndef SERVER_SCENE_SIMILARITY_H
#define SERVER_SCENE_SIMILARITY_H

#include <stdbool.h>

/* A face, as far as it can be told from others: whose it is, and where it was seen. */
struct identity {
    const char *key;   /* "person:ann"; of nobody that is known, the image itself */
    const char *image; /* its SHA-256, or its name in S3 where nobody saw its bytes */
    int place;         /* which of the image's faces it is, from 0 */
};

/* What a key begins with: a person by name, a celebrity by Id, an image by itself. */
#define PERSON_KEY "person:"
#define CELEBRITY_KEY "celebrity:"
#define IMAGE_KEY "image:"

#define RESEMBLANCE_NONE (-1) /* they were not declared to look alike */

/*
 * 100 for the same face of the same image, at least 97 and below 100 for one person, what was declared for those who
 * look alike, below 2.6 for strangers; with the 32 bits that the service counts in.
 */
double similarity(const struct identity *, const struct identity *, double resemblance);

/* Whether strangers may be as much alike as that. */
bool similarity_of_strangers_reaches(double threshold);

/* Whether it is not lower than the threshold, both with 32 bits. */
bool similarity_reaches(double value, double threshold);

#endif
