#include "talk.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include "../../../state/base/array.h"

#define HEAD_MAX 8192

/* ---- a server of S3 that says what it is told to ------------------------------- */

/* One connection: what it sends, and what happens then. */
enum ending { CLOSES, STAYS_SILENT, DRIPS, FLOODS };

struct script {
    const char *text; /* "\n" stands for the end of a line of the head, too */
    enum ending ending;
};

static const struct script *scripts;
static int script_count, connections;
static char heads[8][HEAD_MAX];
static size_t flooded; /* bytes that a flood could send */
static int listening, closing[2];
static char where[100];
static pthread_t server;

static bool
is_over(int wait_ms)
{
    struct pollfd end = { .fd = closing[0], .events = POLLIN };

    return poll(&end, 1, wait_ms) != 0;
}

static void
read_head(int client, char *head)
{
    size_t length = 0;
    ssize_t got;

    while (strstr(head, "\r\n\r\n") == NULL && length < HEAD_MAX - 1 &&
           (got = recv(client, head + length, HEAD_MAX - 1 - length, 0)) > 0)
        head[length += (size_t)got] = '\0';
}

/* As much as the client takes, until it has taken nothing for a while: then it is told to wait. */
static void
flood(int client)
{
    static const char bytes[65536];
    struct pollfd room = { .fd = client, .events = POLLOUT };
    ssize_t sent;

    while (flooded < ((size_t)1 << 26) && !is_over(0)) {
        if (poll(&room, 1, 50) == 0)
            continue;
        sent = send(client, bytes, sizeof bytes, MSG_NOSIGNAL);
        if (sent < 0)
            return;
        __atomic_add_fetch(&flooded, (size_t)sent, __ATOMIC_SEQ_CST);
    }
}

static void
play(int client, const struct script *script)
{
    send(client, script->text, strlen(script->text), MSG_NOSIGNAL);
    if (script->ending == STAYS_SILENT)
        is_over(GIVE_UP_MS);
    else if (script->ending == FLOODS)
        flood(client);
    else if (script->ending == DRIPS)
        while (!is_over(5) && send(client, "x", 1, MSG_NOSIGNAL) == 1)
            ;
}

/* The last script plays for every connection that follows. */
static void *
serve(void *context)
{
    struct pollfd wanted[2] = { { .fd = listening, .events = POLLIN },
        { .fd = closing[0], .events = POLLIN } };
    int client;

    (void)context;
    while (poll(wanted, 2, -1) > 0 && wanted[1].revents == 0) {
        int place = connections < script_count ? connections : script_count - 1;

        client = accept(listening, NULL, NULL);
        if (connections < 8)
            read_head(client, heads[connections]);
        connections++;
        play(client, &scripts[place]);
        shutdown(client, SHUT_WR);
        recv(client, (char[256]){ 0 }, 256, MSG_DONTWAIT);
        close(client);
    }
    return NULL;
}

static void
start(const struct script *played, int count)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;

    scripts = played;
    script_count = count;
    connections = 0;
    flooded = 0;
    memset(heads, 0, sizeof heads);
    listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listening, 16), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(pipe(closing), 0);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0);
    snprintf(where, sizeof where, "http://127.0.0.1:%u", ntohs(address.sin_port));
}

static void
stop(void)
{
    assert_int_equal(write(closing[1], "!", 1), 1);
    pthread_join(server, NULL);
    close(listening);
    close(closing[0]);
    close(closing[1]);
}

#define START(...)                                         \
    static const struct script played[] = { __VA_ARGS__ }; \
    (void)state;                                           \
    start(played, (int)COUNT(played));                     \
    open_outbound(where)

static void
finish(void)
{
    close_outbound();
    stop();
}

#define OK "HTTP/1.1 200 OK\r\n"

