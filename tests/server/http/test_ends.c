/* server/http: what goes out, and when. Delays, parking, faults, streams, the end of it all. */
#include "talk.h"

#include "../../../state/base/array.h"

/* --- Now or later ----------------------------------------------------------------------------- */

static void
a_delayed_reply_is_not_early(void **state)
{
    int64_t start = now_ms();
    struct client client = client_asks(GET("/late") GET("/next"));

    (void)state;
    client_expect(&client, "GET /late");
    assert_true(now_ms() - start >= 30);
    client_expect(&client, "GET /next");
    client_close(&client);
}

static void
many_delayed_replies_leave_each_at_its_time(void **state)
{
    struct client clients[50];
    int64_t start = now_ms();
    char request[100];

    (void)state;
    for (int i = 0; i < 50; i++) {
        sprintf(request, GET("/late?%d"), 2 * (i * 37 % 50));
        clients[i] = client_asks(request);
    }
    for (int i = 0; i < 50; i++) {
        client_expect(&clients[i], "GET /late");
        assert_true(now_ms() - start >= 2 * (i * 37 % 50));
        for (int j = i + 1; j < 50; j++) {
            client_read(&clients[j]);
            assert_true(clients[j].length == 0 || now_ms() - start >= 2 * (j * 37 % 50));
        }
        client_close(&clients[i]);
    }
    assert_int_equal(handled, 50);
}

static void
a_kept_exchange_is_answered_when_its_keeper_likes(void **state)
{
    struct client client = client_asks(GET("/keep") GET("/next"));

    (void)state;
    expect_handled(1);
    http_poll(http, 0);
    assert_int_equal(handled, 1);
    reply_text(kept, "kept");
    client_expect(&client, "kept");
    client_expect(&client, "GET /next");
    client_close(&client);
}

static void
a_parked_exchange_is_tried_again_when_recalled(void **state)
{
    struct client client = client_asks(GET("/park?60000"));

    (void)state;
    expect_handled(1);
    http_recall(http);
    expect_handled(2);
    http_poll(http, 0);
    assert_int_equal(handled, 2);
    hold = false;
    http_recall(http);
    client_expect(&client, "was parked");
    assert_int_equal(handled, 3);
    client_close(&client);
}

static void
a_parked_exchange_is_tried_a_last_time_when_its_time_is_over(void **state)
{
    int64_t start = now_ms();
    struct client client = client_asks(GET("/park?30"));

    (void)state;
    expect_handled(1);
    http_recall(http); /* parks it again, which does not win time */
    client_expect(&client, "was parked");
    assert_true(now_ms() - start >= 30);
    assert_int_equal(handled, 3);
    client_close(&client);
}

static void
what_is_put_aside_waits_until_it_is_brought_back(void **state)
{
    struct client client = client_asks(GET("/aside") GET("/next"));

    (void)state;
    busy = true;
    expect_handled(1);
    http_recall(http); /* is for others */
    http_poll(http, 0);
    assert_int_equal(handled, 1);
    http_bring_back(http);
    expect_handled(2); /* put aside again */
    http_poll(http, 0);
    assert_int_equal(handled, 2);
    busy = false;
    http_bring_back(http);
    client_expect(&client, "GET /aside");
    client_expect(&client, "GET /next");
    client_close(&client);
}

static void
a_parked_exchange_whose_time_ends_while_it_is_put_aside_ends_when_it_comes_back(void **state)
{
    int64_t start = now_ms();
    struct client client = client_asks(GET("/park?30"));

    (void)state;
    expect_handled(1);
    busy = true;
    expect_handled(2); /* its time is over: it is put aside */
    assert_true(now_ms() - start >= 30);
    http_poll(http, 0);
    assert_int_equal(client.length, 0);
    busy = false;
    http_bring_back(http);
    client_expect(&client, "was parked");
    assert_int_equal(handled, 3);
    client_close(&client);
}

