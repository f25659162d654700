#include "signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <nettle/memops.h>

#include "../../state/base/arn.h"
#include "../../state/base/array.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../http/http.h"
#include "canonical.h"
#include "credentials.h"

#define SKEW_MS (5 * 60 * 1000) /* seen of this service: "(… - 5 min.)" */
#define EXPIRES_MAX (7 * 24 * 60 * 60)
#define UNSIGNED "UNSIGNED-PAYLOAD"
#define PARTS 5 /* of a credential */

/* What a request says of its signature. Its texts are pieces of `copy`. */
struct claim {
    const struct signature_request *request;
    bool presigned;
    char *copy;
    const char *credential, *signed_headers, *signature, *time, *token, *expires;
    const char *key, *date, *region, *service, *terminator;
    int64_t time_ms;
};

/* What stands for it, one way of several. */
struct canonical {
    struct sigv4_request request;
    struct sigv4_header *headers;
    char *path, *query, *names;
    char payload[SHA256_HEX_SIZE];
};

/* ---- reading ---------------------------------------------------------------- */

/* Most names differ in their first letter: the case of that is one bit. */
static bool
is_named(const struct sigv4_header *header, const char *name)
{
    return ((*header->name ^ *name) & ~0x20) == 0 && strcasecmp(header->name, name) == 0;
}

static const char *
header_of(const struct signature_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (is_named(&request->headers[i], name))
            return request->headers[i].value;
    return NULL;
}

/* The decoded value of the argument in the query, which is cut into pieces; or NULL. */
static const char *
take_argument(char *query, const char *end, const char *name)
{
    size_t length = strlen(name);

    for (char *at = query; at < end; at += strlen(at) + 1)
        if (strncmp(at, name, length) == 0 && at[length] == '=')
            return at + length + 1;
    return NULL;
}

static void
read_query(struct claim *claim)
{
    size_t length = strlen(claim->request->query);
    char *query = claim->copy = memory_text(claim->request->query);
    const char *end = query + length;

    for (char *at = query; at < end; at++)
        if (*at == '&')
            *at = '\0';
    for (char *at = query; at < end;) {
        size_t piece = strlen(at);

        percent_decode(at);
        memset(at + strlen(at), '\0', piece - strlen(at));
        at += piece + 1;
    }
    claim->credential = take_argument(query, end, "X-Amz-Credential");
    claim->signature = take_argument(query, end, "X-Amz-Signature");
    claim->signed_headers = take_argument(query, end, "X-Amz-SignedHeaders");
    claim->time = take_argument(query, end, "X-Amz-Date");
    claim->expires = take_argument(query, end, "X-Amz-Expires");
    claim->token = take_argument(query, end, "X-Amz-Security-Token");
    if (claim->token == NULL)
        claim->token = header_of(claim->request, "X-Amz-Security-Token");
}

/* "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…", with or without the spaces. */
static void
read_authorization(struct claim *claim, const char *authorization)
{
    char *rest = claim->copy = memory_text(authorization), *part;

    take_part(&rest, " ");
    while ((part = take_part(&rest, ", ")) != NULL)
        if (strncmp(part, "Credential=", 11) == 0)
            claim->credential = part + 11;
        else if (strncmp(part, "SignedHeaders=", 14) == 0)
            claim->signed_headers = part + 14;
        else if (strncmp(part, "Signature=", 10) == 0)
            claim->signature = part + 10;
    claim->time = header_of(claim->request, "X-Amz-Date");
    if (claim->time == NULL)
        claim->time = header_of(claim->request, "Date");
    claim->token = header_of(claim->request, "X-Amz-Security-Token");
}

