/*
 * The least that starting and stopping a model can cost in SQLite: one transaction that moves a
 * version twice (by a call, and by the timer before it), each move with its status, its history row
 * and its timer. Same tables and indexes, same mode of journal and of locking, nothing around it.
 *
 *     bare_sqlite FILE SECONDS      prints transactions per second
 *
 * FILE is a database of the server's, which is not running.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static sqlite3 *db;

static void
must(int result)
{
    if (result != SQLITE_OK && result != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    static const char *const move[] = {
        "DELETE FROM timer WHERE kind = 'project_version' AND arn = ?1",
        "INSERT INTO history (at_ms, kind, arn, event, \"from\", \"to\", cause)"
        " VALUES (1795446391605, 'project_version', ?1, ?2, ?2, ?3, 'timer')",
        "INSERT INTO timer (kind, arn, event, begun_ms, due_ms)"
        " VALUES ('project_version', ?1, ?2, 1795446391605, 1795446391605)",
        "UPDATE project_version SET status = ?3, status_message = 'The model is starting.',"
        " entered_ms = 1795446391605 WHERE arn = ?1",
    };
    static const char *const statuses[] = { "STARTING", "RUNNING", "STOPPING", "STOPPED" };
    sqlite3_stmt *statements[4], *begin, *commit, *first;
    const unsigned char *arn;
    double begun, seconds = argc > 2 ? atof(argv[2]) : 0;
    long done = 0;

    must(sqlite3_open(argc > 1 ? argv[1] : "", &db));
    must(sqlite3_exec(db,
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; DELETE FROM timer",
        NULL, NULL, NULL));
    for (int i = 0; i < 4; i++)
        must(sqlite3_prepare_v2(db, move[i], -1, &statements[i], NULL));
    must(sqlite3_prepare_v2(db, "BEGIN", -1, &begin, NULL));
    must(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL));
    must(sqlite3_prepare_v2(db, "SELECT arn FROM project_version LIMIT 1", -1, &first, NULL));
    if (sqlite3_step(first) != SQLITE_ROW)
        return 1;
    arn = sqlite3_column_text(first, 0);
    for (int i = 0; i < 4; i++)
        must(sqlite3_bind_text(statements[i], 1, (const char *)arn, -1, SQLITE_TRANSIENT));
    must(sqlite3_finalize(first));

    for (begun = now(); now() - begun < seconds; done++) {
        must(sqlite3_step(begin));
        sqlite3_reset(begin);
        for (int i = 0; i < 8; i++) {
            sqlite3_stmt *stmt = statements[i % 4];

            if (i % 4 == 1 || i % 4 == 2)
                must(sqlite3_bind_text(stmt, 2, statuses[(2 * done + i / 4) % 4], -1,
                    SQLITE_STATIC));
            if (i % 4 == 1 || i % 4 == 3)
                must(sqlite3_bind_text(stmt, 3, statuses[(2 * done + i / 4 + 1) % 4], -1,
                    SQLITE_STATIC));
            must(sqlite3_step(stmt));
            sqlite3_reset(stmt);
        }
        must(sqlite3_step(commit));
        sqlite3_reset(commit);
    }
    printf("%.0f\n", (double)done / (now() - begun));
    return 0;
}
