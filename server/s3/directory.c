/*
 * Objects in a directory: PATH/bucket/key.
 *
 * Nothing leads out of it: each part of a name is opened by itself, in the folder before it, and no
 * link is followed.
 *
 * A part of a key may be longer than a file's name, as those are that are made of the longest names of
 * a project and a version: see name_of_file().
 */
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../state/base/digest.h"
#include "../../state/base/memory.h"
#include "../json/text.h"
#include "name.h"
#include "request.h"

#define NEW_NAME_SIZE 32

/* Of a name that is cut: digits of the digest, and bytes that an ending may have. */
#define DIGITS_KEPT 16
#define ENDING_MAX 16

struct directory {
    struct s3_place place;
    int root;
    int event;
};

/* An object being read or written. */
struct transfer {
    int folder, file; /* of the folder that it is in; a new object is written under `new_name` */
    char new_name[NEW_NAME_SIZE];
    char name[NAME_MAX + 1]; /* of the last part of the key */
    int64_t done;            /* bytes so far */
};

/* ---- names ------------------------------------------------------------------ */

static bool
say_errno(struct s3_request *request, enum s3_result absent, const char *name)
{
    const char *text = strerror(errno);

    switch (errno) {
    case ENOENT:
    case EISDIR:
    case ENXIO: /* a socket */
        return request_say(request, absent, "%s: there is no such file", name);
    case ENAMETOOLONG:
        return request_say(request, S3_MISNAMED,
            "a part of it is too long for a name of this file system: %s", name);
    case ENOTDIR:
    case ELOOP:
        return request_say(request, absent, "%s: not a folder or file of its own, or a link", name);
    case EACCES:
    case EPERM:
    case EROFS:
        return request_say(request, S3_DENIED, "%s: %s", name, text);
    default:
        return request_say(request, S3_BROKEN, "%s: %s", name, text);
    }
}

/*
 * The name of the file or folder of a part of a key: the part, or if that is too long for one as much of it
 * as fits, with the ending that it has, and a digest of the whole between them.
 */
static void
name_of_file(const char *part, size_t length, char name[NAME_MAX + 1])
{
    char digest[SHA256_HEX_SIZE];
    const char *ending = part + length;
    size_t kept;

    if (length <= NAME_MAX) {
        snprintf(name, NAME_MAX + 1, "%.*s", (int)length, part);
        return;
    }
    while (ending > part && *ending != '.' && part + length - ending < ENDING_MAX)
        ending--;
    if (*ending != '.')
        ending = part + length;
    kept = NAME_MAX - DIGITS_KEPT - strlen("~") - (size_t)(part + length - ending);
    sha256_hex(part, length, digest);
    snprintf(name, NAME_MAX + 1, "%.*s~%.*s%.*s", (int)text_cut(part, kept), part, DIGITS_KEPT,
        digest, (int)(part + length - ending), ending);
}

/* Steps from `folder`, which is closed, into `name`, which is made where need be; -1: cannot. */
static int
enter(int folder, const char *name, bool make)
{
    bool there = !make || mkdirat(folder, name, 0777) == 0 || errno == EEXIST;
    int entered =
        there ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    int failure = errno;

    close(folder);
    errno = failure;
    return entered;
}

/* The folder that the object is in, and its name there. */
static bool
find_folder(const struct directory *directory, struct s3_request *request,
    struct transfer *transfer)
{
    bool make = request->verb == S3_PUT;
    const char *part = request->key, *slash;
    char name[NAME_MAX + 1];
    int folder = enter(fcntl(directory->root, F_DUPFD_CLOEXEC, 0), request->bucket, make);

    if (folder == -1)
        return say_errno(request, S3_NO_SUCH_BUCKET, request->bucket);
    while (folder != -1 && (slash = strchr(part, '/')) != NULL) {
        name_of_file(part, (size_t)(slash - part), name);
        folder = enter(folder, name, make);
        part = slash + 1;
    }
    if (folder == -1)
        return say_errno(request, make ? S3_MISNAMED : S3_NO_SUCH_KEY, request->key);
    transfer->folder = folder;
    name_of_file(part, strlen(part), transfer->name);
    return true;
}

/* ---- opening ----------------------------------------------------------------- */

/* Says the size, and an etag that changes with the file. */
static bool
measure(struct s3_request *request, int file)
{
    struct stat status;

    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return request_say(request, S3_NO_SUCH_KEY, "%s: not a file", request->key);
    request->answer.size = status.st_size;
    snprintf(request->etag, sizeof request->etag, "\"%llx-%llx-%lx\"",
        (unsigned long long)status.st_size, (unsigned long long)status.st_mtim.tv_sec,
        (unsigned long)status.st_mtim.tv_nsec);
    if (request->verb == S3_GET && status.st_size > request->most)
        return request_say(request, S3_TOO_LARGE, "%lld bytes, the most is %lld",
            (long long)status.st_size, (long long)request->most);
    return true;
}

