#include "secrets.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../state/setting.h"
#include "../state/step.h"
#include "access/credentials.h"
#include "call/server.h"
#include "http/http.h"
#include "json/json.h"
#include "command/options.h"
#include "record/log.h"

char *
file_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char piece[65536], *text = NULL;
    FILE *whole;
    size_t got;
    bool failed;

    if (file == NULL)
        return NULL;
    whole = open_memstream(&text, length);
    if (whole == NULL)
        abort();
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        fwrite(piece, 1, got, whole);
    if (fclose(whole) != 0)
        abort(); /* out of memory */
    failed = ferror(file) != 0;
    fclose(file);
    if (!failed)
        return text;
    free(text);
    return NULL;
}

/* Secrets do not stay behind in memory that somebody else gets. */
static void
forget(char *text, size_t length)
{
    for (volatile char *at = text; length > 0; length--)
        *at++ = '\0';
    free(text);
}

static bool
take_credentials(struct credentials *credentials, const char *text, size_t length, char *why,
    size_t size)
{
    enum json_fault fault;
    cJSON *json = json_parse(text, length, &fault);
    bool good = false;

    if (json == NULL)
        snprintf(why, size, "%s", json_fault_text(fault));
    else
        good = credentials_replace(credentials, json, why, size);
    cJSON_Delete(json);
    return good;
}

static bool
any_mode_will_do(struct store *store)
{
    bool any_mode;

    step_begin(store, "credentials");
    any_mode = setting_int(store, SETTING_CREDENTIALS_ANY_MODE) != 0;
    step_end(store, true);
    return any_mode;
}

/* If not, `why` says so, and nothing has changed. */
static bool
read_credentials(const char *path, struct server *server, char *why, size_t size)
{
    struct stat found;
    size_t length = 0;
    char *text = file_read(path, &length);
    bool good = false;

    if (text == NULL || stat(path, &found) != 0)
        snprintf(why, size, "it cannot be read");
    else if ((found.st_mode & (S_IRGRP | S_IROTH)) != 0 && !any_mode_will_do(server->store))
        snprintf(why, size,
            "others can read it (mode %03o): chmod 600, or --set credentials.anyMode=1",
            (unsigned)found.st_mode & 0777U);
    else
        good = take_credentials(server->credentials, text, length, why, size);
    if (text != NULL)
        forget(text, length);
    return good;
}

void
secrets_open(const struct options *options, struct server *server)
{
    char why[512];

    server->credentials = credentials_open();
    if (options->credentials != NULL &&
        !read_credentials(options->credentials, server, why, sizeof why))
        options_refuse("--credentials %s: %s", options->credentials, why);
}

static void
reload_credentials(const struct options *options, struct server *server)
{
    char why[512];

    if (read_credentials(options->credentials, server, why, sizeof why))
        log_line("credentials: read again from %s", options->credentials);
    else
        log_line("credentials: they stay as they were; %s: %s", options->credentials, why);
}

static void
reload_tls(const struct options *options)
{
    size_t length;
    char *cert = file_read(options->tls_cert, &length), *key = file_read(options->tls_key, &length);

    if (cert != NULL && key != NULL && http_tls_renew(cert, key))
        log_line("certificate: read again from %s", options->tls_cert);
    else
        log_line("certificate: it stays as it was; %s, %s: not a certificate and its key, in PEM",
            options->tls_cert, options->tls_key);
    free(cert);
    if (key != NULL)
        forget(key, strlen(key));
}

void
secrets_reload(const struct options *options, struct server *server)
{
    if (options->credentials != NULL)
        reload_credentials(options, server);
    if (options->tls_cert != NULL)
        reload_tls(options);
}
