#include "try.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../access/sigv4.h"
#include "../http/program.h"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

/* ---- the head of an answer ---------------------------------------------------- */

static const char *
header(CURL *easy, const char *name)
{
    struct curl_header *found;

    return libcurl.easy_header(easy, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value
                                                                                     : NULL;
}

static long
status_of(CURL *easy)
{
    long status = 0;

    libcurl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* Whether some of it was read by an earlier try: then it must still be the same. */
static bool
goes_on(const struct s3_request *request, const struct transfer *transfer)
{
    return transfer->received > request->from;
}

/* The size of the object: -1 when the answer comes in chunks, which tell their end themselves. */
static bool
find_size(struct s3_request *request, struct transfer *transfer)
{
    curl_off_t length = -1;
    int64_t size;

    libcurl.easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length < 0 &&
        (request->verb == S3_HEAD || header(transfer->easy, "Transfer-Encoding") == NULL))
        return request_say(request, S3_BROKEN, "the server does not say how long the object is");
    size = length < 0 ? -1 : transfer->received + length;
    if (goes_on(request, transfer) && size != request->answer.size)
        return request_say(request, S3_BROKEN, "the object changed while it was read");
    request->answer.size = size;
    if (request->verb == S3_GET && size > request->most)
        return request_say(request, S3_TOO_LARGE, "%lld bytes, the most is %lld", (long long)size,
            (long long)request->most);
    return true;
}

/* The rest of an object begins where the last try ended, or where it is to be read from. */
static bool
continues(struct s3_request *request, const struct transfer *transfer)
{
    const char *range = header(transfer->easy, "Content-Range");
    long long from = -1;

    if (range != NULL && sscanf(range, "bytes %lld-", &from) == 1 && from == transfer->received)
        return true;
    return request_say(request, S3_BROKEN, "the server does not go on where it was cut off");
}

/* Once a try; false when the object is not to be had from this answer, though it is a success. */
static bool
look_at_head(struct s3_request *request, struct transfer *transfer)
{
    long status = status_of(transfer->easy);
    const char *etag = header(transfer->easy, "ETag");

    if (transfer->headed)
        return !transfer->refused;
    transfer->headed = true;
    transfer->success = status == (transfer->received > 0 ? 206 : 200);
    if (status == 412)
        transfer->refused =
            !request_say(request, S3_BROKEN, "the object changed while it was read");
    if (!transfer->success)
        return !transfer->refused;
    if (transfer->received > 0)
        transfer->refused = !continues(request, transfer);
    if (!transfer->refused && (request->verb == S3_HEAD || request->verb == S3_GET))
        transfer->refused = !find_size(request, transfer);
    snprintf(request->etag, sizeof request->etag, "%s", etag == NULL ? "" : etag);
    return !transfer->refused;
}

/* ---- what libcurl calls ---------------------------------------------------------- */

/* NOLINTBEGIN(readability-non-const-parameter): libcurl says what the types are. */

/* The server has accepted: now it may be silent for so long, and no longer. */
static int
on_connected(void *context, char *their_ip, char *our_ip, int their_port, int our_port)
{
    struct s3_request *request = context;

    (void)their_ip, (void)our_ip, (void)their_port, (void)our_port;
    request->transfer->alive_ms = request_now_ms();
    return CURL_PREREQFUNC_OK;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct s3_request *request = context;

    (void)bytes;
    request->transfer->alive_ms = request_now_ms();
    return size * count;
}

/* NOLINTEND(readability-non-const-parameter) */

static size_t
take_error(struct transfer *transfer, const char *bytes, size_t length)
{
    size_t room = sizeof transfer->body - 1 - transfer->body_length;
    size_t taken = length < room ? length : room;

    memcpy(transfer->body + transfer->body_length, bytes, taken);
    transfer->body_length += taken;
    transfer->body[transfer->body_length] = '\0';
    return length;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct s3_request *request = context;
    struct transfer *transfer = request->transfer;
    size_t length = size * count;

    transfer->alive_ms = request_now_ms();
    if (!look_at_head(request, transfer))
        return 0;
    if (!transfer->success || request->verb != S3_GET)
        return take_error(transfer, bytes, length);
    if (transfer->received + (int64_t)length > request->most) {
        transfer->refused = true;
        request_say(request, S3_TOO_LARGE, "more than %lld bytes", (long long)request->most);
        return 0;
    }
    if (!request_room(request)) {
        transfer->paused = true;
        return CURL_WRITEFUNC_PAUSE; /* the same bytes come again */
    }
    request_add(request, bytes, length);
    transfer->received += (int64_t)length;
    return length;
}

static size_t
on_upload(char *bytes, size_t size, size_t count, void *context)
{
    struct s3_request *request = context;
    struct transfer *transfer = request->transfer;
    size_t left = request->length - (size_t)transfer->sent, length = size * count;
    ssize_t got;

    transfer->alive_ms = request_now_ms();
    if (request->bytes == NULL) {
        got = pread(request->file, bytes, length, transfer->sent);
    } else {
        got = (ssize_t)(left < length ? left : length);
        memcpy(bytes, request->bytes + transfer->sent, (size_t)got);
    }
    if (got < 0)
        return CURL_READFUNC_ABORT;
    transfer->sent += got;
    return (size_t)got;
}

/* ---- a try ------------------------------------------------------------------------- */

static void
add_header(struct transfer *transfer, const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + sizeof ": ";
    char *line = memory_resize(NULL, size);
    struct curl_slist *longer;

    snprintf(line, size, "%s: %s", name, value);
    longer = libcurl.slist_append(transfer->headers, line);
    if (longer == NULL)
        abort();
    transfer->headers = longer;
    free(line);
}

/* A file is not read twice for the sake of its hash: TLS guards it, or nothing does. */
static void
hash_payload(const struct s3_request *request, char out[SHA256_HEX_SIZE])
{
    if (request->verb == S3_HEAD || request->verb == S3_GET)
        snprintf(out, SHA256_HEX_SIZE, "%s", EMPTY_SHA256);
    else if (request->bytes == NULL)
        snprintf(out, SHA256_HEX_SIZE, "%s", UNSIGNED_PAYLOAD);
    else
        sha256_hex(request->bytes, request->length, out);
}

/* What signs: nothing, when `id` is NULL. */
struct key {
    const char *id, *secret, *session_token;
};

/* A service tells from the signature that it is meant, and where: so that calls have one always. */
static struct key
key_of(const struct server_place *place, const struct s3_request *request)
{
    if (place->access_key_id != NULL || request->verb != S3_CALL)
        return (struct key){ place->access_key_id, place->secret, place->session_token };
    return (struct key){ request->account, PROGRAM, NULL };
}

static void
add_authorization(const struct s3_request *request, struct transfer *transfer,
    const struct key *key, const struct sigv4_request *wanted)
{
    char value[1024], names[128], signature[SHA256_HEX_SIZE];
    size_t used = 0;

    for (size_t i = 0; i < wanted->header_count; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ";",
            wanted->headers[i].name);
    sigv4_sign(wanted, key->secret, signature);
    snprintf(value, sizeof value,
        SIGV4_ALGORITHM " Credential=%s/%.8s/%s/%s/aws4_request, SignedHeaders=%s, Signature=%s",
        key->id, wanted->time, request->region, wanted->service, names, signature);
    add_header(transfer, "Authorization", value);
}

static void
sign(const struct s3_request *request, struct transfer *transfer, const struct key *key)
{
    static const char *const methods[] = { "HEAD", "GET", "PUT", "POST" };
    char payload[SHA256_HEX_SIZE], time[SIGV4_TIME_SIZE];
    const char *question = strchr(transfer->path, '?');
    char *path = memory_made(strndup(transfer->path,
        question == NULL ? strlen(transfer->path) : (size_t)(question - transfer->path)));
    struct sigv4_header headers[5] = { { "host", transfer->host },
        { "x-amz-content-sha256", payload }, { "x-amz-date", time } };
    size_t count = 3;

    if (key->session_token != NULL)
        headers[count++] = (struct sigv4_header){ "x-amz-security-token", key->session_token };
    if (request->target != NULL)
        headers[count++] = (struct sigv4_header){ "x-amz-target", request->target };
    hash_payload(request, payload);
    sigv4_time(clock_wall_ms(), time);
    for (size_t i = 1; i < count; i++)
        add_header(transfer, headers[i].name, headers[i].value);
    add_authorization(request, transfer, key,
        &(struct sigv4_request){ .method = methods[request->verb],
            .path = path,
            .query = question == NULL ? "" : question + 1,
            .headers = headers,
            .header_count = count,
            .payload = payload,
            .time = time,
            .region = request->region,
            .service = request->service == NULL ? "s3" : request->service });
    free(path);
}

static void
add_headers(const struct server_place *place, const struct s3_request *request,
    struct transfer *transfer)
{
    struct key key = key_of(place, request);

    add_header(transfer, "Host", transfer->host);
    add_header(transfer, "Expect", ""); /* none: it would cost a round trip, or a second */
    if (request->content_type != NULL && *request->content_type != '\0')
        add_header(transfer, "Content-Type", request->content_type);
    if (goes_on(request, transfer))
        add_header(transfer, "If-Match", request->etag);
    if (key.id != NULL)
        sign(request, transfer, &key);
}

static curl_off_t
body_size(const struct s3_request *request)
{
    struct stat status;

    if (request->bytes != NULL)
        return (curl_off_t)request->length;
    return fstat(request->file, &status) == 0 ? (curl_off_t)status.st_size : -1;
}

static void
set_verb(struct s3_request *request, struct transfer *transfer)
{
    char range[32];

    if (request->verb == S3_HEAD)
        libcurl.easy_setopt(transfer->easy, CURLOPT_NOBODY, 1L);
    if (request->verb == S3_CALL)
        libcurl.easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, "POST"); /* of an upload */
    if (request->verb == S3_PUT || request->verb == S3_CALL) {
        libcurl.easy_setopt(transfer->easy, CURLOPT_UPLOAD, 1L);
        libcurl.easy_setopt(transfer->easy, CURLOPT_INFILESIZE_LARGE, body_size(request));
        libcurl.easy_setopt(transfer->easy, CURLOPT_READFUNCTION, on_upload);
        libcurl.easy_setopt(transfer->easy, CURLOPT_READDATA, request);
    }
    if (transfer->received > 0) {
        snprintf(range, sizeof range, "%lld-", (long long)transfer->received);
        libcurl.easy_setopt(transfer->easy, CURLOPT_RANGE, range);
    }
}

