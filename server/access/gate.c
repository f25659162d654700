#include "gate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <nettle/memops.h>

#include "../../state/base/digest.h"
#include "../../state/base/glob.h"
#include "../http/http.h"
#include "../json/text.h"

#define NAME_SIZE \
    256 /* RFC 1035: a name has 255 characters at most; nor is an origin of ours longer */

/* ---- lists of names ------------------------------------------------------ */

static void
lower(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* The next of the names that commas part; false when there is none. */
static bool
next_name(const char **list, char name[NAME_SIZE])
{
    const char *text = *list + strspn(*list, ", ");
    size_t length = strcspn(text, ", ");

    *list = text + length;
    if (length >= NAME_SIZE)
        return next_name(list, name);
    memcpy(name, text, length);
    name[length] = '\0';
    lower(name);
    return length > 0;
}

static bool
is_listed(const char *const *lists, size_t count, const char *name, bool wildcards)
{
    char glob[NAME_SIZE];

    for (size_t i = 0; i < count; i++)
        for (const char *list = lists[i]; next_name(&list, glob);)
            if ((wildcards || strpbrk(glob, "*?") == NULL) && glob_matches(glob, name))
                return true;
    return false;
}

bool
gate_takes_host(const char *text)
{
    char name[NAME_SIZE];

    return strpbrk(text, ":/[]@") == NULL && next_name(&text, name);
}

static bool
is_origin(const char *name)
{
    const char *host = strstr(name, "://");

    return strcmp(name, "*") == 0 || strcmp(name, "null") == 0 ||
           (host != NULL && host > name && host[3] != '\0' && strpbrk(host + 3, "/@") == NULL);
}

bool
gate_takes_origin(const char *text)
{
    char name[NAME_SIZE];
    size_t count = 0;

    for (; next_name(&text, name); count++)
        if (!is_origin(name))
            return false;
    return count > 0;
}

/* ---- hosts ---------------------------------------------------------------- */

static bool
is_host_name(const char *name)
{
    while ((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9') || *name == '.' ||
           *name == '-' || *name == '_')
        name++;
    return *name == '\0';
}

/* "host:port" or "[address]:port", the port being optional: the host, in lower case and without the
   dot that may end it. False when it is neither. */
static bool
read_host(const char *text, char host[NAME_SIZE])
{
    bool bracketed = *text == '[';
    const char *begin = text + bracketed;
    size_t length = strcspn(begin, bracketed ? "]" : ":");
    const char *rest = begin + length;

    if (length == 0 || length >= NAME_SIZE || (bracketed && *rest++ != ']'))
        return false;
    if (*rest == ':')
        rest += 1 + strspn(rest + 1, "0123456789");
    memcpy(host, begin, length);
    host[length] = '\0';
    lower(host);
    if (length > 1 && host[length - 1] == '.')
        host[length - 1] = '\0';
    return *rest == '\0' && (bracketed || is_host_name(host));
}

static bool
is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static bool
is_below(const char *host, const char *domain)
{
    size_t length = strlen(host), end = strlen(domain);

    return length > end && host[length - end - 1] == '.' &&
           strcmp(host + length - end, domain) == 0;
}

/*
 * Names that nobody can have on the internet: RFC 6761 (localhost, test), RFC 6762 (local), ICANN's
 * resolution of 2024 (internal), those of Kubernetes, and of compose, which have no dot.
 */
static bool
is_private(const char *host)
{
    static const char *const domains[] = { "localhost", "internal", "local", "svc", "cluster.local",
        "test" };

    if (strchr(host, '.') == NULL)
        return true;
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
        if (is_below(host, domains[i]))
            return true;
    return false;
}

/* HTTP/1.0 needs none; a browser always has one. */
static bool
host_is_ours(const struct gate *gate, const char *text)
{
    char host[NAME_SIZE];

    if (text == NULL)
        return true;
    return read_host(text, host) && (is_address(host) || is_private(host) ||
                                        (gate->host != NULL && strcasecmp(gate->host, host) == 0) ||
                                        is_listed(gate->hosts, gate->host_count, host, true));
}

/* ---- origins --------------------------------------------------------------- */

static const char *
after_scheme(const char *origin)
{
    if (strncasecmp(origin, "http://", 7) == 0)
        return origin + 7;
    return strncasecmp(origin, "https://", 8) == 0 ? origin + 8 : NULL;
}

/* On this machine: 127.0.0.0/8, ::1, localhost and what is below it. */
static bool
is_at_home(const char *origin)
{
    const char *text = after_scheme(origin);
    unsigned char address[sizeof(struct in6_addr)];
    char host[NAME_SIZE];

    if (text == NULL || !read_host(text, host))
        return false;
    if (inet_pton(AF_INET, host, address) == 1)
        return address[0] == 127;
    return strcmp(host, "::1") == 0 || strcmp(host, "localhost") == 0 ||
           is_below(host, "localhost");
}

/* Whether the page may send what it sends. A proxy in front may speak TLS where we do not, so the
   scheme of our own pages does not matter. */
static bool
origin_is_ours(const struct gate *gate, const char *origin, const char *host, enum gate_door door)
{
    const char *text = after_scheme(origin);
    char name[NAME_SIZE];

    if (text != NULL && host != NULL && strcasecmp(text, host) == 0)
        return true;
    if (door == GATE_API && is_at_home(origin))
        return true;
    if (strlen(origin) >= sizeof name)
        return false;
    memcpy(name, origin, strlen(origin) + 1);
    lower(name);
    return is_listed(gate->origins, gate->origin_count, name, door == GATE_API);
}

/* Somebody followed a link: the page is shown, and no other page sees it. */
static bool
is_visit(const struct exchange *exchange)
{
    const char *mode = exchange_header(exchange, "Sec-Fetch-Mode");
    const char *into = exchange_header(exchange, "Sec-Fetch-Dest");

    return strcmp(exchange->method, "GET") == 0 && mode != NULL && strcmp(mode, "navigate") == 0 &&
           into != NULL && strcmp(into, "document") == 0;
}

/* Fetch Metadata: what a browser says of requests that carry no Origin, those of images for one. */
static bool
comes_from_elsewhere(const struct exchange *exchange)
{
    const char *site = exchange_header(exchange, "Sec-Fetch-Site");

    return site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

/* Digests are compared, of one length whatever was sent, so that the time tells nothing. */
bool
gate_token_fits(const struct gate *gate, const struct exchange *exchange)
{
    const char *sent = exchange_header(exchange, "Authorization");
    char right[SHA256_HEX_SIZE], found[SHA256_HEX_SIZE];

    if (gate->token == NULL)
        return true;
    if (sent == NULL || strncasecmp(sent, "Bearer ", 7) != 0)
        return false;
    sent += 7 + strspn(sent + 7, " ");
    sha256_hex(gate->token, strlen(gate->token), right);
    sha256_hex(sent, strlen(sent), found);
    return memeql_sec(right, found, sizeof right);
}

bool
gate_lets_in(const struct gate *gate, const struct exchange *exchange, enum gate_door door,
    char *why, size_t size)
{
    const char *host = exchange_header(exchange, "Host");
    const char *origin = exchange_header(exchange, "Origin");

    if (!host_is_ours(gate, host))
        snprintf(why, size,
            "The Host is %.200s, which is no name of this server: --allow-host would let it in.",
            host);
    else if (origin != NULL && !origin_is_ours(gate, origin, host, door))
        snprintf(why, size,
            "A page of %.200s has sent this from a browser: --allow-origin would let it in.",
            origin);
    else if (origin == NULL && comes_from_elsewhere(exchange) &&
             (door != GATE_CONSOLE || !is_visit(exchange)))
        snprintf(why, size,
            "A page of another site has sent this from a browser, without an Origin.");
    else
        return true;
    text_mend(why);
    return false;
}
