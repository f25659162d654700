/* server/http: what comes in. Requests, their limits, and what is refused at the edge. */
#include "talk.h"

/* --- Requests and replies --------------------------------------------------------------------- */

static void
a_post_reaches_the_handler_whole_and_once(void **state)
{
    (void)state;
    expect_reply("POST /a%20b?c=d%3d HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "\r\n\r\nPOST /a%20b?c=d%3d /a%20b ?c=d%3d #5 hello");
    assert_int_equal(handled, 1);
}

static void
a_reply_has_its_headers_a_date_and_its_length(void **state)
{
    struct client client = client_asks(GET("/x"));

    (void)state;
    client_expect(&client, "GET /x");
    assert_non_null(strstr(client.got, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(client.got, "\r\nDate: "));
    assert_non_null(strstr(client.got, "\r\nX-Test: yes\r\n"));
    assert_non_null(strstr(client.got, "\r\nContent-Type: text/plain\r\n"));
    assert_non_null(strstr(client.got, "\r\nContent-Length: 15\r\n"));
    assert_null(strstr(client.got, "Connection:"));
    client_close(&client);
}

static void
an_absolute_target_has_the_path_behind_its_host(void **state)
{
    (void)state;
    expect_reply(GET("http://h/p?q"), "GET http://h/p?q /p ?q #0");
}

static void
headers_arguments_and_the_client_can_be_asked_for(void **state)
{
    (void)state;
    expect_reply("GET /headers?a=1%3A+2 HTTP/1.1\r\nHost: h\r\nX-Twice: one  \r\nX-Twice: two\r\n"
                 "X-Last: z\r\nX-Beyond: z\r\n\r\n",
        "Host=h|X-Twice=one  |X-Twice=two|X-Last=z|first=one   a=1: 2 b=none from 127.0.0.1");
}

static void
a_chunked_body_is_put_together(void **state)
{
    (void)state;
    expect_reply("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        "#11 hello world");
}

static void
pipelined_requests_are_answered_in_order(void **state)
{
    struct client client = client_asks(GET("/late")
            GET("/2") "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok" GET("/4"));

    (void)state;
    client_expect(&client, "GET /4 /4");
    assert_true(strstr(client.got, "GET /late") < strstr(client.got, "GET /2"));
    assert_true(strstr(client.got, "GET /2") < strstr(client.got, "POST /3"));
    assert_true(strstr(client.got, "POST /3") < strstr(client.got, "GET /4"));
    client_close(&client);
}

static void
a_head_request_gets_the_length_and_no_body(void **state)
{
    struct client client = client_asks("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" GET("/y"));

    (void)state;
    client_expect(&client, "GET /y");
    assert_non_null(strstr(client.got, "Content-Length: 16\r\n"));
    assert_null(strstr(client.got, "HEAD /x"));
    client_close(&client);
}

static void
a_file_can_be_the_body(void **state)
{
    (void)state;
    expect_reply(GET("/file"), "Content-Length: 11\r\n\r\nfrom a file");
}

static void
a_reply_may_close_its_connection(void **state)
{
    struct client client = client_asks(GET("/fixed"));

    (void)state;
    client_expect_end(&client);
    assert_non_null(strstr(client.got, "HTTP/1.1 202 "));
    assert_non_null(strstr(client.got, "Connection: close\r\n"));
    assert_non_null(strstr(client.got, "\r\n\r\nfixed"));
    client_close(&client);
}

static void
a_client_that_expects_100_is_told_to_continue(void **state)
{
    struct client client = client_asks("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                                       "Expect: 100-continue\r\n\r\n");

    (void)state;
    client_expect(&client, "HTTP/1.1 100 Continue\r\n\r\n");
    client_say(&client, "abc");
    client_expect(&client, "#3 abc");
    client_close(&client);
}

static void
a_large_body_may_be_spooled_to_a_file(void **state)
{
    struct client client =
        client_asks("PUT /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
    char *body = malloc(2000000);

    (void)state;
    memset(body, 'u', 2000000);
    client_send(&client, body, 2000000);
    client_expect(&client, "spooled 2000000, 3: uuu");
    free(body);
    client_close(&client);
}

/* --- Too much, too slow ----------------------------------------------------------------------- */

static void
expect_413(struct client *client)
{
    client_expect_end(client);
    assert_false(client->reset);
    assert_non_null(strstr(client->got, "HTTP/1.1 413 "));
    assert_non_null(strstr(client->got, "Connection: close\r\n"));
    assert_non_null(strstr(client->got, "Content-Length: 0\r\n\r\n"));
    assert_int_equal(handled, 0);
    client_close(client);
}

static void
a_body_too_large_is_read_to_its_end_and_then_refused(void **state)
{
    struct client client =
        client_asks("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
    char *body = calloc(1, 2000000);

    (void)state;
    client_send(&client, body, 2000000);
    free(body);
    expect_413(&client);
}

static void
a_chunked_body_too_large_is_refused(void **state)
{
    struct client client =
        client_asks("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n");
    char *body = calloc(1, 200000);

    (void)state;
    client_send(&client, body, 200000);
    client_say(&client, "\r\n0\r\n\r\n");
    free(body);
    expect_413(&client);
}

static void
a_body_too_large_is_refused_at_once_when_the_client_asks(void **state)
{
    struct client client = client_asks("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n"
                                       "Expect: 100-continue\r\n\r\n");

    (void)state;
    expect_413(&client);
}

static void
an_absurd_body_is_refused_at_once_and_the_refusal_is_not_lost(void **state)
{
    struct client client =
        client_asks("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");
    char *body = calloc(1, 3000000);

    (void)state;
    client_send(&client, body, 3000000);
    free(body);
    expect_413(&client);
}

static void
a_body_that_does_not_come_is_not_waited_for(void **state)
{
    struct client client;
    int64_t start = now_ms();

    (void)state;
    options.body_ms = 50;
    reopen_server();
    client = client_asks("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nslow");
    client_expect_end(&client);
    assert_true(now_ms() - start >= 50);
    assert_int_equal(handled, 0);
    client_close(&client);
}

static void
a_head_that_comes_too_slowly_is_cut_off_however_steadily_it_comes(void **state)
{
    struct client client, other;
    int64_t start;

    (void)state;
    options.idle_ms = 50;
    reopen_server();
    other = client_asks(GET("/keep"));
    expect_handled(1);
    start = now_ms();
    client = client_asks("GET /x HTTP/1.1\r\nX-Slow: ");
    while (!client.over) {
        client_send(&client, "x", 1);
        client_read(&client);
        assert_true(now_ms() - start < GIVE_UP_MS);
    }
    assert_true(now_ms() - start >= 50);
    assert_int_equal(handled, 1);
    reply_text(kept, "what is in hand is not hurried");
    client_expect(&other, "not hurried");
    client_close(&client);
    client_close(&other);
}

static void
bodies_share_the_memory_there_is_for_them(void **state)
{
    static const char head[] = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\n\r\n";
    struct client clients[5];
    char part[3990], rest[10];

    (void)state;
    memset(part, 'p', sizeof part);
    memset(rest, 'r', sizeof rest);
    options.body_max = 4000;
    options.bodies_max = 4 * 4000;
    reopen_server();
    for (int i = 0; i < 5; i++) {
        clients[i] = client_asks(head);
        client_send(&clients[i], part, sizeof part);
    }
    for (int i = 0; i < 5; i++) {
        client_send(&clients[i], rest, sizeof rest);
        client_expect(&clients[i], i < 4 ? "#4000 pp" : "HTTP/1.1 500 ");
        client_close(&clients[i]);
    }
    expect_reply(GET("/after"), "GET /after");
}

/* --- Requests that two parsers could understand differently ----------------------------------- */

static void
expect_refused(const char *request)
{
    struct client client = client_asks(request);

    handled = refusals = 0;
    client_expect_end(&client);
    if (strncmp(client.got, "HTTP/1.1 400 ", 13) != 0 || count(client.got, "HTTP/1.1 ") != 1 ||
        strstr(client.got, "Connection: close\r\n") == NULL || client.reset || handled != 0 ||
        refusals != 1)
        fail_msg("%s\nwas answered (%d handled)\n%s", request, handled, client.got);
    client_close(&client);
}

#define REFUSED(name, request)     \
    static void name(void **state) \
    {                              \
        (void)state;               \
        expect_refused(request);   \
    }
#define POST(headers) "POST / HTTP/1.1\r\nHost: h\r\n" headers "\r\n"

REFUSED(two_lengths_are_refused,
    POST("Content-Length: 5\r\nContent-Length: 6\r\n") "hello" GET("/smuggled"))
REFUSED(two_equal_lengths_are_refused, POST("Content-Length: 5\r\nContent-Length: 5\r\n") "hello")
REFUSED(a_length_beside_a_transfer_encoding_is_refused,
    POST("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") "0\r\n\r\n" GET("/smuggled"))
REFUSED(a_transfer_encoding_beside_a_length_is_refused,
    POST("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") "0\r\n\r\n" GET("/smuggled"))
REFUSED(an_unknown_transfer_encoding_is_refused,
    POST("Transfer-Encoding: xchunked\r\n") "0\r\n\r\n")
REFUSED(a_transfer_encoding_with_a_space_is_refused,
    POST("Transfer-Encoding: chunked \r\n") "0\r\n\r\n")
REFUSED(two_transfer_codings_are_refused, POST("Transfer-Encoding: gzip, chunked\r\n") "0\r\n\r\n")
REFUSED(two_transfer_encodings_are_refused,
    POST("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") "0\r\n\r\n")
REFUSED(a_space_before_the_colon_is_refused, POST("Content-Length : 7\r\n") GET("/7"))
REFUSED(a_tab_before_the_colon_is_refused, POST("Content-Length\t: 7\r\n") GET("/7"))
REFUSED(a_header_name_that_is_no_token_is_refused, POST("X(Y): 7\r\n"))
REFUSED(a_folded_header_is_refused, POST("X-A: a\r\n b: c\r\n"))
REFUSED(a_folded_length_is_refused, POST("Content-Length: 5\r\n 6\r\n") "hello!")
REFUSED(a_folded_transfer_encoding_is_refused,
    POST("Transfer-Encoding:\r\n chunked\r\n") "0\r\n\r\n")
REFUSED(a_space_in_the_target_is_refused, GET("/a /b"))
REFUSED(a_carriage_return_in_a_value_is_refused, POST("X-A: a\rb\r\n"))
REFUSED(a_control_character_in_a_value_is_refused, POST("X-A: a\001b\r\n"))
REFUSED(a_request_without_a_host_is_refused, "GET / HTTP/1.1\r\nX-A: b\r\n\r\n")
REFUSED(two_hosts_are_refused, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
REFUSED(a_compressed_body_is_refused, POST("Content-Encoding: gzip\r\nContent-Length: 1\r\n") "x")
REFUSED(a_zero_byte_in_the_target_is_refused, GET("/?a=1%002"))
REFUSED(a_chunked_http_1_0_request_is_refused,
    "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

static void
a_malformed_length_is_refused_by_the_library(void **state)
{
    struct client client = client_asks(POST("Content-Length: +7\r\n") "hello");

    (void)state;
    client_expect_end(&client);
    assert_int_equal(strncmp(client.got, "HTTP/1.1 400 ", 13), 0);
    assert_int_equal(handled, 0);
    client_close(&client);
}

static void
an_identity_encoding_and_an_old_request_without_host_are_served(void **state)
{
    (void)state;
    expect_reply(POST("Content-Encoding: identity\r\nContent-Length: 1\r\n") "x", "#1 x");
    expect_reply("GET /old HTTP/1.0\r\n\r\n", "GET /old");
}

/* One in place of a byte of the head, or between two: all of them, in a head that has all there is. */
static void
a_zero_byte_anywhere_in_a_head_is_refused(void **state)
{
    static const char head[] =
        "POST /a?b=c&d HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nX-Spaces:   v  \r\n"
        "Content-Length: 2\r\nX-Last: end\r\n\r\n";
    char bytes[sizeof head + 2];

    (void)state;
    for (size_t at = 1; at < sizeof head - 1; at++) {
        struct client client = client_open();

        handled = 0;
        memcpy(bytes, head, at);
        bytes[at] = '\0';
        memcpy(bytes + at + 1, head + at, sizeof head - 1 - at);
        memcpy(bytes + sizeof head, "{}", 2);
        client_send(&client, bytes, sizeof bytes);
        client_expect_end(&client);
        if (strstr(client.got, "HTTP/1.1 400 ") != client.got || handled != 0)
            fail_msg("not refused, with a zero byte before \"%.12s\": %s", head + at, client.got);
        client_close(&client);
    }
}

static void
more_arguments_than_there_may_be_are_refused(void **state)
{
    char request[8192];

    (void)state;
    for (int count = 100; count <= 1500; count += 350) {
        int used = sprintf(request, "GET /x?");

        for (int i = 0; i < count; i++)
            used += sprintf(request + used, "a=&");
        sprintf(request + used - 1, " HTTP/1.1\r\nHost: h\r\n\r\n");
        if (count == 100)
            expect_reply(request, "GET /x");
        else
            expect_refused(request);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_post_reaches_the_handler_whole_and_once),
        TEST(a_reply_has_its_headers_a_date_and_its_length),
        TEST(an_absolute_target_has_the_path_behind_its_host),
        TEST(headers_arguments_and_the_client_can_be_asked_for),
        TEST(a_chunked_body_is_put_together),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(a_head_request_gets_the_length_and_no_body),
        TEST(a_file_can_be_the_body),
        TEST(a_reply_may_close_its_connection),
        TEST(a_client_that_expects_100_is_told_to_continue),
        TEST(a_large_body_may_be_spooled_to_a_file),
        TEST(a_body_too_large_is_read_to_its_end_and_then_refused),
        TEST(a_chunked_body_too_large_is_refused),
        TEST(a_body_too_large_is_refused_at_once_when_the_client_asks),
        TEST(an_absurd_body_is_refused_at_once_and_the_refusal_is_not_lost),
        TEST(a_body_that_does_not_come_is_not_waited_for),
        TEST(a_head_that_comes_too_slowly_is_cut_off_however_steadily_it_comes),
        TEST(bodies_share_the_memory_there_is_for_them),
        TEST(two_lengths_are_refused),
        TEST(two_equal_lengths_are_refused),
        TEST(a_length_beside_a_transfer_encoding_is_refused),
        TEST(a_transfer_encoding_beside_a_length_is_refused),
        TEST(an_unknown_transfer_encoding_is_refused),
        TEST(a_transfer_encoding_with_a_space_is_refused),
        TEST(two_transfer_codings_are_refused),
        TEST(two_transfer_encodings_are_refused),
        TEST(a_space_before_the_colon_is_refused),
        TEST(a_tab_before_the_colon_is_refused),
        TEST(a_header_name_that_is_no_token_is_refused),
        TEST(a_folded_header_is_refused),
        TEST(a_folded_length_is_refused),
        TEST(a_folded_transfer_encoding_is_refused),
        TEST(a_space_in_the_target_is_refused),
        TEST(a_carriage_return_in_a_value_is_refused),
        TEST(a_control_character_in_a_value_is_refused),
        TEST(a_request_without_a_host_is_refused),
        TEST(two_hosts_are_refused),
        TEST(a_compressed_body_is_refused),
        TEST(a_zero_byte_in_the_target_is_refused),
        TEST(a_zero_byte_anywhere_in_a_head_is_refused),
        TEST(more_arguments_than_there_may_be_are_refused),
        TEST(a_chunked_http_1_0_request_is_refused),
        TEST(a_malformed_length_is_refused_by_the_library),
        TEST(an_identity_encoding_and_an_old_request_without_host_are_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