static void
set_rules(const struct s3_request *request, struct transfer *transfer)
{
    const char *authorities = getenv("AWS_CA_BUNDLE");

    libcurl.easy_setopt(transfer->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    libcurl.easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    libcurl.easy_setopt(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L);
    libcurl.easy_setopt(transfer->easy, CURLOPT_PATH_AS_IS,
        1L); /* "." and ".." are parts of a key */
    libcurl.easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    libcurl.easy_setopt(transfer->easy, CURLOPT_QUICK_EXIT, 1L); /* no waiting for a resolver */
    libcurl.easy_setopt(transfer->easy, CURLOPT_BUFFERSIZE, (long)S3_PIECE_MAX);
    libcurl.easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS,
        (long)request->patience.connect_ms);
    libcurl.easy_setopt(transfer->easy, CURLOPT_USERAGENT, PROGRAM "/" VERSION);
    if (authorities == NULL || *authorities == '\0')
        authorities = libcurl_authorities();
    if (authorities != NULL)
        libcurl.easy_setopt(transfer->easy, CURLOPT_CAINFO, authorities);
}

void
try_start(struct server_place *place, struct s3_request *request, struct transfer *transfer)
{
    transfer->easy = libcurl.easy_init();
    if (transfer->easy == NULL)
        abort();
    transfer->tries++;
    transfer->alive_ms =
        request_now_ms() + request->patience.connect_ms; /* libcurl watches over these */
    transfer->sent = 0;
    transfer->paused = transfer->headed = transfer->success = transfer->refused = transfer->over =
        false;
    transfer->body_length = 0;
    transfer->body[0] = transfer->trouble[0] = '\0';
    add_headers(place, request, transfer);
    set_rules(request, transfer);
    set_verb(request, transfer);
    libcurl.easy_setopt(transfer->easy, CURLOPT_URL, transfer->url);
    libcurl.easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    libcurl.easy_setopt(transfer->easy, CURLOPT_PREREQFUNCTION, on_connected);
    libcurl.easy_setopt(transfer->easy, CURLOPT_PREREQDATA, request);
    libcurl.easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, on_header);
    libcurl.easy_setopt(transfer->easy, CURLOPT_HEADERDATA, request);
    libcurl.easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, on_body);
    libcurl.easy_setopt(transfer->easy, CURLOPT_WRITEDATA, request);
    libcurl.easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, transfer->trouble);
    libcurl.easy_setopt(transfer->easy, CURLOPT_PRIVATE, request);
    libcurl.multi_add_handle(place->multi, transfer->easy);
}