/* Impatient: what it waits for never comes. */
static struct outcome
get_soon(int64_t stall_ms, int64_t total_ms, int64_t tries)
{
    struct s3_object object = object_of("bucket", "key");

    object.patience = (struct s3_patience){ .connect_ms = GIVE_UP_MS,
        .stall_ms = stall_ms,
        .total_ms = total_ms,
        .tries = tries };
    return get(&object, INT64_MAX);
}

/* ---- good servers ------------------------------------------------------------------ */

static void
an_object_is_what_the_server_sends(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 5\r\nETag: \"abc\"\r\n\r\nhello" });
    outcome = get_key("a key/\xc3\xbc+~.png");
    assert_string_equal(outcome.etag, "\"abc\"");
    assert_int_equal(outcome.size, 5);
    assert_bytes(outcome, "hello");
    assert_memory_equal(heads[0], "GET /bucket/a%20key/%C3%BC%2B~.png HTTP/1.1\r\n", 45);
    assert_null(strstr(heads[0], "Authorization"));
    finish();
}

static void
a_key_of_dots_is_asked_for_as_it_is(void **state)
{
    START({ .text = OK "Content-Length: 1\r\n\r\nx" });
    assert_bytes(get_key("../a/./b//c"), "x");
    assert_memory_equal(heads[0], "GET /bucket/../a/./b//c HTTP/1.1\r\n", 34);
    finish();
}

static void
chunks_tell_the_end_themselves(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n2\r\n, \r\n0\r\n\r\n" });
    outcome = get_key("key");
    assert_int_equal(outcome.size, 7);
    assert_bytes(outcome, "hello, ");
    finish();
}

static void
a_head_says_how_large_it_is(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 1073741824\r\nETag: \"x\"\r\n\r\n" });
    outcome = head_key("key");
    assert_int_equal(outcome.result, S3_OK);
    assert_int_equal(outcome.size, 1073741824);
    assert_memory_equal(heads[0], "HEAD /bucket/key HTTP/1.1\r\n", 27);
    finish();
}

static void
a_version_is_asked_for_by_its_id(void **state)
{
    struct s3_object object = object_of("bucket", "key");

    START({ .text = OK "Content-Length: 1\r\n\r\nx" });
    object.version = "v/1+=";
    assert_bytes(get(&object, INT64_MAX), "x");
    assert_memory_equal(heads[0], "GET /bucket/key?versionId=v%2F1%2B%3D HTTP/1.1\r\n", 48);
    finish();
}

static void
a_bucket_may_be_part_of_the_host(void **state)
{
    char url[150];

    START({ .text = OK "Content-Length: 1\r\n\r\nx" });
    close_outbound();
    /* Every name below localhost is this machine (RFC 6761); libcurl knows. */
    snprintf(url, sizeof url, "http://{bucket}.{region}.localhost:%s/deep/",
        strrchr(where, ':') + 1);
    open_outbound(url);
    assert_bytes(get_key("a/b"), "x");
    assert_memory_equal(heads[0],
        "GET /deep/a/b HTTP/1.1\r\nHost: bucket.eu-central-1.localhost:", 60);
    finish();
}

static void
what_is_asked_is_signed_with_the_keys_of_the_environment(void **state)
{
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("AWS_SESSION_TOKEN", "token", 1);
    START({ .text = OK "Content-Length: 1\r\n\r\nx" });
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    unsetenv("AWS_SESSION_TOKEN");
    assert_bytes(get_key("key"), "x");
    assert_non_null(strstr(heads[0], "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
    assert_non_null(strstr(heads[0], "/eu-central-1/s3/aws4_request, SignedHeaders="
                                     "host;x-amz-content-sha256;x-amz-date;x-amz-security-token"));
    assert_non_null(strstr(heads[0], "x-amz-security-token: token\r\n"));
    finish();
}

static void
an_object_is_put(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 0\r\nETag: \"new\"\r\n\r\n" });
    outcome = put("bucket", "out/result.json", "");
    assert_int_equal(outcome.result, S3_OK);
    assert_string_equal(outcome.etag, "\"new\"");
    assert_memory_equal(heads[0], "PUT /bucket/out/result.json HTTP/1.1\r\n", 38);
    assert_non_null(strstr(heads[0], "Content-Type: text/plain\r\n"));
    assert_non_null(strstr(heads[0], "Content-Length: 0\r\n"));
    finish();
}