/* Texts that are longer than their room are never equal to what is there. */
static void
keep(char *out, const char *text, size_t size)
{
    size_t length = strnlen(text, size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
}

/* ---- failing ----------------------------------------------------------------- */

/* Always false. */
static bool
refuse(struct signature *signature, enum signature_result result, struct text message)
{
    signature->result = result;
    signature->message = message.bytes;
    return false;
}

static struct text
words(const char *text)
{
    struct text out = { 0 };

    text_add_string(&out, text);
    return out;
}

static void
add_all(struct text *out, const char *const *pieces)
{
    for (; *pieces != NULL; pieces++)
        text_add_string(out, *pieces);
}

#define ADD(out, ...) add_all(out, (const char *const[]){ __VA_ARGS__, NULL })

/* ---- is it all there? --------------------------------------------------------- */

static bool
has_query_parts(const struct claim *claim, bool algorithm, struct signature *signature)
{
    const struct {
        const char *name;
        bool there;
    } parts[] = { { "X-Amz-Algorithm", algorithm },
        { "X-Amz-Credential", claim->credential != NULL },
        { "X-Amz-Signature", claim->signature != NULL },
        { "X-Amz-SignedHeaders", claim->signed_headers != NULL },
        { "X-Amz-Date", claim->time != NULL } };
    struct text out = { 0 };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!parts[i].there)
            ADD(&out, "AWS query-string parameters must include '", parts[i].name, "'. ");
    if (out.bytes == NULL)
        return true;
    ADD(&out, "Re-examine the query-string parameters.");
    return refuse(signature, SIGNATURE_INCOMPLETE, out);
}

/* The header comes back to who sent it, but for the signature, which is of use to nobody else. */
static bool
has_header_parts(const struct claim *claim, const char *authorization, struct signature *signature)
{
    const struct {
        const char *name, *value;
    } parts[] = { { "Credential", claim->credential }, { "Signature", claim->signature },
        { "SignedHeaders", claim->signed_headers } };
    struct text out = { 0 };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].value == NULL || *parts[i].value == '\0')
            ADD(&out, "Authorization header requires '", parts[i].name, "' parameter. ");
    if (claim->time == NULL)
        ADD(&out, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
                  "header. ");
    if (out.bytes == NULL)
        return true;
    ADD(&out, "Authorization=", authorization);
    return refuse(signature, SIGNATURE_INCOMPLETE, out);
}

static bool
algorithm_is_known(const char *text, struct signature *signature)
{
    size_t length = strcspn(text, " ");
    struct text out = { 0 };

    if (length == strlen(SIGV4_ALGORITHM) && strncmp(text, SIGV4_ALGORITHM, length) == 0)
        return true;
    ADD(&out, "Unsupported AWS 'algorithm': '");
    text_add(&out, text, length);
    ADD(&out, "' (only " SIGV4_ALGORITHM " for now). ");
    return refuse(signature, SIGNATURE_INCOMPLETE, out);
}

static bool
read_claim(struct claim *claim, struct signature *signature)
{
    const char *authorization = header_of(claim->request, "Authorization");
    const char *algorithm;

    if (authorization != NULL && strstr(claim->request->query, "X-Amz-Algorithm") != NULL)
        return refuse(signature, SIGNATURE_INVALID,
            words(
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
                "header."));
    if (authorization != NULL) {
        read_authorization(claim, authorization);
        return has_header_parts(claim, authorization, signature) &&
               algorithm_is_known(authorization, signature);
    }
    if (strstr(claim->request->query, "X-Amz-") == NULL)
        return refuse(signature, SIGNATURE_MISSING, words("Missing Authentication Token"));
    claim->presigned = true;
    read_query(claim);
    algorithm =
        take_argument(claim->copy, claim->copy + strlen(claim->request->query), "X-Amz-Algorithm");
    return has_query_parts(claim, algorithm != NULL, signature) && algorithm != NULL &&
           algorithm_is_known(algorithm, signature);
}

/* ---- is it of here and now? ----------------------------------------------------- */

static bool
read_time(struct claim *claim, struct signature *signature)
{
    const char *t = claim->time;
    struct text out = { 0 };
    char rfc[32], *at = rfc;

    if (strlen(t) == SIGV4_TIME_SIZE - 1 && t[8] == 'T' && t[15] == 'Z') {
        for (const char *form = "dddd-dd-ddTdd:dd:ddZ"; *form != '\0'; form++)
            *at++ = *form == '-' || *form == ':' ? *form : *t++;
        *at = '\0';
        t = claim->time;
        if (instant_parse(rfc, &claim->time_ms))
            return true;
    }
    ADD(&out, "Date must be in ISO-8601 'basic format'. Got '", t,
        "'. See http://en.wikipedia.org/wiki/ISO_8601");
    return refuse(signature, SIGNATURE_INCOMPLETE, out);
}

