#include "platter.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"

/* Bytes at a place; without bytes the file is cut off there. */
struct piece {
    struct piece *next;
    bool is_end;
    size_t at, size;
    char bytes[];
};

struct plate {
    char name[64];
    char *bytes;
    size_t size, room;
    struct piece *waiting, **last; /* not synced, in order */
};

static struct plate plates[2]; /* the database, its log */

static void
forget(struct plate *plate)
{
    for (struct piece *piece = plate->waiting, *next; piece != NULL; piece = next) {
        next = piece->next;
        free(piece);
    }
    plate->waiting = NULL;
    plate->last = &plate->waiting;
}

void
platter_follow(const char *path)
{
    for (size_t i = 0; i < 2; i++) {
        forget(&plates[i]);
        free(plates[i].bytes);
        plates[i].bytes = NULL;
        plates[i].size = plates[i].room = 0;
        *plates[i].name = '\0';
        if (path != NULL)
            snprintf(plates[i].name, sizeof plates[i].name, "%s%s", path, i == 0 ? "" : "-wal");
    }
}

static struct plate *
plate_of(const char *name)
{
    for (size_t i = 0; i < 2; i++)
        if (name != NULL && *plates[i].name != '\0' && strcmp(plates[i].name, name) == 0)
            return &plates[i];
    return NULL;
}

static void
add(const char *name, const void *data, size_t size, int64_t at)
{
    struct plate *plate = plate_of(name);
    struct piece *piece;

    if (plate == NULL)
        return;
    piece = memory_new(sizeof *piece + size);
    *piece = (struct piece){ .is_end = data == NULL, .at = (size_t)at, .size = size };
    if (data != NULL)
        memcpy(piece->bytes, data, size);
    *plate->last = piece;
    plate->last = &piece->next;
}

void
platter_write(const char *name, const void *data, size_t size, int64_t at)
{
    add(name, data, size, at);
}

void
platter_cut_off(const char *name, int64_t size)
{
    add(name, NULL, 0, size);
}

static void
apply(struct plate *plate, const struct piece *piece)
{
    size_t end = piece->at + piece->size;

    if (end > plate->room) {
        plate->room = 2 * end;
        plate->bytes = realloc(plate->bytes, plate->room);
        if (plate->bytes == NULL)
            abort();
    }
    if (end > plate->size)
        memset(plate->bytes + plate->size, 0, end - plate->size);
    if (end > plate->size || piece->is_end)
        plate->size = end;
    memcpy(plate->bytes + piece->at, piece->bytes, piece->size);
}

void
platter_sync(const char *name)
{
    struct plate *plate = plate_of(name);

    if (plate == NULL)
        return;
    for (const struct piece *piece = plate->waiting; piece != NULL; piece = piece->next)
        apply(plate, piece);
    forget(plate);
}

static void
write_down(const struct plate *plate, const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fwrite(plate->bytes, 1, plate->size, file) != plate->size ||
        fclose(file) != 0)
        abort();
}

void
platter_find(const char *path, unsigned chance)
{
    char name[64];

    for (size_t i = 0; i < 2; i++) {
        struct plate found = plates[i];
        unsigned drawn = chance;

        found.bytes = memory_new(found.room + 1);
        if (found.size > 0)
            memcpy(found.bytes, plates[i].bytes, found.size);
        for (const struct piece *piece = found.waiting; piece != NULL; piece = piece->next) {
            drawn = drawn * 1103515245U + 12345;
            if (chance != 0 && (drawn >> 16 & 1) != 0)
                apply(&found, piece);
        }
        snprintf(name, sizeof name, "%s%s", path, i == 0 ? "" : "-wal");
        write_down(&found, name);
        free(found.bytes);
    }
}
