#include "snapshots.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../http/http.h"

#define NAME_LENGTH_MAX 64

struct snapshots {
    char folder[4096];
    bool temporary;
};

static const char suffix[] = ".db", unfinished[] = ".unfinished-";

static bool
is_finished(const char *file)
{
    size_t length = strlen(file);

    return length >= sizeof suffix && strcmp(file + length - (sizeof suffix - 1), suffix) == 0;
}

static bool
is_unfinished(const char *file)
{
    return strncmp(file, unfinished, sizeof unfinished - 1) == 0 && !is_finished(file);
}

static void
remove_files(const char *folder, bool (*which)(const char *file))
{
    DIR *files = opendir(folder);
    const struct dirent *file;
    char path[SNAPSHOT_PATH_SIZE];

    if (files == NULL)
        return;
    while ((file = readdir(files)) != NULL)
        if (which(file->d_name)) {
            snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
            unlink(path);
        }
    closedir(files);
}

struct snapshots *
snapshots_open(const char *db)
{
    struct snapshots *snapshots = calloc(1, sizeof *snapshots);

    if (snapshots == NULL)
        abort();
    snapshots->temporary = strcmp(db, ":memory:") == 0;
    if (!snapshots->temporary) {
        snprintf(snapshots->folder, sizeof snapshots->folder, "%s.snapshots", db);
        remove_files(snapshots->folder, is_unfinished);
    }
    return snapshots;
}

void
snapshots_close(struct snapshots *snapshots)
{
    if (snapshots->temporary && *snapshots->folder != '\0') {
        remove_files(snapshots->folder, is_finished);
        remove_files(snapshots->folder, is_unfinished);
        rmdir(snapshots->folder);
    }
    free(snapshots);
}

/* A temporary folder has no name until it is made. */
static void
make_folder(struct snapshots *snapshots)
{
    const char *temporary = getenv("TMPDIR");

    if (!snapshots->temporary) {
        mkdir(snapshots->folder, 0777);
    } else if (*snapshots->folder == '\0') {
        snprintf(snapshots->folder, sizeof snapshots->folder, "%s/rekognition-local-XXXXXX",
            temporary == NULL ? "/tmp" : temporary);
        if (mkdtemp(snapshots->folder) == NULL)
            *snapshots->folder = '\0';
    }
}

bool
snapshots_spool(const struct exchange *exchange)
{
    static const char prefix[] = "/_local/snapshots/";

    return strcmp(exchange->method, "PUT") == 0 &&
           strncmp(exchange->path, prefix, sizeof prefix - 1) == 0;
}

void
snapshots_path(const struct snapshots *snapshots, const char *name, char out[SNAPSHOT_PATH_SIZE])
{
    snprintf(out, SNAPSHOT_PATH_SIZE, "%s/%s%s", snapshots->folder, name, suffix);
}

bool
snapshots_new_file(struct snapshots *snapshots, char path[SNAPSHOT_PATH_SIZE])
{
    int file;

    make_folder(snapshots);
    snprintf(path, SNAPSHOT_PATH_SIZE, "%s/%sXXXXXX", snapshots->folder, unfinished);
    file = *snapshots->folder == '\0' ? -1 : mkstemp(path);
    return file >= 0 && close(file) == 0;
}

bool
snapshots_name_is_valid(const char *name)
{
    size_t length = strlen(name);

    /* "." and ".." are what clients take out of paths. */
    return length >= 1 && length <= NAME_LENGTH_MAX && strspn(name, ".") < length &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") ==
               length;
}

static int
is_snapshot(const struct dirent *file)
{
    return is_finished(file->d_name);
}

void
snapshots_each(const struct snapshots *snapshots, void (*each)(void *context, const char *name),
    void *context)
{
    struct dirent **files;
    int count = scandir(snapshots->folder, &files, is_snapshot, alphasort);

    for (int i = 0; i < count; i++) {
        files[i]->d_name[strlen(files[i]->d_name) - (sizeof suffix - 1)] = '\0';
        if (snapshots_name_is_valid(files[i]->d_name))
            each(context, files[i]->d_name);
        free(files[i]);
    }
    if (count >= 0)
        free(files);
}