/* ---- servers that refuse --------------------------------------------------------------- */

#define REFUSAL(status, code, more)                                                     \
    "HTTP/1.1 " status "\r\nConnection: close\r\n" more "\r\n<?xml?><Error><Code>" code \
    "</Code><Message>No.</Message></Error>"

static void
each_refusal_is_told_apart(void **state)
{
    static const struct {
        enum s3_result result;
        const char *why;
    } wanted[] = {
        { S3_NO_SUCH_KEY, "the server answers 404 NoSuchKey" },
        { S3_NO_SUCH_BUCKET, "the server answers 404 NoSuchBucket" },
        { S3_NO_SUCH_KEY, "the server answers 400 NoSuchVersion" },
        { S3_DENIED, "the server answers 403 AccessDenied" },
        { S3_DENIED, "the server answers 403 SignatureDoesNotMatch" },
        { S3_REDIRECTED, "the server answers 400 AuthorizationHeaderMalformed" },
        { S3_REDIRECTED, "the server answers 301 PermanentRedirect" },
        { S3_REDIRECTED,
            "the server answers 307 TemporaryRedirect to http://127.0.0.1:1/bucket/key" },
    };

    START({ .text = REFUSAL("404 Not Found", "NoSuchKey", "") },
        { .text = REFUSAL("404 Not Found", "NoSuchBucket", "") },
        { .text = REFUSAL("400 Bad Request", "NoSuchVersion", "") },
        { .text = REFUSAL("403 Forbidden", "AccessDenied", "") },
        { .text = REFUSAL("403 Forbidden", "SignatureDoesNotMatch", "") },
        { .text = REFUSAL("400 Bad Request", "AuthorizationHeaderMalformed", "") },
        { .text = REFUSAL("301 Moved Permanently", "PermanentRedirect", "") },
        { .text = REFUSAL("307 Temporary Redirect", "TemporaryRedirect",
              "Location: http://127.0.0.1:1/bucket/key\r\n") });
    for (size_t i = 0; i < COUNT(wanted); i++) {
        struct outcome outcome = get_key("key");

        assert_string_equal(outcome.why, wanted[i].why);
        assert_int_equal(outcome.result, wanted[i].result);
        assert_int_equal(outcome.pieces, 0);
    }
    assert_int_equal(connections, 8); /* none was tried again, nor followed */
    finish();
}

static void
a_server_that_is_busy_is_asked_again(void **state)
{
    START({ .text = REFUSAL("503 Slow Down", "SlowDown", "") }, { .text = "" },
        { .text = OK "Content-Length: 5\r\n\r\nhello" });
    assert_bytes(get_key("key"), "hello");
    assert_int_equal(connections, 3);
    finish();
}

static void
a_server_that_stays_busy_is_given_up(void **state)
{
    struct outcome outcome;

    START({ .text = REFUSAL("500 Internal Server Error", "InternalError", "") });
    outcome = get_soon(GIVE_UP_MS, 0, 2);
    assert_int_equal(outcome.result, S3_UNREACHABLE);
    assert_string_equal(outcome.why, "the server answers 500 InternalError");
    assert_int_equal(connections, 2);
    finish();
}

/* ---- servers that are not well ------------------------------------------------------------ */

static void
a_server_that_is_down_is_unreachable(void **state)
{
    struct outcome outcome;

    START({ .text = "" });
    stop();
    outcome = get_soon(GIVE_UP_MS, 0, 2);
    assert_int_equal(outcome.result, S3_UNREACHABLE);
    assert_non_null(strstr(outcome.why, "Failed to connect"));
    close_outbound();
}

