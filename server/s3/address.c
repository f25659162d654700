#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "libcurl.h"
#include "../access/sigv4.h"

#define BUCKET "{bucket}"
#define REGION "{region}"

/* ---- the server's URL --------------------------------------------------------- */

/* `text` with `word` replaced, from malloc(); `text` is freed. */
static char *
expand(char *text, const char *word, const char *value)
{
    char *at = strstr(text, word), *expanded;
    size_t size;

    if (at == NULL)
        return text;
    size = strlen(text) + strlen(value) + 1;
    expanded = memory_resize(NULL, size);
    snprintf(expanded, size, "%.*s%s%s", (int)(at - text), text, value, at + strlen(word));
    free(text);
    return expanded;
}

/* One part of a URL, from malloc(); "" when it has none. */
static char *
part_of(CURLU *url, CURLUPart part)
{
    char *found = NULL, *part_text;
    bool there = libcurl.url_get(url, part, &found, CURLU_NO_DEFAULT_PORT) == CURLUE_OK;

    part_text = memory_text(there && found != NULL ? found : "");
    libcurl.free(found);
    return part_text;
}

static bool
has(CURLU *url, CURLUPart part)
{
    char *text = part_of(url, part);
    bool there = *text != '\0';

    free(text);
    return there;
}

/* Of a server and nothing else, but for a path before those of its objects. NULL: it is not. */
static CURLU *
parse(const char *text)
{
    CURLU *url = memory_made(libcurl.url());
    const char *scheme =
        strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0 ? text : NULL;

    if (scheme != NULL &&
        libcurl.url_set(url, CURLUPART_URL, text, CURLU_PATH_AS_IS) == CURLUE_OK &&
        has(url, CURLUPART_HOST) && !has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD) &&
        !has(url, CURLUPART_QUERY) && !has(url, CURLUPART_FRAGMENT))
        return url;
    libcurl.url_cleanup(url);
    return NULL;
}

static CURLU *
parse_for(const char *server_url, const char *region, const char *bucket)
{
    char *text = memory_text(server_url);
    CURLU *url;

    text = expand(expand(text, BUCKET, bucket), REGION, region);
    url = parse(text);
    free(text);
    return url;
}

bool
address_fits(const char *server_url, char *why, size_t size)
{
    CURLU *url = parse_for(server_url, "us-east-1", "bucket");
    char *path = url == NULL ? NULL : part_of(url, CURLUPART_PATH);
    const char *slashes = strstr(server_url, "://");
    /* {bucket} and {region} stand in the host, nowhere else. */
    bool fits = path != NULL && strpbrk(path, "{}") == NULL &&
                strchr(slashes + 3 + strcspn(slashes + 3, "/"), '{') == NULL;

    free(path);
    libcurl.url_cleanup(url);
    if (!fits)
        snprintf(why, size,
            "dir:PATH, or the URL of a server, such as http://127.0.0.1:9000 or "
            "https://{bucket}.s3.{region}.amazonaws.com");
    return fits;
}

/* ---- an object's address ------------------------------------------------------- */

/* The host as a client names it: "127.0.0.1:9000", "[::1]:9000", "example.com". */
static char *
host_of(CURLU *url)
{
    char *host = part_of(url, CURLUPART_HOST), *port = part_of(url, CURLUPART_PORT);
    size_t size = strlen(host) + strlen(port) + 2;
    char *whole = memory_resize(NULL, size);

    snprintf(whole, size, "%s%s%s", host, *port == '\0' ? "" : ":", port);
    free(host);
    free(port);
    return whole;
}

/* "/prefix/bucket/key?versionId=version" */
static char *
path_of(CURLU *url, const char *bucket, const char *key, const char *version)
{
    char *prefix = part_of(url, CURLUPART_PATH);
    size_t size = strlen(prefix) + strlen(bucket) + 3 * (strlen(key) + strlen(version)) + 32;
    char *path = malloc(size), *end;

    if (path == NULL)
        abort();
    end = stpcpy(path, prefix);
    while (end > path && end[-1] == '/')
        *--end = '\0';
    if (*bucket != '\0')
        end = stpcpy(stpcpy(end, "/"), bucket);
    *end++ = '/';
    sigv4_encode(key, true, end);
    if (*version != '\0') {
        end = stpcpy(end + strlen(end), "?versionId=");
        sigv4_encode(version, false, end);
    }
    free(prefix);
    return path;
}

bool
address_make(const char *server_url, const char *region, const char *bucket, const char *key,
    const char *version, struct address *address)
{
    CURLU *url = parse_for(server_url, region, bucket);
    char *scheme;
    size_t size;

    if (url == NULL)
        return false;
    scheme = part_of(url, CURLUPART_SCHEME);
    address->host = host_of(url);
    address->path = path_of(url, strstr(server_url, BUCKET) == NULL ? bucket : "", key, version);
    size = strlen(scheme) + strlen(address->host) + strlen(address->path) + 4;
    address->url = memory_resize(NULL, size);
    snprintf(address->url, size, "%s://%s%s", scheme, address->host, address->path);
    free(scheme);
    libcurl.url_cleanup(url);
    return true;
}