/* Cuts "key/date/region/service/terminator" in its own memory. */
static bool
read_credential(struct claim *claim, struct signature *signature)
{
    const char **const parts[PARTS] = { &claim->key, &claim->date, &claim->region, &claim->service,
        &claim->terminator };
    char *rest = (char *)(uintptr_t)claim->credential;
    struct text out = { 0 };
    size_t count = 1;

    for (const char *at = rest; (at = strchr(at, '/')) != NULL; at++)
        count++;
    if (count == PARTS) {
        for (size_t i = 0; i < PARTS; i++)
            *parts[i] = take_part(&rest, "/");
        keep(signature->key, claim->key, sizeof signature->key);
        keep(signature->region, claim->region, sizeof signature->region);
        return true;
    }
    ADD(&out,
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '",
        claim->credential, "'");
    return refuse(signature, SIGNATURE_INCOMPLETE, out);
}

static bool
scope_fits(const struct claim *claim, const char *service, struct signature *signature)
{
    struct text out = { 0 };

    if (!region_is_valid(claim->region))
        ADD(&out, "Credential should be scoped to a valid region, not '", claim->region, "'. ");
    if (strcmp(claim->service, service) != 0)
        ADD(&out, "Credential should be scoped to correct service: '", service, "'. ");
    if (strcmp(claim->terminator, "aws4_request") != 0)
        ADD(&out, "Credential should be scoped with a valid terminator: 'aws4_request', not '",
            claim->terminator, "'. ");
    if (strlen(claim->date) != SIGV4_DATE_LENGTH ||
        strncmp(claim->date, claim->time, SIGV4_DATE_LENGTH) != 0) {
        ADD(&out,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP: '",
            claim->date, "' != '");
        text_add(&out, claim->time, SIGV4_DATE_LENGTH);
        ADD(&out, "', from '", claim->time, "'.");
    }
    return out.bytes == NULL || refuse(signature, SIGNATURE_INVALID, out);
}

static bool
names_host(const char *names)
{
    for (const char *at = names; *at != '\0';) {
        size_t length = strcspn(at, ";");

        if (length == 4 && strncasecmp(at, "host", 4) == 0)
            return true;
        at += length + (at[length] != '\0');
    }
    return false;
}

/* For how long it may be used, in seconds; that of a header says no more than when it was made. */
static int64_t
lifetime_ms(const struct claim *claim)
{
    char *end;
    long seconds = claim->expires == NULL ? 0 : strtol(claim->expires, &end, 10);

    if (seconds <= 0)
        return SKEW_MS;
    return INT64_C(1000) * (seconds < EXPIRES_MAX ? seconds : EXPIRES_MAX);
}

static bool
is_timely(const struct claim *claim, int64_t wall_ms, struct signature *signature)
{
    int64_t lifetime = lifetime_ms(claim);
    char now[SIGV4_TIME_SIZE], limit[SIGV4_TIME_SIZE], minutes[32] = "5 min.";
    struct text out = { 0 };

    if (claim->time_ms >= wall_ms - lifetime && claim->time_ms <= wall_ms + SKEW_MS)
        return true;
    sigv4_time(wall_ms, now);
    if (lifetime != SKEW_MS)
        snprintf(minutes, sizeof minutes, "%lld sec.", (long long)(lifetime / 1000));
    if (claim->time_ms < wall_ms - lifetime) {
        sigv4_time(wall_ms - lifetime, limit);
        ADD(&out, "Signature expired: ", claim->time, " is now earlier than ", limit, " (", now,
            " - ", minutes, ")");
    } else {
        sigv4_time(wall_ms + SKEW_MS, limit);
        ADD(&out, "Signature not yet current: ", claim->time, " is still later than ", limit, " (",
            now, " + 5 min.)");
    }
    return refuse(signature, SIGNATURE_INVALID, out);
}

