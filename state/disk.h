/*
 * The file below the store, as it lies on the disk: it may be removed, replaced or cut off while
 * the program has it, and SQLite, which holds it open, would go on with what is no longer there.
 */
#ifndef STATE_DISK_H
#define STATE_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct disk {
    char *path, *log_path; /* NULL: in memory */
    ino_t file, log;       /* 0: not seen yet */
    off_t bytes;           /* the file does not get shorter than it was seen to be */
    int64_t looked_us;     /* when it was looked at last, and what was found then */
    const char *found;
};

void disk_open(struct disk *, const char *path); /* ":memory:" is none */
void disk_close(struct disk *);

/* After what may have made the file shorter: as it is now it is right. */
void disk_note(struct disk *);

/* NULL when file and log are where they were, and whole; else why not. */
const char *disk_look(struct disk *);

/* The same; what was found a moment ago will do. */
const char *disk_glance(struct disk *);

#endif
