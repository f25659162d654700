#include "disk.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"

#define LOOK_EVERY_US 100000

void
disk_open(struct disk *disk, const char *path)
{
    size_t size = strlen(path) + sizeof "-wal";

    *disk = (struct disk){ .path = NULL };
    if (strcmp(path, ":memory:") == 0)
        return;
    disk->path = strdup(path);
    disk->log_path = malloc(size);
    if (disk->path == NULL || disk->log_path == NULL)
        abort();
    snprintf(disk->log_path, size, "%s-wal", path);
    disk_note(disk);
}

void
disk_close(struct disk *disk)
{
    free(disk->path);
    free(disk->log_path);
}

void
disk_note(struct disk *disk)
{
    disk->bytes = 0;
    disk_look(disk);
}

/* Whether the path leads to the same file as when it was first seen. */
static bool
is_same(const char *path, ino_t *seen, off_t *bytes)
{
    struct stat status = { .st_ino = 0 };

    if (stat(path, &status) != 0)
        return *seen == 0;
    if (*seen == 0)
        *seen = status.st_ino;
    *bytes = status.st_size;
    return status.st_ino == *seen;
}

static const char *
look(struct disk *disk)
{
    off_t bytes = 0, log_bytes;

    if (!is_same(disk->path, &disk->file, &bytes))
        return "the file of the database was removed or replaced";
    if (!is_same(disk->log_path, &disk->log, &log_bytes))
        return "the log of the database (-wal) was removed or replaced";
    if (bytes < disk->bytes)
        return "the file of the database was cut off";
    disk->bytes = bytes;
    return NULL;
}

const char *
disk_look(struct disk *disk)
{
    if (disk->path == NULL)
        return NULL;
    disk->looked_us = clock_monotonic_us();
    disk->found = look(disk);
    return disk->found;
}

const char *
disk_glance(struct disk *disk)
{
    if (disk->path != NULL && clock_monotonic_us() - disk->looked_us >= LOOK_EVERY_US)
        disk_look(disk);
    return disk->found;
}
