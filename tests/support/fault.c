#include "fault.h"

#include <stddef.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "../../state/base/array.h"
#include "../../state/store.h"
#include "platter.h"

/* Below zero: off. */
static int looks_left = -1, calls_left = -1;
static enum fault broken;
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

/* ---- the disk: SQLite's own, but for what fails -------------------------- */

static sqlite3_vfs disk, *real;

/* SQLite has a set of methods for each kind of file: here they are again, with ours. */
static struct kind {
    const sqlite3_io_methods *real;
    sqlite3_io_methods ours;
} kinds[8];

/* The files that are open. */
static struct {
    const sqlite3_file *file;
    const char *name; /* SQLite's, as long as it is open */
} opened[16];

static const sqlite3_io_methods *
real_methods(const sqlite3_file *file)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (file->pMethods == &kinds[i].ours)
            return kinds[i].real;
    abort();
}

static void
note_file(const sqlite3_file *from, const sqlite3_file *to, const char *name)
{
    for (size_t i = 0; i < COUNT(opened); i++)
        if (opened[i].file == from) {
            opened[i].file = to;
            opened[i].name = name;
            return;
        }
    abort();
}

static const char *
name_of(const sqlite3_file *file)
{
    for (size_t i = 0; i < COUNT(opened); i++)
        if (opened[i].file == file)
            return opened[i].name;
    abort();
}

/* Whether this is the call that fails. */
static bool
strikes(bool is_of_the_kind)
{
    if (calls_left < 0 || !is_of_the_kind || calls_left-- > 0)
        return false;
    struck = true;
    return true;
}

static int
write_piece(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    platter_write(name_of(file), data, (size_t)size, at);
    return real_methods(file)->xWrite(file, data, size, at);
}

static int
write_or_fail(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    if (!strikes(broken == FAULT_FULL || broken == FAULT_WRITE || broken == FAULT_SHORT_WRITE))
        return write_piece(file, data, size, at);
    if (broken == FAULT_SHORT_WRITE)
        write_piece(file, data, size / 2, at);
    return broken == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int
sync_or_fail(sqlite3_file *file, int flags)
{
    if (strikes(broken == FAULT_SYNC))
        return SQLITE_IOERR_FSYNC;
    platter_sync(name_of(file));
    (void)flags; /* a machine that does not fail need not wait for its disk */
    return SQLITE_OK;
}

static int
read_or_fail(sqlite3_file *file, void *data, int size, sqlite3_int64 at)
{
    if (strikes(broken == FAULT_READ))
        return SQLITE_IOERR_READ;
    return real_methods(file)->xRead(file, data, size, at);
}

static int
cut(sqlite3_file *file, sqlite3_int64 size)
{
    platter_cut_off(name_of(file), size);
    return real_methods(file)->xTruncate(file, size);
}

static int
close_file(sqlite3_file *file)
{
    note_file(file, NULL, NULL);
    return real_methods(file)->xClose(file);
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
    kind->ours.xSync = sync_or_fail;
    kind->ours.xRead = read_or_fail;
    kind->ours.xTruncate = cut;
    kind->ours.xClose = close_file;
    file->pMethods = &kind->ours;
    note_file(NULL, file, name);
    return result;
}

static int
delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    platter_cut_off(name, 0);
    platter_sync(name);
    return real->xDelete(real, name, sync);
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
    disk.xDelete = delete_file;
    if (sqlite3_vfs_register(&disk, 1) != SQLITE_OK)
        abort();
}

void
fault_break_disk(enum fault fault, int after)
{
    struck = false;
    broken = fault;
    calls_left = after;
}

bool
fault_struck(struct store *store)
{
    looks_left = calls_left = -1;
    if (store != NULL)
        sqlite3_progress_handler(store_db(store), 0, NULL, NULL);
    return struck;
}
