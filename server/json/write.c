#include "write.h"

#include <assert.h>
#include <string.h>

#include "java.h"
#include "json.h"

/* Most answers are shorter, and all that are not grow. */
#define ROOM_FIRST 1024

/* ---- parts -------------------------------------------------------------- */

static struct part
open_part(struct written *written, char begin, char end)
{
    assert(written->depth < WRITTEN_DEPTH_MAX);
    text_add(&written->text, &begin, 1);
    written->depth++;
    written->ends[written->depth] = end;
    written->open[written->depth] = ++written->parts;
    return (struct part){ written, written->depth, written->parts };
}

/* Closes what is open deeper than that. */
static void
close_to(struct written *written, unsigned depth)
{
    for (; written->depth > depth; written->depth--)
        text_add(&written->text, &written->ends[written->depth], 1);
}

struct part
written_object(struct written *written)
{
    written->text.length = 0;
    written->depth = written->parts = 0;
    text_reserve(&written->text, ROOM_FIRST);
    return open_part(written, '{', '}');
}

const char *
written_end(struct written *written)
{
    close_to(written, 0);
    return written->text.bytes;
}

/* The buffer, with a comma if there must be one, ready for what is next in the part. */
static struct text *
go_on(struct part part)
{
    struct text *text = &part.written->text;
    char last;

    assert(part.depth <= part.written->depth);
    assert(part.written->open[part.depth] == part.number); /* or it was closed */
    close_to(part.written, part.depth);
    last = text->bytes[text->length - 1];
    if (last != '{' && last != '[')
        text_add(text, ",", 1);
    return text;
}

/* ---- values ------------------------------------------------------------- */

/* Characters that a string must not have as they are; those above ASCII may. */
static bool
is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\';
}

static void
add_escaped(struct text *text, unsigned char byte)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *found = byte == '\0' ? NULL : strchr(from, byte);
    char escape[2] = { '\\', 'u' };

    if (found != NULL) {
        escape[1] = to[found - from];
        text_add(text, escape, sizeof escape);
    } else {
        text_add_format(text, "\\u%04x", byte);
    }
}

static void
add_string(struct text *text, const char *value)
{
    text_add(text, "\"", 1);
    for (const char *begin = value; *value != '\0'; begin = value) {
        while (is_plain((unsigned char)*value))
            value++;
        text_add(text, begin, (size_t)(value - begin));
        if (*value != '\0')
            add_escaped(text, (unsigned char)*value++);
    }
    text_add(text, "\"", 1);
}

/* The buffer behind the member's name, which needs no escapes, and its colon. */
static struct text *
begin_member(struct part part, const char *member)
{
    struct text *text = go_on(part);

    assert(part.written->ends[part.depth] == '}');
    text_add(text, "\"", 1);
    text_add_string(text, member);
    text_add(text, "\":", 2);
    return text;
}

void
set_text(struct part part, const char *member, const char *value)
{
    if (value != NULL)
        add_string(begin_member(part, member), value);
}

void
set_int(struct part part, const char *member, int64_t value)
{
    char made[JSON_NUMBER_SIZE];

    text_add(begin_member(part, member), made, json_print_long(made, value));
}

void
set_flag(struct part part, const char *member, bool value)
{
    text_add_string(begin_member(part, member), value ? "true" : "false");
}

void
set_time(struct part part, const char *member, int64_t ms)
{
    char made[JSON_NUMBER_SIZE];

    text_add(begin_member(part, member), made, json_print_timestamp(made, ms));
}

void
set_float(struct part part, const char *member, double value)
{
    char made[JSON_NUMBER_SIZE];

    text_add(begin_member(part, member), made, json_print_float(made, value));
}

void
set_json(struct part part, const char *member, const char *json)
{
    if (json != NULL)
        text_add_string(begin_member(part, member), json);
}

struct part
set_object(struct part part, const char *member)
{
    begin_member(part, member);
    return open_part(part.written, '{', '}');
}

struct part
set_list(struct part part, const char *member)
{
    begin_member(part, member);
    return open_part(part.written, '[', ']');
}

void
add_text(struct part part, const char *value)
{
    assert(part.written->ends[part.depth] == ']');
    add_string(go_on(part), value);
}

struct part
add_object(struct part part)
{
    assert(part.written->ends[part.depth] == ']');
    go_on(part);
    return open_part(part.written, '{', '}');
}

void
set_members(struct part part, const char *members, size_t length)
{
    assert(part.written->ends[part.depth] == '}');
    if (length > 0)
        text_add(go_on(part), members, length);
}