static bool
key_is_good(const struct access_key *key, const struct claim *claim, int64_t wall_ms,
    struct signature *signature)
{
    size_t length = claim->token == NULL ? 0 : strlen(claim->token);

    if (key == NULL)
        return refuse(signature, SIGNATURE_UNKNOWN_KEY,
            words("The security token included in the request is invalid."));
    if ((key->token == NULL) != (claim->token == NULL) ||
        (key->token != NULL &&
            (strlen(key->token) != length || !memeql_sec(key->token, claim->token, length))))
        return refuse(signature, SIGNATURE_UNKNOWN_KEY,
            words("The security token included in the request is invalid"));
    if (key->expires_ms != 0 && key->expires_ms <= wall_ms)
        return refuse(signature, SIGNATURE_EXPIRED_TOKEN,
            words("The security token included in the request is expired"));
    return true;
}

/* ---- was it signed so? ---------------------------------------------------------- */

/* The headers that the client names, in its order, each with all of its values. One that it names and
   did not send is empty. */
static void
collect_headers(const struct claim *claim, struct canonical *made)
{
    const struct signature_request *request = claim->request;
    size_t count = 0, names = 1;
    char *rest, *name;

    for (const char *at = claim->signed_headers; (at = strchr(at, ';')) != NULL; at++)
        names++;
    made->names = rest = memory_text(claim->signed_headers);
    made->headers = memory_new((names + request->header_count) * sizeof *made->headers);
    while ((name = take_part(&rest, ";")) != NULL) {
        size_t before = count;

        for (size_t i = 0; i < request->header_count && count < names + request->header_count; i++)
            if (is_named(&request->headers[i], name))
                made->headers[count++] = (struct sigv4_header){ name, request->headers[i].value };
        if (count == before && count < names + request->header_count)
            made->headers[count++] = (struct sigv4_header){ name, "" };
    }
    made->request.headers = made->headers;
    made->request.header_count = count;
}

/* What the client says of its body counts only if it is true, or says that the body is not signed. */
static void
hash_payload(const struct claim *claim, struct canonical *made)
{
    const char *said = header_of(claim->request, "X-Amz-Content-Sha256");

    if (said != NULL && strcmp(said, UNSIGNED) == 0) {
        made->request.payload = UNSIGNED;
        return;
    }
    sha256_hex(claim->request->body, claim->request->length, made->payload);
    made->request.payload = made->payload;
}

static void
make_canonical(const struct claim *claim, struct canonical *made)
{
    made->request = (struct sigv4_request){ .method = claim->request->method,
        .time = claim->time,
        .region = claim->region,
        .service = claim->service };
    collect_headers(claim, made);
    hash_payload(claim, made);
}

static void
choose_way(struct canonical *made, const struct claim *claim, const struct canonical_way *way)
{
    free(made->path);
    free(made->query);
    made->request.path = made->path = canonical_path(claim->request->path, way);
    made->request.query = made->query = canonical_query(claim->request->query, way);
}

/* The key of the day is made once, and not again for every request. */
static struct sigv4_key *
daily_key(struct access_key *key, const struct canonical *made)
{
    const struct sigv4_request *request = &made->request;

    if (strncmp(request->time, key->daily.date, SIGV4_DATE_LENGTH) != 0 ||
        strcmp(request->region, key->daily.region) != 0 ||
        strcmp(request->service, key->daily.service) != 0) {
        sigv4_key(request, key->secret, &key->daily.key);
        keep(key->daily.date, request->time, sizeof key->daily.date);
        keep(key->daily.region, request->region, sizeof key->daily.region);
        keep(key->daily.service, request->service, sizeof key->daily.service);
    }
    return &key->daily.key;
}

