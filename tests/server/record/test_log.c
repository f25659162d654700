/* server/record/log: nobody waits for whoever reads it. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../server/record/log.h"

#define LINES 20000
#define WORDS "a line that is as long as most of them are, about"
#define HEARD_SIZE (8 * 1024 * 1024)

static int standard_error, reader;
static char *heard;
static size_t heard_length;

static void
log_to(int to, int read_from)
{
    standard_error = dup(STDERR_FILENO);
    dup2(to, STDERR_FILENO);
    close(to);
    reader = read_from;
    heard_length = 0;
    log_open(LOG_TEXT);
}

/* What is there to be read now. */
static void
read_what_there_is(void)
{
    ssize_t got;

    while (poll(&(struct pollfd){ .fd = reader, .events = POLLIN }, 1, 0) == 1 &&
           (got = read(reader, heard + heard_length, HEARD_SIZE - 1 - heard_length)) > 0)
        heard_length += (size_t)got;
    heard[heard_length] = '\0';
}

/* Every line is whole: numbered ones go up, and those that are missing were said to be. */
static void
expect_whole_lines(uint64_t last)
{
    uint64_t next = 1, missing;
    char *line, *kept;

    assert_int_equal(heard[heard_length - 1], '\n');
    for (line = strtok_r(heard, "\n", &kept); line != NULL; line = strtok_r(NULL, "\n", &kept)) {
        const char *words = strchr(line, ' ') + 1;

        if (strstr(words, " lines of this log were dropped") != NULL) {
            missing = strtoull(words, NULL, 10);
            next += missing;
            continue;
        }
        assert_memory_equal(words, WORDS, strlen(WORDS));
        assert_int_equal(strtoull(words + strlen(WORDS), NULL, 10), next);
        next++;
    }
    assert_int_equal(next, last + 1);
}

static void
write_lines_that_nobody_reads(void)
{
    uint64_t before = log_dropped();

    for (int i = 1; i <= LINES; i++)
        log_line(WORDS " %d", i);
    assert_true(log_dropped() > before);
    assert_true(log_dropped() < before + LINES);
    read_what_there_is();
    for (int i = 1; i <= 3; i++)
        log_line(WORDS " %d", LINES + i);
    read_what_there_is();
    expect_whole_lines(LINES + 3);
}

static int
close_log(void **state)
{
    (void)state;
    log_close();
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    close(reader);
    return 0;
}

static void
a_pipe_that_nobody_reads_blocks_nobody_and_what_is_dropped_is_said(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    log_to(ends[1], ends[0]);
    write_lines_that_nobody_reads();
}

static void
a_socket_that_nobody_reads_blocks_nobody_either(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    log_to(ends[1], ends[0]);
    write_lines_that_nobody_reads();
}

static void
what_was_dropped_last_is_said_at_the_end(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    log_to(ends[1], ends[0]);
    for (int i = 1; i <= LINES; i++)
        log_line(WORDS " %d", i);
    read_what_there_is();
    log_close();
    read_what_there_is();
    expect_whole_lines(LINES);
    log_open(LOG_TEXT);
}

static int
make_room(void **state)
{
    (void)state;
    heard = malloc(HEARD_SIZE);
    return heard == NULL;
}

static int
free_room(void **state)
{
    (void)state;
    free(heard);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            a_pipe_that_nobody_reads_blocks_nobody_and_what_is_dropped_is_said, close_log),
        cmocka_unit_test_teardown(a_socket_that_nobody_reads_blocks_nobody_either, close_log),
        cmocka_unit_test_teardown(what_was_dropped_last_is_said_at_the_end, close_log),
    };

    return cmocka_run_group_tests(tests, make_room, free_room);
}
