#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "clock.h"
#include "migration.h"

static bool
refuse_with(char *why, size_t size, const char *text)
{
    snprintf(why, size, "%s", text);
    return false;
}

bool
check_ask(sqlite3 *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *stmt = NULL;
    bool told = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL;

    if (told)
        snprintf(out, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
    return sqlite3_finalize(stmt) == SQLITE_OK && told;
}

/* ---- the file ----------------------------------------------------------- */

bool
check_header(const char *path, bool *is_empty, char *why, size_t size)
{
    unsigned char header[100];
    FILE *file = fopen(path, "rb");
    size_t length;
    int error;

    *is_empty = false;
    if (file == NULL)
        return errno == ENOENT || refuse_with(why, size, strerror(errno));
    length = fread(header, 1, sizeof header, file);
    error = ferror(file) ? errno : 0;
    fclose(file);
    if (error != 0)
        return refuse_with(why, size, strerror(error));
    *is_empty = length == 0;
    if (length == 0)
        return true;
    if (length < sizeof header || memcmp(header, "SQLite format 3", 16) != 0)
        return refuse_with(why, size, "not a database of rekognition-local");
    if (((uint32_t)header[68] << 24 | (uint32_t)header[69] << 16 | (uint32_t)header[70] << 8 |
            header[71]) != APPLICATION_ID)
        return refuse_with(why, size, "a database of another program");
    return true;
}

bool
check_writable(const char *path, char *why, size_t size)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int file = open(path, O_RDWR | O_CLOEXEC);

    if (file < 0 && errno != ENOENT) {
        snprintf(why, size, "it cannot be written: %s", strerror(errno));
        return false;
    }
    if (file >= 0)
        close(file);
    snprintf(folder, sizeof folder, "%.*s",
        slash == NULL   ? 1
        : slash == path ? 1
                        : (int)(slash - path),
        slash == NULL ? "." : path);
    if (access(folder, W_OK | X_OK) == 0 || errno == ENOENT || errno == ENOTDIR)
        return true;
    snprintf(why, size, "the folder cannot be written, in which its log belongs: %s",
        strerror(errno));
    return false;
}

/* ---- the schema --------------------------------------------------------- */

void
check_defend(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

/* All that there is, with the words that it was made by, but for the space between them; free() it. */
static char *
schema_of(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    char *schema = NULL;
    size_t length;
    FILE *out = open_memstream(&schema, &length);

    if (out == NULL)
        abort();
    if (sqlite3_prepare_v2(db,
            "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM "
            "sqlite_schema ORDER BY type, name",
            -1, &stmt, NULL) == SQLITE_OK)
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *line = (const char *)sqlite3_column_text(stmt, 0);

            for (; line != NULL && *line != '\0'; line++)
                if (!isspace((unsigned char)*line))
                    fputc(*line, out);
            fputc('\n', out);
        }
    sqlite3_finalize(stmt);
    if (fclose(out) != 0)
        abort(); /* out of memory */
    return schema;
}

/* That of the version: of a database that was made by our own migrations; free() it. */
static char *
schema_of_version(int version)
{
    sqlite3 *db;
    char *schema;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        abort(); /* out of memory */
    migrate(db, 0, version);
    schema = schema_of(db);
    sqlite3_close(db);
    return schema;
}

static char *newest_schema;

static void
find_newest_schema(void)
{
    newest_schema = schema_of_version(migration_count());
}

static bool
has_schema_of(sqlite3 *db, int version)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* uploads are looked at by a thread */
    char *has = schema_of(db), *wanted = NULL;
    bool same;

    pthread_once(&once, find_newest_schema);
    if (version != migration_count())
        wanted = schema_of_version(version);
    same = strcmp(has, wanted == NULL ? newest_schema : wanted) == 0;
    free(wanted);
    free(has);
    return same;
}

static bool
check_version(sqlite3 *db, int *version, char *why, size_t size)
{
    char said[32];

    if (!check_ask(db, "PRAGMA user_version", said, sizeof said))
        return refuse_with(why, size,
            sqlite3_errcode(db) == SQLITE_BUSY ? "in use by another process" : sqlite3_errmsg(db));
    *version = atoi(said);
    if (*version > migration_count())
        return refuse_with(why, size, "written by a newer rekognition-local");
    return *version >= 0 || /* 0: nothing was made in it yet */
           refuse_with(why, size, "of no version of rekognition-local that there was");
}