/* Says what was to be signed, as the service does; a session's token is not told again. */
static bool
refuse_mismatch(struct canonical *made, struct signature *signature)
{
    struct text out = { 0 };

    for (size_t i = 0; i < made->request.header_count; i++)
        if (strcasecmp(made->headers[i].name, "x-amz-security-token") == 0)
            made->headers[i].value = "(not shown)";
    ADD(&out,
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.\n\nThe Canonical String for this request should have been\n'");
    sigv4_canonical(&made->request, &out);
    ADD(&out, "'\n\nThe String-to-Sign should have been\n'");
    sigv4_string(&made->request, &out);
    ADD(&out, "'\n");
    return refuse(signature, SIGNATURE_INVALID, out);
}

/*
 * The ways that signers have: most SDKs follow dots in a path, botocore signs a query as it is, curl the
 * path too; and the token of a session is added to a query after it was signed, for some services.
 */
static bool
is_signed_with(struct access_key *key, const struct claim *claim, struct signature *signature)
{
    static const struct canonical_way ways[] = {
        { PATH_NORMALIZED, false, NULL },
        { PATH_NORMALIZED, true, NULL },
        { PATH_ENCODED, false, NULL },
        { PATH_ENCODED, true, NULL },
        { PATH_AS_IT_IS, true, NULL },
        { PATH_NORMALIZED, false, "X-Amz-Security-Token" },
    };
    bool plain = strcmp(claim->request->path, "/") == 0 && *claim->request->query == '\0';
    size_t count = plain ? 1 : COUNT(ways);
    struct canonical made = { .path = NULL };
    char right[SHA256_HEX_SIZE];
    bool fits = false;

    make_canonical(claim, &made);
    for (size_t i = 0; i < count && !fits; i++) {
        choose_way(&made, claim, &ways[i]);
        sigv4_sign_with(&made.request, daily_key(key, &made), right);
        fits = strlen(claim->signature) == sizeof right - 1 &&
               memeql_sec(right, claim->signature, sizeof right - 1);
    }
    if (!fits) {
        choose_way(&made, claim, &ways[0]);
        refuse_mismatch(&made, signature);
    }
    free(made.headers);
    free(made.names);
    free(made.path);
    free(made.query);
    return fits;
}

/* ---- all of it -------------------------------------------------------------------- */

struct access_key *
signature_check(const struct signature_request *request, const char *service, int64_t wall_ms,
    const struct signature_keys *keys, struct signature *signature)
{
    struct claim claim = { .request = request };
    struct access_key *key = NULL;

    *signature = (struct signature){ .result = SIGNATURE_FINE };
    if (read_claim(&claim, signature) && read_time(&claim, signature) &&
        read_credential(&claim, signature) && scope_fits(&claim, service, signature) &&
        (names_host(claim.signed_headers) ||
            refuse(signature, SIGNATURE_INVALID,
                words("'Host' must be a 'SignedHeader' in the AWS Authorization."))) &&
        is_timely(&claim, wall_ms, signature)) {
        key = keys->find(keys->context, claim.key);
        if (!key_is_good(key, &claim, wall_ms, signature) ||
            !is_signed_with(key, &claim, signature))
            key = NULL;
    }
    if (signature->message != NULL)
        text_mend(signature->message);
    free(claim.copy);
    return key;
}

struct collection {
    struct sigv4_header *headers;
    size_t count, capacity;
};

static bool
collect(void *context, const char *name, const char *value)
{
    struct collection *all = context;

    all->headers = array_room(all->headers, all->count, &all->capacity, sizeof *all->headers);
    all->headers[all->count++] = (struct sigv4_header){ name, value };
    return true;
}

struct access_key *
signature_check_exchange(const struct exchange *exchange, const char *service, int64_t wall_ms,
    const struct signature_keys *keys, struct signature *signature)
{
    struct collection all = { NULL, 0, 0 };
    struct access_key *key;

    exchange_headers(exchange, collect, &all);
    key = signature_check(&(struct signature_request){ .method = exchange->method,
                              .path = exchange->path,
                              .query = exchange->query,
                              .headers = all.headers,
                              .header_count = all.count,
                              .body = exchange->body,
                              .length = exchange->length },
        service, wall_ms, keys, signature);
    free(all.headers);
    return key;
}