static void
being_put_aside_first_takes_nothing_of_the_time_to_be_parked(void **state)
{
    struct client client = client_asks(GET("/park?60000"));

    (void)state;
    busy = true;
    expect_handled(1);
    busy = false;
    http_bring_back(http);
    expect_handled(2); /* now it is parked */
    http_poll(http, 0);
    assert_int_equal(client.length, 0);
    hold = false;
    http_recall(http);
    client_expect(&client, "was parked");
    client_close(&client);
}

static void
an_exchange_may_be_answered_after_its_client_has_gone(void **state)
{
    struct client client = client_asks(GET("/keep"));
    struct client parked = client_asks(GET("/park?60000"));
    struct client late = client_asks(GET("/late"));

    (void)state;
    expect_handled(3);
    client_close(&client);
    client_close(&parked);
    client_close(&late);
    http_poll(http, 0);
    reply_text(kept, "nobody listens");
    hold = false;
    http_recall(http);
    expect_handled(4);
    expect_reply(GET("/after"), "GET /after");
}

static void
a_wake_ends_the_wait(void **state)
{
    int64_t start = now_ms();

    (void)state;
    http_wake(http);
    assert_true(http_poll(http, 60000));
    assert_true(now_ms() - start < 30000);
}

/* --- Faults ----------------------------------------------------------------------------------- */

static struct client
faulty(const char *request)
{
    struct client client = client_asks(request);

    client_expect_end(&client);
    return client;
}

static void
a_reset_is_a_reset(void **state)
{
    struct client client = faulty(GET("/reset"));

    (void)state;
    assert_true(client.reset);
    assert_int_equal(client.length, 0);
    client_close(&client);
}

static void
an_empty_answer_is_an_orderly_end(void **state)
{
    struct client client = faulty(GET("/empty"));

    (void)state;
    assert_false(client.reset);
    assert_int_equal(client.length, 0);
    client_close(&client);
}

static void
garbage_is_not_http(void **state)
{
    struct client client = faulty(GET("/garbage"));

    (void)state;
    assert_true(client.length > 0);
    assert_null(strstr(client.got, "HTTP"));
    client_close(&client);
}

static void
a_truncated_reply_stops_half_way(void **state)
{
    struct client client = faulty(GET("/truncate"));
    struct client torn = faulty(GET("/torn"));
    const char *body = strstr(client.got, "\r\n\r\n");

    (void)state;
    assert_non_null(strstr(client.got, "HTTP/1.1 200 "));
    assert_int_equal(atoi(strstr(client.got, "Content-Length: ") + 16) / 2, (int)strlen(body + 4));
    assert_non_null(strstr(torn.got, "HTTP/1.1 201 "));
    assert_non_null(strstr(torn.got, "Content-Length: 10\r\n"));
    assert_string_equal(strstr(torn.got, "\r\n\r\n"), "\r\n\r\n01234");
    client_close(&client);
    client_close(&torn);
}

static void
a_fault_can_be_late(void **state)
{
    int64_t start = now_ms();
    struct client client = faulty(GET("/late-reset"));

    (void)state;
    assert_true(client.reset);
    assert_true(now_ms() - start >= 30);
    client_close(&client);
}

static void
a_hanging_exchange_ends_with_the_idle_limit(void **state)
{
    struct client client;
    int64_t start = now_ms();

    (void)state;
    options.idle_ms = 50;
    reopen_server();
    client = faulty(GET("/hang"));
    assert_int_equal(client.length, 0);
    assert_true(now_ms() - start >= 50);
    client_close(&client);
}

/* The second, because the client's own is the first. */
static int
second_free_descriptor(void)
{
    int first = dup(0), second = dup(0);

    close(first);
    close(second);
    return second;
}

