#include "fault.h"

#include <stddef.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "../../state/base/array.h"
#include "../../state/store.h"

/* Below zero: off. */
static int looks_left = -1, writes_left = -1;
static bool struck;

/* ---- interrupts --------------------------------------------------------- */

/* SQLite also looks when a COMMIT is done: what strikes then comes too late to undo it. */
static int
on_progress(void *context)
{
    if (looks_left < 0 || sqlite3_get_autocommit(context) || looks_left-- > 0)
        return 0;
    struck = true;
    return 1;
}

void
fault_interrupt(struct store *store, int after)
{
    struck = false;
    looks_left = after;
    sqlite3_progress_handler(store_db(store), 1, on_progress, store_db(store));
}

/* ---- the disk: SQLite's own, but for its writes ------------------------- */

static sqlite3_vfs disk, *real;

/* SQLite has a set of methods for each kind of file: here they are again, with our write. */
static struct kind {
    const sqlite3_io_methods *real;
    sqlite3_io_methods ours;
} kinds[8];

static const struct kind *
kind_of(const sqlite3_io_methods *methods)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (methods == &kinds[i].ours)
            return &kinds[i];
    abort();
}

static int
write_or_fail(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    if (writes_left < 0 || writes_left-- > 0)
        return kind_of(file->pMethods)->real->xWrite(file, data, size, at);
    struck = true;
    return SQLITE_FULL;
}

static int
open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    int result = real->xOpen(real, name, file, flags, out_flags);
    struct kind *kind = kinds;

    (void)vfs;
    if (result != SQLITE_OK || file->pMethods == NULL)
        return result;
    while (kind->real != NULL && kind->real != file->pMethods)
        if (++kind == kinds + COUNT(kinds))
            abort();
    kind->real = file->pMethods;
    kind->ours = *file->pMethods;
    kind->ours.xWrite = write_or_fail;
    file->pMethods = &kind->ours;
    return result;
}

void
fault_use_disk(void)
{
    if (real != NULL)
        return;
    real = sqlite3_vfs_find(NULL);
    disk = *real;
    disk.zName = "disk";
    disk.xOpen = open_file;
    if (sqlite3_vfs_register(&disk, 1) != SQLITE_OK)
        abort();
}

void
fault_fill_disk(int after)
{
    struck = false;
    writes_left = after;
}

bool
fault_struck(struct store *store)
{
    looks_left = writes_left = -1;
    if (store != NULL)
        sqlite3_progress_handler(store_db(store), 0, NULL, NULL);
    return struck;
}