void
try_end(struct server_place *place, struct transfer *transfer)
{
    if (transfer->easy == NULL)
        return;
    libcurl.multi_remove_handle(place->multi, transfer->easy);
    libcurl.easy_cleanup(transfer->easy);
    libcurl.slist_free_all(transfer->headers);
    transfer->easy = NULL;
    transfer->headers = NULL;
}

/* ---- what a try came to --------------------------------------------------------------- */

/* What stands behind `before` in an error's body, in `code`. */
static bool
find_behind(const struct transfer *transfer, const char *before, char code[64])
{
    const char *begin = strstr(transfer->body, before);

    if (begin == NULL)
        return false;
    begin += strlen(before);
    begin += strspn(begin, " :\"");
    snprintf(code, 64, "%.*s", (int)strcspn(begin, "<\""), begin);
    return true;
}

/* The code of an error, of XML or of JSON; "" when it has none. */
static void
find_code(const struct transfer *transfer, char code[64])
{
    *code = '\0';
    if (!find_behind(transfer, "<Code>", code))
        find_behind(transfer, "\"__type\"", code);
}

/* A server that has too much to do; of Kinesis with status 400. */
static bool
is_busy(long status, const char *code)
{
    return status == 429 || status >= 500 || strstr(code, "Throttl") != NULL ||
           strstr(code, "ProvisionedThroughputExceeded") != NULL;
}