static void
a_silent_server_is_given_up(void **state)
{
    START({ .text = "", STAYS_SILENT });
    assert_int_equal(get_soon(30, 0, 1).result, S3_UNREACHABLE);
    finish();
}

static void
a_server_that_falls_silent_is_given_up(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 10\r\n\r\nhello", STAYS_SILENT });
    outcome = get_soon(30, 0, 1);
    assert_int_equal(outcome.result, S3_UNREACHABLE);
    assert_string_equal(outcome.why, "the server was silent for 30 ms");
    free(outcome.bytes);
    finish();
}

static void
a_slow_server_has_so_much_time(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 100000\r\n\r\n", DRIPS });
    outcome = get_soon(GIVE_UP_MS, 60, 1);
    assert_int_equal(outcome.result, S3_UNREACHABLE);
    assert_string_equal(outcome.why, "it took longer than 60 ms");
    free(outcome.bytes);
    finish();
}

static void
an_object_shorter_than_it_said_is_broken(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 10\r\n\r\nhello" });
    outcome = get_key("key");
    assert_int_equal(outcome.result, S3_BROKEN);
    assert_int_equal(connections, 1); /* without an ETag nobody knows whether it goes on */
    free(outcome.bytes);
    finish();
}

static void
an_object_longer_than_it_said_ends_where_it_said(void **state)
{
    START({ .text = OK "Content-Length: 5\r\n\r\nhello, and more" });
    assert_bytes(get_key("key"), "hello");
    finish();
}

static void
an_object_of_unknown_length_is_broken(void **state)
{
    struct outcome outcome;

    START({ .text = OK "\r\nhello" });
    outcome = get_key("key");
    assert_int_equal(outcome.result, S3_BROKEN);
    assert_int_equal(outcome.pieces, 0);
    assert_int_equal(head_key("key").result, S3_BROKEN);
    finish();
}

static void
chunks_without_an_end_are_broken(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" });
    outcome = get_key("key");
    assert_int_equal(outcome.result, S3_BROKEN);
    free(outcome.bytes);
    finish();
}

static void
what_is_no_http_is_broken(void **state)
{
    START({ .text = "220 mail.example.com ESMTP\r\n\r\n" });
    assert_int_equal(get_soon(GIVE_UP_MS, 0, 2).result, S3_BROKEN);
    assert_int_equal(connections, 2);
    finish();
}

static void
too_large_is_known_before_it_is_read(void **state)
{
    struct s3_object object = object_of("bucket", "key");
    struct outcome outcome;

    START({ .text = OK "Content-Length: 11\r\n\r\nhello world" },
        { .text = OK "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n" });
    for (int i = 0; i < 2; i++) {
        outcome = get(&object, 10);
        assert_int_equal(outcome.result, S3_TOO_LARGE);
        assert_int_equal(outcome.pieces, 0);
    }
    assert_int_equal(connections, 2);
    finish();
}

static void
an_object_that_was_cut_off_goes_on_where_it_was(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 11\r\nETag: \"one\"\r\n\r\nhello" },
        { .text = "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nETag: \"one\"\r\n"
                  "Content-Range: bytes 5-10/11\r\n\r\n world" });
    outcome = get_key("key");
    assert_int_equal(outcome.size, 11);
    assert_bytes(outcome, "hello world");
    assert_non_null(strstr(heads[1], "Range: bytes=5-\r\n"));
    assert_non_null(strstr(heads[1], "If-Match: \"one\"\r\n"));
    finish();
}

static void
an_object_that_changed_meanwhile_is_broken(void **state)
{
    struct outcome outcome;

    START({ .text = OK "Content-Length: 11\r\nETag: \"one\"\r\n\r\nhello" },
        { .text = REFUSAL("412 Precondition Failed", "PreconditionFailed", "") },
        { .text = OK "Content-Length: 11\r\nETag: \"one\"\r\n\r\nhello" },
        { .text = "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nETag: \"one\"\r\n"
                  "Content-Range: bytes 0-2/11\r\n\r\nhel" });
    for (int i = 0; i < 2; i++) {
        outcome = get_key("key");
        assert_int_equal(outcome.result, S3_BROKEN);
        assert_int_equal(outcome.length, 5);
        free(outcome.bytes);
    }
    finish();
}