static void
a_hanging_exchange_ends_with_its_client(void **state)
{
    int before = second_free_descriptor();
    struct client client = client_asks(GET("/hang"));
    int64_t give_up = now_ms() + GIVE_UP_MS;

    (void)state;
    expect_handled(1);
    assert_int_not_equal(second_free_descriptor(), before);
    client_close(&client);
    while (second_free_descriptor() != before) {
        http_poll(http, 20);
        assert_true(now_ms() < give_up);
    }
}

/* --- Streams ---------------------------------------------------------------------------------- */

static struct client
open_stream(void)
{
    struct client client = client_asks(GET("/stream"));

    expect_handled(1);
    return client;
}

static void
a_stream_tells_what_is_written_when_it_is_written(void **state)
{
    struct client client = open_stream();

    (void)state;
    /* Before there is anything to say. */
    client_expect(&client, "Content-Type: text/event-stream\r\n");
    assert_non_null(strstr(client.got, "Transfer-Encoding: chunked\r\n"));
    assert_true(stream_write(stream, "data: 1\n\n", 9));
    client_expect(&client, "\r\n9\r\ndata: 1\n\n\r\n");
    assert_true(stream_write(stream, "data: 2\n\n", 9));
    assert_true(stream_write(stream, "data: 3\n\n", 9));
    client_expect(&client, "data: 2\n\ndata: 3\n\n\r\n");
    stream_end(stream);
    client_expect(&client, "\r\n0\r\n\r\n");
    assert_int_equal(streams_closed, 1);
    client_close(&client);
}

static void
a_stream_is_closed_when_its_reader_has_gone(void **state)
{
    struct client client = open_stream();
    int64_t give_up = now_ms() + GIVE_UP_MS;

    (void)state;
    client_expect(&client, "\r\n\r\n");
    client_close(&client);
    while (streams_closed == 0) {
        http_poll(http, 20);
        assert_true(now_ms() < give_up);
    }
    expect_reply(GET("/after"), "GET /after");
    assert_int_equal(streams_closed, 1);
}

static void
a_reader_too_slow_is_told_so_and_dropped(void **state)
{
    struct client client = open_stream();
    char event[1000];
    int64_t give_up = now_ms() + GIVE_UP_MS;

    (void)state;
    memset(event, 'e', sizeof event);
    while (stream_write(stream, event, sizeof event)) {
        http_poll(http, 0);
        assert_true(now_ms() < give_up);
    }
    assert_int_equal(streams_closed, 0);
    assert_false(stream_write(stream, event, 1));
    client_expect(&client, "\n: dropped, the reader is too slow\n\n" + 1);
    client_expect(&client, "\r\n0\r\n\r\n");
    assert_int_equal(streams_closed, 1);
    client_close(&client);
}

/* --- The end ---------------------------------------------------------------------------------- */

static void
stopping_answers_what_is_in_hand_and_nobody_else(void **state)
{
    struct client parked = client_asks(GET("/park?60000"));
    struct client delayed = client_asks(GET("/late?60000"));
    struct client idle = client_asks(GET("/idle"));
    struct client listener = open_stream();
    struct client late = client_asks("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n");
    struct client late_comer = { .socket = socket(AF_INET, SOCK_STREAM, 0) };
    int64_t start = now_ms();

    (void)state;
    expect_handled(4);
    client_expect(&idle, "GET /idle");
    http_stop(http);
    http_poll(http, 0);
    client_say(&late, "ok");
    while (http_poll(http, -1))
        assert_true(now_ms() - start < GIVE_UP_MS);
    client_expect(&parked, "was parked");
    assert_non_null(strstr(parked.got, "Connection: close\r\n"));
    client_expect(&delayed, "GET /late");
    client_expect(&late, "#2 ok");
    client_expect(&listener, "\r\n0\r\n\r\n");
    assert_false(connects(late_comer.socket));
    client_close(&parked);
    client_close(&delayed);
    client_close(&idle);
    client_close(&listener);
    client_close(&late);
    client_close(&late_comer);
}