/* S3 API Reference, Error responses. */
static enum s3_result
result_of(long status, const char *code)
{
    if (strcmp(code, "NoSuchBucket") == 0)
        return S3_NO_SUCH_BUCKET;
    if (strcmp(code, "AuthorizationHeaderMalformed") == 0 ||
        strcmp(code, "IllegalLocationConstraintException") == 0)
        return S3_REDIRECTED; /* it is of another region */
    if (strcmp(code, "InvalidBucketName") == 0 || strcmp(code, "KeyTooLongError") == 0)
        return S3_MISNAMED;
    if (status >= 300 && status < 400)
        return S3_REDIRECTED;
    if (status == 404 || status == 405 || status == 410 || strcmp(code, "NoSuchVersion") == 0)
        return S3_NO_SUCH_KEY; /* 405: the version is a mark that the object was deleted */
    if (is_busy(status, code))
        return S3_UNREACHABLE;
    return status >= 400 ? S3_DENIED : S3_BROKEN;
}

static void
judge_status(struct s3_request *request, struct transfer *transfer)
{
    long status = status_of(transfer->easy);
    const char *location = header(transfer->easy, "Location");
    char code[64];

    find_code(transfer, code);
    request_say(request, result_of(status, code), "the server answers %ld%s%s%s%.120s", status,
        *code == '\0' ? "" : " ", code, location == NULL ? "" : " to ",
        location == NULL ? "" : location);
}

static void
judge_failure(struct s3_request *request, const struct transfer *transfer)
{
    const char *text =
        *transfer->trouble == '\0' ? libcurl.easy_strerror(transfer->code) : transfer->trouble;

    switch (transfer->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        request_say(request, S3_UNREACHABLE, "%s", text);
        break;
    default:
        request_say(request, S3_BROKEN, "%s", text);
    }
}

/* Of a try that is over. */
void
try_judge(struct s3_request *request, struct transfer *transfer)
{
    if (transfer->code == CURLE_OK)
        look_at_head(request, transfer);
    if (transfer->refused)
        return;
    if (transfer->code != CURLE_OK)
        judge_failure(request, transfer);
    else if (!transfer->success)
        judge_status(request, transfer);
    else if (request->verb == S3_PUT || request->verb == S3_CALL)
        request->answer.size = transfer->sent;
    else if (request->verb == S3_GET)
        request->answer.size = transfer->received;
    if (transfer->code == CURLE_OK && transfer->success)
        request_say(request, S3_OK, "%s", "");
}
