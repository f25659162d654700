#include "libcurl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

#include "../../state/base/array.h"

#ifdef LIBCURL_LINKED

struct libcurl libcurl = {
#define CURL(name) .name = curl_##name,
#include "libcurl.def"
#undef CURL
};

bool
libcurl_load(char *why, size_t size)
{
    (void)why, (void)size;
    return true;
}

const char *
libcurl_authorities(void)
{
    static const char *const files[] = {
        "/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine, Arch */
        "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, Red Hat */
        "/etc/ssl/ca-bundle.pem",             /* SUSE */
    };

    for (size_t i = 0; i < COUNT(files); i++)
        if (access(files[i], R_OK) == 0)
            return files[i];
    return NULL;
}

#else

struct libcurl libcurl;

/* As Debian calls the one that this was built with, and as everyone calls it. */
static void *
open_library(char *why, size_t size)
{
    static const char *const names[] = { "libcurl-gnutls.so.4", "libcurl.so.4" };
    void *library = NULL;

    for (size_t i = 0; library == NULL && i < COUNT(names); i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        snprintf(why, size, "libcurl cannot be loaded: %s", dlerror());
    return library;
}

bool
libcurl_load(char *why, size_t size)
{
    static bool complete;
    void *library = complete ? NULL : open_library(why, size);

    if (library == NULL)
        return complete;
    complete = true;
#define CURL(name)                                           \
    *(void **)&libcurl.name = dlsym(library, "curl_" #name); \
    complete = complete && libcurl.name != NULL;
#include "libcurl.def"
#undef CURL
    if (!complete)
        snprintf(why, size, "libcurl is too old: 7.84 is the first that will do");
    return complete;
}

const char *
libcurl_authorities(void)
{
    return NULL;
}

#endif