bool
check_schema(sqlite3 *db, enum check_depth depth, char *why, size_t size)
{
    char said[512];
    int version;

    if (!check_version(db, &version, why, size))
        return false;
    if (depth == CHECK_VERSION)
        return true;
    if (!check_ask(db, "PRAGMA quick_check(1)", said, sizeof said))
        return refuse_with(why, size, sqlite3_errmsg(db));
    if (strcmp(said, "ok") != 0)
        return refuse_with(why, size, "damaged");
    if (!has_schema_of(db, version))
        return refuse_with(why, size, "its tables are not those of rekognition-local");
    if (depth == CHECK_INDEXES &&
        (!check_ask(db, "PRAGMA integrity_check(1)", said, sizeof said) || strcmp(said, "ok") != 0))
        return refuse_with(why, size, "damaged");
    return true;
}

/* ---- rows --------------------------------------------------------------- */

#define IS_NAME(column) \
    "length(" #column ") BETWEEN 1 AND 255 AND " #column " NOT GLOB '*[^a-zA-Z0-9_.-]*'"
#define IS_ACCOUNT(column) "length(" #column ") = 12 AND " #column " NOT GLOB '*[^0-9]*'"
#define IS_REGION(column) \
    "length(" #column ") BETWEEN 1 AND 63 AND " #column " NOT GLOB '*[^a-z0-9-]*'"
#define IS_HEX(digits) "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]" digits
#define IS_UUID(column)       \
#column " GLOB '" IS_HEX( \
        IS_HEX("-" IS_HEX("-" IS_HEX("-" IS_HEX("-" IS_HEX(IS_HEX(IS_HEX("")))))))) "'"
#define IS_FLAG(column) #column " IN (0, 1)"
#define IS_RATIO(column) #column " BETWEEN 0 AND 1"
#define IS_COUNT(column) #column " BETWEEN 0 AND 1000000000"
#define IS_REFERENCE(column) \
    IS_OBJECT(column)        \
    " AND (" #column " ->> 's3' GLOB '?*/?*' OR " #column " ->> 'bytes' <> '')"
#define IS_OBJECT(column) "json_valid(" #column ") AND json_type(" #column ") = 'object'"
#define IS_LIST(column) "json_valid(" #column ") AND json_type(" #column ") = 'array'"
#define IS_BOXES(column)                                                                \
    IS_OBJECT(column)                                                                   \
    " AND NOT EXISTS (SELECT 1 FROM json_each(" #column ") WHERE type <> 'integer' OR " \
    "value NOT BETWEEN 0 AND 1000000000)"
#define IS_NO_TEXT_AT(path) "coalesce(json_type(value, '" path "'), 'text') <> 'text'"
#define IS_NO_NUMBER_AT(path) \
    "coalesce(json_type(value, '" path "'), 'real') NOT IN ('integer', 'real')"
#define IS_ASSETS(column)                                                                    \
    IS_OBJECT(column)                                                                        \
    " AND json_type(" #column ", '$.Assets') IS NOT 'null' AND"                              \
    " NOT EXISTS (SELECT 1 FROM json_each(" #column ", '$.Assets') WHERE type <> 'object'"   \
    " OR json_type(value, '$.GroundTruthManifest') IS NOT 'object'"                          \
    " OR " IS_NO_TEXT_AT("$.GroundTruthManifest.S3Object.Bucket") " OR " IS_NO_TEXT_AT(      \
        "$.GroundTruthManifest.S3Object.Name") " OR " IS_NO_TEXT_AT("$.GroundTruthManifest." \
                                                                    "S3Object.Version") ")"
#define IS_LABELS(column)                                                           \
    IS_LIST(column)                                                                 \
    " AND NOT EXISTS (SELECT 1 FROM json_each(" #column ") WHERE type <> 'object'"  \
    " OR json_type(value, '$.name') IS NOT 'text'"                                  \
    " OR coalesce(json_type(value, '$.confidence'), '') NOT IN ('integer', 'real')" \
    " OR coalesce(json_type(value, '$.boundingBox'), 'object') <> 'object'"         \
    " OR " IS_NO_NUMBER_AT("$.boundingBox.left") " OR " IS_NO_NUMBER_AT(            \
        "$.boundingBox.top") " OR " IS_NO_NUMBER_AT("$.boundingBox.width") " OR " IS_NO_NUMBER_AT("$.boundingBox.height") ")"
#define IS_UNDO(column)                                                                     \
#column " IN ('dataset.create.undo', 'dataset.update.undo', 'dataset.distribute.undo'," \
            " 'dataset.receive.undo')"

/* What the lifecycles have: see words[]. */
#define IS_STATUS_OF(kind) "status IN (@" #kind ")"
#define IS_KIND "kind IN (@kinds)"
#define IS_EVENT "event IN (@events)"
#define IS_STEP "event IN (@steps)"