/* A pipe is opened without waiting for its writer, and is no object. */
static bool
open_object(struct s3_request *request, struct transfer *transfer)
{
    transfer->file =
        openat(transfer->folder, transfer->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (transfer->file == -1)
        return say_errno(request, S3_NO_SUCH_KEY, request->key);
    if (*request->version != '\0' && strcmp(request->version, "null") != 0)
        return request_say(request, S3_NO_SUCH_KEY, "a directory has no versions");
    return measure(request, transfer->file);
}

static bool
create_object(struct s3_request *request, struct transfer *transfer)
{
    unsigned char random[8];
    char digits[2 * sizeof random + 1];

    random_bytes(random, sizeof random);
    hex_encode(random, sizeof random, digits);
    snprintf(transfer->new_name, sizeof transfer->new_name, ".new-%s", digits);
    transfer->file = openat(transfer->folder, transfer->new_name,
        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (transfer->file != -1)
        return true;
    transfer->new_name[0] = '\0';
    return say_errno(request, S3_MISNAMED, request->key);
}

static bool
begin(const struct directory *directory, struct s3_request *request)
{
    struct transfer *transfer = request->transfer = memory_new(sizeof *transfer);

    *transfer = (struct transfer){ .folder = -1,
        .file = -1,
        .done = request->verb == S3_GET ? request->from : 0 };
    if (!name_is_bucket(request->bucket))
        return request_say(request, S3_MISNAMED, "no bucket can have that name");
    if (!name_is_key(request->key))
        return request_say(request, S3_MISNAMED, "a key has from 1 to 1024 bytes");
    if (!name_is_path(request->key))
        return request_say(request, S3_MISNAMED, "no file of the directory can have that key");
    return find_folder(directory, request, transfer) &&
           (request->verb == S3_PUT ? create_object(request, transfer)
                                    : open_object(request, transfer));
}

/* ---- a piece at a time --------------------------------------------------------- */

static bool
read_piece(struct s3_request *request, struct transfer *transfer)
{
    char bytes[S3_PIECE_MAX];
    int64_t left = request->answer.size - transfer->done;
    size_t wanted = left < 0 ? 0 : left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes;
    ssize_t got = pread(transfer->file, bytes, wanted, transfer->done);

    if (got <= 0 && wanted > 0)
        return request_say(request, S3_BROKEN, "%s: %s", request->key,
            got < 0 ? strerror(errno) : "it was cut short while it was read");
    if (got > 0)
        request_add(request, bytes, (size_t)got);
    transfer->done += got;
    return true;
}

/* The next bytes of the body, in `bytes` or where they already are; 0 at its end, -1: cannot. */
static ssize_t
body_piece(const struct s3_request *request, int64_t from, char bytes[S3_PIECE_MAX],
    const char **piece)
{
    size_t left = request->length - (size_t)from;

    *piece = bytes;
    if (request->bytes == NULL)
        return pread(request->file, bytes, S3_PIECE_MAX, from);
    *piece = request->bytes + from;
    return (ssize_t)(left < S3_PIECE_MAX ? left : S3_PIECE_MAX);
}

/* It gets its name when it is whole. */
static void
keep_object(struct s3_request *request, struct transfer *transfer)
{
    if (!measure(request, transfer->file))
        return;
    if (renameat(transfer->folder, transfer->new_name, transfer->folder, transfer->name) == 0)
        transfer->new_name[0] = '\0';
    else
        say_errno(request, S3_MISNAMED, request->key);
}

/* False at the end, whatever it is. */
static bool
write_piece(struct s3_request *request, struct transfer *transfer)
{
    char bytes[S3_PIECE_MAX];
    const char *piece;
    ssize_t length = body_piece(request, transfer->done, bytes, &piece);
    ssize_t written = length > 0 ? write(transfer->file, piece, (size_t)length) : 0;

    if (length < 0 || written < 0)
        return say_errno(request, S3_BROKEN, request->key);
    transfer->done += written;
    if (length > 0)
        return true;
    keep_object(request, transfer);
    return false;
}

static bool
move_on(struct s3_request *request, struct transfer *transfer)
{
    if (request->verb == S3_PUT)
        return write_piece(request, transfer);
    if (request->verb == S3_HEAD)
        return false;
    return read_piece(request, transfer) && transfer->done < request->answer.size;
}

/* ---- the place ------------------------------------------------------------------ */

static void
directory_give_up(struct s3_place *place, struct s3_request *request)
{
    struct transfer *transfer = request->transfer;

    (void)place;
    if (transfer == NULL)
        return;
    if (transfer->new_name[0] != '\0')
        unlinkat(transfer->folder, transfer->new_name, 0);
    if (transfer->file != -1)
        close(transfer->file);
    if (transfer->folder != -1)
        close(transfer->folder);
    free(transfer);
    request->transfer = NULL;
}

static int64_t
directory_advance(struct s3_place *place, struct s3_request *request)
{
    bool goes_on = request->transfer != NULL || begin((struct directory *)place, request);

    if (goes_on && request->verb == S3_GET && !request_room(request))
        return PLACE_WAITS;
    if (goes_on && move_on(request, request->transfer))
        return 0;
    directory_give_up(place, request);
    return PLACE_DONE;
}

static void
directory_wait(struct s3_place *place, int64_t ms)
{
    struct directory *directory = (struct directory *)place;
    struct pollfd event = { .fd = directory->event, .events = POLLIN };
    uint64_t count;

    if (poll(&event, 1, ms > 60000 ? -1 : (int)ms) == 1 &&
        read(directory->event, &count, sizeof count) < 0)
        return; /* it was read before: nothing is lost */
}

static void
directory_wake(struct s3_place *place)
{
    static const uint64_t one = 1;

    if (write(((struct directory *)place)->event, &one, sizeof one) < 0)
        return; /* it is as full as it gets, and so the wait ends anyway */
}

static void
directory_close(struct s3_place *place)
{
    struct directory *directory = (struct directory *)place;

    close(directory->event);
    close(directory->root);
    free(directory);
}

struct s3_place *
directory_open(const char *path, char *why, size_t size)
{
    struct directory *directory;
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (root == -1) {
        snprintf(why, size, "dir: and a directory that exists (%s)", strerror(errno));
        return NULL;
    }
    directory = memory_new(sizeof *directory);
    *directory = (struct directory){ .place = { .advance = directory_advance,
                                         .give_up = directory_give_up,
                                         .wait = directory_wait,
                                         .wake = directory_wake,
                                         .close = directory_close },
        .root = root,
        .event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    if (directory->event == -1)
        abort();
    return &directory->place;
}
