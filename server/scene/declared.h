/*
 * What can be declared of images and of people: whether it is well-formed. Both doors, the control API and fixtures,
 * ask here, so that what one accepts the other does.
 *
 *     {"persons":[{"person","box"?,"detail"?,"unusable"?}],"labels":[…],"text":[…],"moderation":[…],
 *      "contentTypes":[…],"equipment":[…],"celebrities":[…],"properties":{…}}
 *
 * The rule: what is not said there is not in the image. All but persons is in the API's own shapes, of which members
 * may be left out.
 */
#ifndef SERVER_SCENE_DECLARED_H
#define SERVER_SCENE_DECLARED_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

struct known_image;
struct person;
struct shape;

struct declared_fault {
    char message[1024]; /* a sentence without its full stop */
};

/*
 * What an image is known by: {"sha256"}, {"s3"}, {"looks"} or {"like"} into the row, whose texts are the object's.
 * Digits become lower-case there, and "like", base64 of an image, becomes what that looks like. False when it is none.
 */
bool declared_image(cJSON *image, struct known_image *, struct declared_fault *);

/* Whether this is what an image can show. */
bool declared_shows(cJSON *shows, struct declared_fault *);

/*
 * {"name","celebrity"?,"resembles"?} into the row, whose texts are the object's, but celebrity and resembles, which
 * are for cJSON_free(). A celebrity gets the name of the person, and an Id made of it, when it has none.
 */
bool declared_person(cJSON *person, struct person *, struct declared_fault *);

/* Whether an item, which may be NULL, has the form of the API; `where` is what the sentence calls it. */
bool declared_fits(const cJSON *item, const char *where, const struct shape *,
    struct declared_fault *);

/* False, with the sentence. */
bool declared_refuse(struct declared_fault *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
