#include "migration.h"

#include <sqlite3.h>
#include <stddef.h>

#include "sql.h"

int
migration_count(void)
{
    int count = 0;

    while (sql_migrations[count] != NULL)
        count++;
    return count;
}

bool
migrate(sqlite3 *db, int from, int to)
{
    if (from == 0 && to == migration_count()) /* all of them, in a tenth of their time */
        return sqlite3_exec(db, sql_schema, NULL, NULL, NULL) == SQLITE_OK;
    for (int i = from; i < to; i++)
        if (sqlite3_exec(db, sql_migrations[i], NULL, NULL, NULL) != SQLITE_OK)
            return false;
    return true;
}