static const struct rule {
    const char *table, *column; /* NULL: the row as a whole */
    const char *condition, *what;
} rules[] = {
#define COLUMN(table, column, condition) { #table, #column, condition, NULL },
#define ROW(table, condition, what) { #table, NULL, condition, what },
#include "check.def"
#undef COLUMN
#undef ROW
};

#define RULE_COUNT (sizeof rules / sizeof rules[0])

/* What @list stands for in a condition: the kinds, events or steps of the lifecycles, or a kind's statuses. */
static const struct word {
    const char *list, *word;
} words[] = {
#define TRANSITION(kind, from, event, to, evidence, source) \
    { "kinds", #kind }, { "events", #event }, { #kind, #to },
#define USE(...)
#define TIMEOUT(kind, status, setting, step, event, otherwise) { "steps", step },
#define MESSAGE(...)
#include "lifecycle.def"
#undef TRANSITION
#undef USE
#undef TIMEOUT
#undef MESSAGE
};

enum { OF_DURATION = 0, OF_COUNT = 0, OF_NUMBER = 0, OF_WORD = 0, OF_STEP = 1 };

static const struct range {
    const char *name;
    double least, most;
    bool is_step; /* a range of durations, too, or a number of answers */
} ranges[] = {
#define SETTING(id, name, kind, least, most, instant, quick, aws, evidence, source, help) \
    { name, least, most, OF_##kind },
#include "settings.def"
#undef SETTING
};

static void
write_words(FILE *out, const char *list, size_t length)
{
    bool first = true;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].list) == length && strncmp(words[i].list, list, length) == 0 &&
            strcmp(words[i].word, "NONE") != 0) {
            fprintf(out, "%s'%s'", first ? "" : ", ", words[i].word);
            first = false;
        }
}

static void
write_condition(FILE *out, const char *condition)
{
    for (const char *at; (at = strchr(condition, '@')) != NULL;) {
        size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");

        fwrite(condition, 1, (size_t)(at - condition), out);
        write_words(out, at + 1, length);
        condition = at + 1 + length;
    }
    fputs(condition, out);
}

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* What its name and type say of a column. */
static void
write_usual(FILE *out, const char *column, const char *type)
{
    if (strcmp(column, "account") == 0)
        fputs(IS_ACCOUNT(account), out);
    else if (strcmp(column, "region") == 0)
        fputs(IS_REGION(region), out);
    else if (ends_with(column, "arn"))
        fprintf(out, "r.\"%s\" GLOB 'arn:aws*' AND length(r.\"%s\") <= 2048", column, column);
    else if (strcmp(type, "TEXT") == 0)
        fputs("true", out); /* write_column() asks whether it is text */
    else if (strcmp(type, "INTEGER") == 0)
        fprintf(out, "r.\"%s\" BETWEEN 0 AND %lld", column,
            ends_with(column, "_ms") ? (long long)CLOCK_END_MS : 1LL << 53);
    else
        fprintf(out, "r.\"%s\" BETWEEN -1e300 AND 1e300", column);
}

/* What check.def says of it, in place of what its name does; NULL when it does not. */
static const char *
condition_of(const char *table, const char *column)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rules[i].column != NULL && strcmp(rules[i].table, table) == 0 &&
            strcmp(rules[i].column, column) == 0)
            return rules[i].condition;
    return NULL;
}

static void
write_column(FILE *out, const char *table, const char *column, const char *type)
{
    const char *condition = condition_of(table, column);

    fprintf(out, " WHEN r.\"%s\" IS NOT NULL AND ((", column);
    if (condition == NULL)
        write_usual(out, column, type);
    else
        write_condition(out, condition);
    fputs(") IS NOT TRUE", out);
    if (strcmp(type, "TEXT") == 0)
        fprintf(out, " OR NOT is_text(r.\"%s\")", column);
    fprintf(out, ") THEN 'whose %s cannot be'", column);
}

/* The question for the first row of the table that cannot be, and what is wrong with it; free() it. */
static char *
question_of(sqlite3 *db, const char *table)
{
    sqlite3_stmt *columns = NULL;
    char *question = NULL;
    size_t length;
    FILE *out = open_memstream(&question, &length);

    if (out == NULL)
        abort();
    fputs("SELECT CASE", out);
    if (sqlite3_prepare_v2(db, "SELECT name, type FROM pragma_table_info(?1)", -1, &columns,
            NULL) == SQLITE_OK) {
        sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
        while (sqlite3_step(columns) == SQLITE_ROW)
            write_column(out, table, (const char *)sqlite3_column_text(columns, 0),
                (const char *)sqlite3_column_text(columns, 1));
    }
    sqlite3_finalize(columns);
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rules[i].column == NULL && strcmp(rules[i].table, table) == 0) {
            fputs(" WHEN (", out);
            write_condition(out, rules[i].condition);
            fprintf(out, ") IS NOT TRUE THEN '%s'", rules[i].what);
        }
    fprintf(out, " END AS wrong FROM \"%s\" r WHERE wrong IS NOT NULL LIMIT 1", table);
    if (fclose(out) != 0)
        abort(); /* out of memory */
    return question;
}

