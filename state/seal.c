#include "seal.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "migration.h"

#define NAME "user.rekognition-local.seal"

/* As its rows are looked at now: others may be good to another version of the program. */
#define KIND 1

/* What the seal says of a file as it is now; false when there is none. */
static bool
describe(const char *path, char *text, size_t size)
{
    struct stat status;

    if (strcmp(path, ":memory:") == 0 || stat(path, &status) != 0)
        return false;
    snprintf(text, size, "%d %d %ju %ju %jd %jd.%09ld", KIND, migration_count(),
        (uintmax_t)status.st_dev, (uintmax_t)status.st_ino, (intmax_t)status.st_size,
        (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    return true;
}

bool
seal_is_whole(const char *path)
{
    char wanted[160], found[160];
    ssize_t length;

    if (!describe(path, wanted, sizeof wanted))
        return false;
    length = getxattr(path, NAME, found, sizeof found);
    return length == (ssize_t)strlen(wanted) && memcmp(found, wanted, (size_t)length) == 0;
}

/* Writes are timed in ticks of some milliseconds: with a nanosecond of its own, its time is that of no other write. */
static bool
mark_the_time(const char *path)
{
    struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
    struct stat status;

    if (stat(path, &status) != 0)
        return false;
    times[1] = status.st_mtim;
    times[1].tv_nsec += times[1].tv_nsec < 999999999 ? 1 : -1;
    return utimensat(AT_FDCWD, path, times, 0) == 0;
}

void
seal_put(const char *path)
{
    char text[160];

    if (mark_the_time(path) && describe(path, text, sizeof text))
        (void)!setxattr(path, NAME, text, strlen(text), 0);
}
