#include "write.h"

#include <assert.h>
#include <string.h>

#include "json.h"

/* Most answers are shorter, and all that are not grow. */
#define ROOM_FIRST 1024

/* Where the next bytes go: so many of them may. What was put is counted by put_end(). */
static char *
put_begin(struct written *written, size_t most)
{
    if (written->text.capacity - written->text.length <= most)
        text_reserve(&written->text, most);
    return written->text.bytes + written->text.length;
}

static void
put_end(struct written *written, const char *end)
{
    written->text.length = (size_t)(end - written->text.bytes);
}

/* ---- parts -------------------------------------------------------------- */

static struct part
open_part(struct written *written, char *at, char begin, char end)
{
    assert(written->depth < WRITTEN_DEPTH_MAX);
    *at++ = begin;
    put_end(written, at);
    written->depth++;
    written->ends[written->depth] = end;
    written->open[written->depth] = ++written->parts;
    return (struct part){ written, written->depth, written->parts };
}

struct part
written_object(struct written *written)
{
    written->text.length = 0;
    written->depth = written->parts = 0;
    return open_part(written, put_begin(written, ROOM_FIRST), '{', '}');
}

const char *
written_end(struct written *written)
{
    char *at = put_begin(written, written->depth);

    while (written->depth > 0)
        *at++ = written->ends[written->depth--];
    *at = '\0';
    put_end(written, at);
    return written->text.bytes;
}

/*
 * Ends what is open inside of the part, and puts a comma if there must be one: where the next bytes
 * go, of which there are no more than so many.
 */
static char *
go_on(struct part part, size_t most)
{
    struct written *written = part.written;
    char *at = put_begin(written, WRITTEN_DEPTH_MAX + 1 + most);

    assert(part.depth <= written->depth);
    assert(written->open[part.depth] == part.number); /* or it was closed */
    while (written->depth > part.depth)
        *at++ = written->ends[written->depth--];
    if (at[-1] != '{' && at[-1] != '[')
        *at++ = ',';
    return at;
}

/* ---- values ------------------------------------------------------------- */

/* Characters that a string must not have as they are; those above ASCII may. */
static bool
is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\';
}

/* The longest that one becomes is \\u001f. */
#define ESCAPE_SIZE 6

static char *
put_escaped(char *at, unsigned char byte)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *found = strchr(from, byte);

    *at++ = '\\';
    if (found != NULL) {
        *at++ = to[found - from];
        return at;
    }
    *at++ = 'u';
    *at++ = '0';
    *at++ = '0';
    *at++ = "0123456789abcdef"[byte >> 4];
    *at++ = "0123456789abcdef"[byte & 15];
    return at;
}

static char *
put_bytes(char *at, const char *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

/* Room for a string of so many bytes, whatever they are. */
#define STRING_SIZE(length) (ESCAPE_SIZE * (length) + 2)

/*
 * Whether the eight bytes are all plain: then no byte has the highest bit set of what is borrowed in
 * one of the three subtractions. (A borrow may reach the neighbour, and those above ASCII may look
 * like one, which only sends us the slow way.)
 */
static bool
eight_are_plain(const char *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t bytes;

    memcpy(&bytes, at, sizeof bytes);
    return (((bytes - ones * 0x20) | ((bytes ^ ones * '"') - ones) |
                ((bytes ^ ones * '\\') - ones)) &
               ones * 0x80) == 0;
}

static const char *
plain_end(const char *at, const char *end)
{
    while (end - at >= 8 && eight_are_plain(at))
        at += 8;
    while (at < end && is_plain((unsigned char)*at))
        at++;
    return at;
}

static char *
put_string(char *at, const char *value, size_t length)
{
    const char *end = value + length;

    *at++ = '"';
    for (const char *begin = value; begin < end; begin = value) {
        value = plain_end(value, end);
        at = put_bytes(at, begin, (size_t)(value - begin));
        if (value < end)
            at = put_escaped(at, (unsigned char)*value++);
    }
    *at++ = '"';
    return at;
}

/* The member's name, which needs no escapes, and its colon; room for so many more. */
static char *
begin_member(struct part part, const char *member, size_t most)
{
    size_t length = strlen(member);
    char *at = go_on(part, length + 3 + most);

    assert(part.written->ends[part.depth] == '}');
    *at++ = '"';
    at = put_bytes(at, member, length);
    *at++ = '"';
    *at++ = ':';
    return at;
}

void
set_text(struct part part, const char *member, const char *value)
{
    size_t length;

    if (value == NULL)
        return;
    length = strlen(value);
    put_end(part.written,
        put_string(begin_member(part, member, STRING_SIZE(length)), value, length));
}

void
set_int(struct part part, const char *member, int64_t value)
{
    char *at = begin_member(part, member, JSON_NUMBER_SIZE);

    put_end(part.written, at + json_print_long(at, value));
}

void
set_time(struct part part, const char *member, int64_t ms)
{
    char *at = begin_member(part, member, JSON_NUMBER_SIZE);

    put_end(part.written, at + json_print_timestamp(at, ms));
}

void
set_float(struct part part, const char *member, double value)
{
    char *at = begin_member(part, member, JSON_NUMBER_SIZE);

    put_end(part.written, at + json_print_float(at, value));
}

void
set_json(struct part part, const char *member, const char *json)
{
    size_t length;

    if (json == NULL)
        return;
    length = strlen(json);
    put_end(part.written, put_bytes(begin_member(part, member, length), json, length));
}

void
set_flag(struct part part, const char *member, bool value)
{
    set_json(part, member, value ? "true" : "false");
}

struct part
set_object(struct part part, const char *member)
{
    return open_part(part.written, begin_member(part, member, 1), '{', '}');
}

struct part
set_list(struct part part, const char *member)
{
    return open_part(part.written, begin_member(part, member, 1), '[', ']');
}

void
add_text(struct part part, const char *value)
{
    size_t length = strlen(value);

    assert(part.written->ends[part.depth] == ']');
    put_end(part.written, put_string(go_on(part, STRING_SIZE(length)), value, length));
}

void
add_int(struct part part, int64_t value)
{
    char *at = go_on(part, JSON_NUMBER_SIZE);

    assert(part.written->ends[part.depth] == ']');
    put_end(part.written, at + json_print_long(at, value));
}

struct part
add_object(struct part part)
{
    assert(part.written->ends[part.depth] == ']');
    return open_part(part.written, go_on(part, 1), '{', '}');
}

void
set_members(struct part part, const char *members, size_t length)
{
    assert(part.written->ends[part.depth] == '}');
    if (length > 0)
        put_end(part.written, put_bytes(go_on(part, length), members, length));
}
