/*
 * The least that a start can take: opens a database of the server's, which is not running, as it does,
 * reads from it, and says so.
 *
 *     bare_open FILE
 */
#include <sqlite3.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
    sqlite3 *db;

    if (argc != 2 || sqlite3_open(argv[1], &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM world", NULL, NULL,
            NULL) != SQLITE_OK)
        return 1;
    printf("open\n");
    fflush(stdout);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