static void
a_reader_that_holds_makes_the_server_wait(void **state)
{
    struct s3_object object = object_of("bucket", "key");
    struct outcome outcome = { 0 };
    struct s3_request *request;
    size_t before, after = 0;

    START({ .text = OK "Content-Length: 67108864\r\n\r\n", FLOODS });
    object.patience.stall_ms = 100;
    request = s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &outcome);
    while (outcome.pieces == 0)
        turn();
    s3_hold(request);
    do { /* until what is between the two is full */
        before = after;
        poll(NULL, 0, 200);
        after = __atomic_load_n(&flooded, __ATOMIC_SEQ_CST);
    } while (after != before);
    assert_true(after < 67108864 / 2);
    assert_int_equal(outcome.done, 0); /* the silence is ours, and no time-out */
    s3_release(request);
    outcome_wait(&outcome);
    assert_string_equal(outcome.why, "");
    assert_int_equal(outcome.length, 67108864);
    free(outcome.bytes);
    finish();
}

static void
closing_does_not_wait_for_a_server(void **state)
{
    struct s3_object object = object_of("bucket", "key");
    struct outcome outcomes[70] = { { 0 } };

    START({ .text = "", STAYS_SILENT });
    for (int i = 0; i < 70; i++)
        s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &outcomes[i]);
    while (connections == 0)
        poll(NULL, 0, 1);
    close_outbound();
    for (int i = 0; i < 70; i++) {
        assert_int_equal(outcomes[i].done, 1);
        assert_int_equal(outcomes[i].result, S3_STOPPED);
    }
    stop();
}

static void
names_that_cannot_be_are_not_asked_for(void **state)
{
    struct s3_object object = object_of("no/bucket", "key");

    START({ .text = "" });
    assert_int_equal(get(&object, INT64_MAX).result, S3_MISNAMED);
    assert_int_equal(get_key("").result, S3_MISNAMED);
    assert_int_equal(connections, 0);
    finish();
}

static void
a_url_is_of_a_server_and_nothing_else(void **state)
{
    static const char *const right[] = { "http://127.0.0.1:9000", "https://s3.example.com/",
        "http://[::1]:9000", "https://{bucket}.s3.{region}.amazonaws.com",
        "http://localhost/prefix" };
    static const char *const wrong[] = { "", "s3.example.com", "ftp://example.com", "http://",
        "http://a b/", "http://user:password@example.com", "http://example.com/?a=b",
        "http://example.com/#x", "http://example.com/{bucket}", "http://{other}.example.com",
        "http://example.com:99999", "file:///tmp" };
    char why[300];

    (void)state;
    for (size_t i = 0; i < COUNT(right); i++)
        assert_true(s3_where_fits(right[i], why, sizeof why));
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(s3_where_fits(wrong[i], why, sizeof why));
        assert_false(outbound_url_fits(wrong[i], why, sizeof why));
    }
    assert_true(outbound_url_fits("https://sns.{region}.amazonaws.com", why, sizeof why));
    assert_false(outbound_url_fits("dir:/tmp", why, sizeof why));
    assert_false(outbound_url_fits(right[3], why, sizeof why));
}

/* ---- calls of other services ----------------------------------------------------------- */

static struct outcome
call(int64_t tries)
{
    struct outcome outcome = { 0 };

    outbound_call(outbound,
        &(struct outbound_call){ .url = where,
            .service = "kinesis",
            .region = "eu-west-1",
            .account = "210987654321",
            .content_type = "application/x-amz-json-1.1",
            .target = "Kinesis_20131202.PutRecord",
            .body = "{}",
            .patience = { .tries = tries } },
        on_done, &outcome);
    return outcome_wait(&outcome);
}