static void
stopping_does_not_wait_for_ever(void **state)
{
    struct client client;
    int64_t start = now_ms();

    (void)state;
    options.stop_ms = 50;
    reopen_server();
    client = client_asks(GET("/keep"));
    expect_handled(1);
    http_stop(http);
    while (http_poll(http, -1))
        ;
    assert_true(now_ms() - start >= 50);
    client_close(&client);
}

static void
what_is_put_aside_when_all_has_stopped_is_answered_by_one_poll_more(void **state)
{
    struct client clients[20];

    (void)state;
    options.stop_ms = 50;
    reopen_server();
    busy = true;
    for (int i = 0; i < 20; i++)
        clients[i] = client_asks(i % 2 == 0 ? GET("/aside") : GET("/park?60000"));
    expect_handled(20);
    http_stop(http);
    while (http_poll(http, -1))
        ;
    busy = false;
    http_bring_back(http);
    assert_false(http_poll(http, 0));
    http_close(http);
    http = NULL;
    for (int i = 0; i < 20; i++) {
        client_read(&clients[i]);
        assert_non_null(strstr(clients[i].got, i % 2 == 0 ? "GET /aside" : "was not parked"));
        client_close(&clients[i]);
    }
}

static void
closing_breaks_off_whatever_is_there(void **state)
{
    struct client clients[] = { open_stream(), client_asks(GET("/keep")), client_asks(GET("/late")),
        client_asks(GET("/park?60000")), client_asks(GET("/hang")), client_asks("GET /half") };

    (void)state;
    expect_handled(5);
    http_close(http);
    http = NULL;
    assert_int_equal(streams_closed, 1);
    for (size_t i = 0; i < COUNT(clients); i++) {
        client_read(&clients[i]);
        assert_true(clients[i].over);
        client_close(&clients[i]);
    }
}

static void
a_port_that_is_taken_is_an_error_in_words(void **state)
{
    struct http_options same = options;
    char error[200] = "";

    (void)state;
    same.port = http_port(http);
    assert_null(http_open(&same, error, sizeof error));
    assert_non_null(strstr(error, "127.0.0.1"));
    assert_non_null(strstr(error, "Address already in use"));
    same = options;
    same.tls_cert = same.tls_key = "no certificate";
    assert_null(http_open(&same, error, sizeof error));
    assert_non_null(strstr(error, "cannot serve HTTPS: "));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_delayed_reply_is_not_early),
        TEST(many_delayed_replies_leave_each_at_its_time),
        TEST(a_kept_exchange_is_answered_when_its_keeper_likes),
        TEST(a_parked_exchange_is_tried_again_when_recalled),
        TEST(a_parked_exchange_is_tried_a_last_time_when_its_time_is_over),
        TEST(what_is_put_aside_waits_until_it_is_brought_back),
        TEST(a_parked_exchange_whose_time_ends_while_it_is_put_aside_ends_when_it_comes_back),
        TEST(being_put_aside_first_takes_nothing_of_the_time_to_be_parked),
        TEST(an_exchange_may_be_answered_after_its_client_has_gone),
        TEST(a_wake_ends_the_wait),
        TEST(a_reset_is_a_reset),
        TEST(an_empty_answer_is_an_orderly_end),
        TEST(garbage_is_not_http),
        TEST(a_truncated_reply_stops_half_way),
        TEST(a_fault_can_be_late),
        TEST(a_hanging_exchange_ends_with_the_idle_limit),
        TEST(a_hanging_exchange_ends_with_its_client),
        TEST(a_stream_tells_what_is_written_when_it_is_written),
        TEST(a_stream_is_closed_when_its_reader_has_gone),
        TEST(a_reader_too_slow_is_told_so_and_dropped),
        TEST(stopping_answers_what_is_in_hand_and_nobody_else),
        TEST(stopping_does_not_wait_for_ever),
        TEST(what_is_put_aside_when_all_has_stopped_is_answered_by_one_poll_more),
        TEST(closing_breaks_off_whatever_is_there),
        TEST(a_port_that_is_taken_is_an_error_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
