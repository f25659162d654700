/* Where objects are: a kind of place is a folder of this machine, or a server. */
#ifndef SERVER_S3_PLACE_H
#define SERVER_S3_PLACE_H

#include <stdint.h>

struct s3_request;

/*
 * One kind of place. `advance` does a piece of the request's work and returns the ms until it wants
 * to be called again (0 at once, PLACE_WAITS when something else will tell), or PLACE_DONE: the
 * answer is there, and nothing of the work is left.
 */
#define PLACE_DONE INT64_C(-1)
#define PLACE_WAITS INT64_MAX

struct s3_place {
    int64_t (*advance)(struct s3_place *, struct s3_request *);
    void (*give_up)(struct s3_place *, struct s3_request *); /* drops the work, if there is some */
    void (*wait)(struct s3_place *, int64_t ms);             /* until something happens */
    void (*wake)(struct s3_place *);                         /* any thread: ends a wait */
    void (*close)(struct s3_place *);
};

#endif
