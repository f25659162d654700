#include "parts.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static const struct part {
    const char *table, *condition, *moved;
} parts[] = {
#define PART(table, condition, moved) { #table, condition, moved },
#include "parts.def"
#undef PART
};

static bool
ask(sqlite3 *db, const char *account, char *sql, int64_t *number)
{
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK;

    if (good && account != NULL)
        sqlite3_bind_text(stmt, 1, account, -1, SQLITE_STATIC);
    good = good && sqlite3_step(stmt) == SQLITE_ROW;
    *number = good ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return good;
}

/* The least of the account's begins behind the greatest that was ever given out. */
static bool
read_move(sqlite3 *from, sqlite3 *to, const struct part *part, const char *account, int64_t *move)
{
    bool has_models = strstr(part->moved, "model_id") != NULL;
    int64_t first, last;

    *move = 0;
    if (!ask(from, account,
            sqlite3_mprintf("SELECT coalesce(min(%s), 0) FROM \"%w\" WHERE %s",
                has_models ? "min(id, model_id)" : "id", part->table, part->condition),
            &first) ||
        !ask(to, NULL,
            sqlite3_mprintf("SELECT max(coalesce((SELECT max(id) FROM \"%w\"), 0), "
                            "coalesce((SELECT "
                            "seq FROM sqlite_sequence WHERE name = %Q), 0))",
                part->table, part->table),
            &last))
        return false;
    if (first > 0)
        *move = last + 1 - first;
    return true;
}

/* How far the ids of each are moved, where it has any. */
static bool
read_moves(sqlite3 *from, sqlite3 *to, const char *account, int64_t *moves)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        moves[i] = 0;
        if (strncmp(parts[i].moved, "id ", 3) == 0 &&
            !read_move(from, to, &parts[i], account, &moves[i]))
            return false;
    }
    return true;
}

/* How far a column of the part is moved: as the ids of the table are that it refers to. */
static int64_t
move_of(const struct part *part, const char *column, const int64_t *moves)
{
    char words[256], *rest = words;

    snprintf(words, sizeof words, "%s", part->moved);
    for (char *name; (name = strtok_r(rest, " ", &rest)) != NULL;) {
        const char *table = strtok_r(rest, " ", &rest);

        for (size_t i = 0; strcmp(name, column) == 0 && i < COUNT(parts); i++)
            if (strcmp(parts[i].table, table) == 0)
                return moves[i];
    }
    return 0;
}

/* The statements that read and write a row of the part, column by column; free() them. */
static void
make_statements(sqlite3 *to, const struct part *part, const int64_t *moves, char **read,
    char **write)
{
    size_t read_length, write_length;
    FILE *reading = open_memstream(read, &read_length);
    FILE *writing = open_memstream(write, &write_length);
    sqlite3_stmt *columns = NULL;
    const char *comma = "";

    if (reading == NULL || writing == NULL)
        abort();
    fprintf(reading, "SELECT ");
    /* An id of the history that others have is theirs; all else is as it comes. */
    fprintf(writing, "INSERT OR %s INTO \"%s\" VALUES (",
        strcmp(part->table, "history") == 0 ? "IGNORE" : "REPLACE", part->table);
    if (sqlite3_prepare_v2(to, "SELECT name FROM pragma_table_info(?1)", -1, &columns, NULL) ==
        SQLITE_OK)
        sqlite3_bind_text(columns, 1, part->table, -1, SQLITE_STATIC);
    for (; columns != NULL && sqlite3_step(columns) == SQLITE_ROW; comma = ", ") {
        const char *column = (const char *)sqlite3_column_text(columns, 0);
        int64_t move = move_of(part, column, moves);

        fprintf(reading, move == 0 ? "%s\"%s\"" : "%s\"%s\" + %" PRId64, comma, column, move);
        fprintf(writing, "%s?", comma);
    }
    sqlite3_finalize(columns);
    fprintf(reading, " FROM \"%s\" WHERE %s", part->table, part->condition);
    fprintf(writing, ")");
    if (fclose(reading) != 0 || fclose(writing) != 0)
        abort(); /* out of memory */
}

static bool
copy_row(sqlite3_stmt *read, sqlite3_stmt *write)
{
    for (int i = 0; i < sqlite3_column_count(read); i++)
        sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
    return sqlite3_step(write) == SQLITE_DONE && sqlite3_reset(write) == SQLITE_OK;
}

static bool
copy_rows(sqlite3_stmt *read, sqlite3_stmt *write, const char *account, int64_t told)
{
    int told_at = sqlite3_bind_parameter_index(read, ":told"), said = SQLITE_ROW;

    sqlite3_bind_text(read, sqlite3_bind_parameter_index(read, ":account"), account, -1,
        SQLITE_STATIC);
    if (told_at > 0)
        sqlite3_bind_int64(read, told_at, told);
    while ((said = sqlite3_step(read)) == SQLITE_ROW)
        if (!copy_row(read, write))
            return false;
    return said == SQLITE_DONE;
}

static bool
copy_part(sqlite3 *from, sqlite3 *to, const struct part *part, const int64_t *moves,
    const char *account, int64_t told)
{
    char *read_sql = NULL, *write_sql = NULL;
    sqlite3_stmt *read = NULL, *write = NULL;
    bool good;

    make_statements(to, part, moves, &read_sql, &write_sql);
    good = sqlite3_prepare_v2(from, read_sql, -1, &read, NULL) == SQLITE_OK &&
           sqlite3_prepare_v2(to, write_sql, -1, &write, NULL) == SQLITE_OK &&
           copy_rows(read, write, account, told);
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    free(read_sql);
    free(write_sql);
    return good;
}

bool
parts_copy(sqlite3 *from, sqlite3 *to, const char *account, int64_t told)
{
    int64_t moves[COUNT(parts)];
    bool good = read_moves(from, to, account, moves);

    sqlite3_db_config(to, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    for (size_t i = 0; good && i < COUNT(parts); i++)
        good = copy_part(from, to, &parts[i], moves, account, told);
    sqlite3_db_config(to, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return good;
}

bool
parts_copy_frame(sqlite3 *from, sqlite3 *to)
{
    static const struct part frame[] = {
        { "world", "true", "" },
        { "setting", "true", "" },
        { "account_clock", "true", "" },
        { "account_setting", "true", "" },
    };
    const int64_t moves[COUNT(parts)] = { 0 };
    bool good = true;

    for (size_t i = 0; good && i < COUNT(frame); i++)
        good = copy_part(from, to, &frame[i], moves, "", 0);
    return good;
}