static bool
check_table(sqlite3 *db, const char *table, char *why, size_t size)
{
    char *question = question_of(db, table);
    sqlite3_stmt *stmt = NULL;
    int said = sqlite3_prepare_v2(db, question, -1, &stmt, NULL);

    free(question);
    if (said == SQLITE_OK)
        said = sqlite3_step(stmt);
    if (said == SQLITE_ROW)
        snprintf(why, size, "there is a row in its table %s %s", table,
            (const char *)sqlite3_column_text(stmt, 0));
    else if (said != SQLITE_DONE)
        refuse_with(why, size, sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    return said == SQLITE_DONE;
}

/* One of a name that there is no more is nobody's. Below zero a step has answers to wait for. */
static bool
is_in_range(const char *name, double value, double most)
{
    for (size_t i = 0; i < COUNT(ranges); i++)
        if (strcmp(ranges[i].name, name) == 0)
            return (ranges[i].is_step && value < 0 && value >= -1e6 && most == value) ||
                   (value >= ranges[i].least && most <= ranges[i].most && value <= most &&
                       (ranges[i].is_step || value == most));
    return true;
}

static bool
check_settings(sqlite3 *db, char *why, size_t size)
{
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_prepare_v2(db,
                    "SELECT name, value, coalesce(most, value) FROM setting UNION ALL"
                    " SELECT name, value, coalesce(most, value) FROM account_setting",
                    -1, &stmt, NULL) == SQLITE_OK;

    while (good && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);

        good = is_in_range(name, sqlite3_column_double(stmt, 1), sqlite3_column_double(stmt, 2));
        if (!good)
            snprintf(why, size, "its setting %s is not in its range", name);
    }
    sqlite3_finalize(stmt);
    return good;
}

/* is_text(x): whether it is UTF-8, without a NUL, which C would take for its end. */
static void
is_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    const unsigned char *at = sqlite3_value_text(values[0]), *end;
    bool good = at != NULL && sqlite3_value_type(values[0]) == SQLITE_TEXT;

    (void)count;
    end = at + (good ? sqlite3_value_bytes(values[0]) : 0);
    while (good && at < end) {
        size_t more = *at < 0x80 ? 0 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : 1;
        uint32_t code = more == 0 ? *at : *at & (0x3fu >> more);

        good =
            *at != 0 && (*at < 0x80 || (*at >= 0xc2 && *at <= 0xf4)) && (size_t)(end - at) > more;
        for (size_t i = 1; good && i <= more; i++) {
            good = (at[i] & 0xc0) == 0x80;
            code = code << 6 | (at[i] & 0x3fu);
        }
        good = good && (more < 2 || code >= (more == 2 ? 0x800u : 0x10000u)) && code <= 0x10ffff &&
               (code < 0xd800 || code > 0xdfff);
        at += more + 1;
    }
    sqlite3_result_int(context, good);
}

bool
check_rows(sqlite3 *db, char *why, size_t size)
{
    sqlite3_stmt *tables = NULL;
    char said[256];
    bool good;

    sqlite3_create_function_v2(db, "is_text", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, is_text,
        NULL, NULL, NULL);
    good = sqlite3_prepare_v2(db,
               "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT "
               "LIKE 'sqlite\\_%' ESCAPE '\\'",
               -1, &tables, NULL) == SQLITE_OK;
    while (good && sqlite3_step(tables) == SQLITE_ROW)
        good = check_table(db, (const char *)sqlite3_column_text(tables, 0), why, size);
    sqlite3_finalize(tables);
    if (!good || !check_settings(db, why, size))
        return false;
    if (check_ask(db, "SELECT 'row' FROM pragma_foreign_key_check", said, sizeof said))
        return refuse_with(why, size, "there is a row in it that is part of nothing");
    if (check_ask(db, "SELECT 'row' FROM sqlite_sequence WHERE seq NOT BETWEEN 0 AND 1 << 53", said,
            sizeof said))
        return refuse_with(why, size, "its ids are at their end");
    return true;
}
