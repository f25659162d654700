/* Objects of S3: which one is meant, what is written into it, and what came of asking for it. */
#ifndef SERVER_S3_OBJECT_H
#define SERVER_S3_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum s3_result {
    S3_OK,
    S3_NO_SUCH_BUCKET,
    S3_NO_SUCH_KEY, /* or version; for s3_head() the bucket may be what is missing */
    S3_DENIED,
    S3_UNREACHABLE, /* nobody answers, or not in time */
    S3_BROKEN,      /* the answer makes no sense, or is not as long as it said */
    S3_REDIRECTED,  /* the object is elsewhere, another region mostly: nobody is followed */
    S3_TOO_LARGE,   /* more than `most` bytes */
    S3_MISNAMED,    /* no bucket or object can have such a name */
    S3_STOPPED,     /* by on_piece, or because the program ends */
};

/* How long to wait, and how often to try. What is zero is as the settings are by default. */
struct s3_patience {
    int64_t delay_ms;             /* before it is tried at all */
    int64_t connect_ms, stall_ms; /* until the server answers the call; between two bytes */
    int64_t total_ms;             /* for everything, tries included; zero: no limit */
    int64_t tries;                /* at least one */
};

struct s3_object {
    const char *region; /* the caller's; part of the signature */
    const char *bucket, *key;
    const char *version; /* NULL: the newest */
    int64_t from;        /* the byte from which on it is read, below its size; 0: all of it */
    struct s3_patience patience;
};

struct s3_answer {
    enum s3_result result;
    const char *why;  /* for the journal, in words: "404 NoSuchKey"; "" when all is well */
    int64_t size;     /* of the whole object, in bytes; -1 when it is not known */
    const char *etag; /* as the server wrote it, quotes and all; "" when it wrote none */
};

/* The end of a request, called exactly once, but never for one that was cancelled. */
typedef void s3_done(void *context, const struct s3_answer *);

/*
 * The next bytes, at most S3_PIECE_MAX of them; never called with none. False: no more of them, and
 * the answer is S3_STOPPED. The answer to an object that was cut short comes after its pieces: only
 * S3_OK says that they were all.
 */
typedef bool s3_piece(void *context, const char *bytes, size_t length);

#define S3_PIECE_MAX ((size_t)64 * 1024)

/* Something to be written: bytes from malloc(), or a file. */
struct s3_body {
    const char *content_type; /* "application/json" */
    char *bytes;              /* taken over, and freed; NULL: see `file` */
    size_t length;            /* of bytes */
    int file;                 /* taken over, and closed; a regular file, read from its start */
};

#endif