static void
a_call_of_another_service_is_posted_and_signed(void **state)
{
    START({ .text = OK "Content-Length: 2\r\n\r\n{}" });
    assert_int_equal(call(1).result, S3_OK);
    assert_memory_equal(heads[0], "POST / HTTP/1.1\r\n", 17);
    assert_non_null(strstr(heads[0], "\r\nx-amz-target: Kinesis_20131202.PutRecord\r\n"));
    assert_non_null(strstr(heads[0], "\r\nContent-Type: application/x-amz-json-1.1\r\n"));
    assert_non_null(strstr(heads[0], "Credential=210987654321/"));
    assert_non_null(strstr(heads[0], "/eu-west-1/kinesis/aws4_request"));
    assert_non_null(
        strstr(heads[0], "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-target"));
    finish();
}

static void
a_service_that_is_busy_may_be_asked_again(void **state)
{
    struct outcome outcome;

    START({ .text = "HTTP/1.1 400 Bad Request\r\nContent-Length: 63\r\n\r\n"
                    "{\"__type\":\"ProvisionedThroughputExceededException\",\"message\":1}" },
        { .text = "HTTP/1.1 400 Bad Request\r\nContent-Length: 38\r\n\r\n"
                  "{\"__type\": \"ResourceNotFoundException\"}" });
    outcome = call(1);
    assert_int_equal(outcome.result, S3_UNREACHABLE);
    outcome = call(1);
    assert_int_equal(outcome.result, S3_DENIED);
    assert_string_equal(outcome.why, "the server answers 400 ResourceNotFoundException");
    finish();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_what_the_server_sends),
        cmocka_unit_test(a_key_of_dots_is_asked_for_as_it_is),
        cmocka_unit_test(chunks_tell_the_end_themselves),
        cmocka_unit_test(a_head_says_how_large_it_is),
        cmocka_unit_test(a_version_is_asked_for_by_its_id),
        cmocka_unit_test(a_bucket_may_be_part_of_the_host),
        cmocka_unit_test(what_is_asked_is_signed_with_the_keys_of_the_environment),
        cmocka_unit_test(an_object_is_put),
        cmocka_unit_test(each_refusal_is_told_apart),
        cmocka_unit_test(a_server_that_is_busy_is_asked_again),
        cmocka_unit_test(a_server_that_stays_busy_is_given_up),
        cmocka_unit_test(a_server_that_is_down_is_unreachable),
        cmocka_unit_test(a_silent_server_is_given_up),
        cmocka_unit_test(a_server_that_falls_silent_is_given_up),
        cmocka_unit_test(a_slow_server_has_so_much_time),
        cmocka_unit_test(an_object_shorter_than_it_said_is_broken),
        cmocka_unit_test(an_object_longer_than_it_said_ends_where_it_said),
        cmocka_unit_test(an_object_of_unknown_length_is_broken),
        cmocka_unit_test(chunks_without_an_end_are_broken),
        cmocka_unit_test(what_is_no_http_is_broken),
        cmocka_unit_test(too_large_is_known_before_it_is_read),
        cmocka_unit_test(an_object_that_was_cut_off_goes_on_where_it_was),
        cmocka_unit_test(an_object_that_changed_meanwhile_is_broken),
        cmocka_unit_test(a_reader_that_holds_makes_the_server_wait),
        cmocka_unit_test(closing_does_not_wait_for_a_server),
        cmocka_unit_test(names_that_cannot_be_are_not_asked_for),
        cmocka_unit_test(a_url_is_of_a_server_and_nothing_else),
        cmocka_unit_test(a_call_of_another_service_is_posted_and_signed),
        cmocka_unit_test(a_service_that_is_busy_may_be_asked_again),
    };

    return cmocka_run_group_tests_name("outbound_server", tests, NULL, NULL);
}
