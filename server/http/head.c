#include "head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct head {
    struct framing *framing;
    struct heard *heard;
    unsigned lengths, encodings, hosts;
    const char *end; /* of what was looked at last, where the library has it */
    const char *why;
};

/*
 * 0.9.75 takes a line for a C string: what follows a zero byte is lost without a sign. But it leaves
 * the head where it was received, with zeros where it cut, and hands out pointers into it; so what
 * was lost is a gap, wider than the end of a line.
 */
#if MHD_VERSION < 0x00097701
#define LOSES_WHAT_FOLLOWS_ZERO 1
#else
#define LOSES_WHAT_FOLLOWS_ZERO 0 /* it refuses them */
#endif

static bool
has_gap(const char *end, const char *next, uintptr_t least, uintptr_t most)
{
    uintptr_t gap = (uintptr_t)next - (uintptr_t)end;

    return LOSES_WHAT_FOLLOWS_ZERO && (gap < least || gap > most);
}

/* CRLF, or LF alone. */
#define LINE_END_MIN 1
#define LINE_END_MAX 2

/* RFC 9110, 5.6.2: 1*tchar. A space before the colon ends up in the name, and so does what is left
   of a folded line. */
static bool
is_token(const char *text, size_t size)
{
    /* One bit per character, thirty-two to the word: "!#$%&'*+-.^_`|~", digits and letters. */
    static const uint32_t token[8] = { 0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff };

    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((token[byte / 32] >> byte % 32 & 1) == 0)
            return false;
    }
    return size > 0;
}

/* Whether one of eight bytes is below ' ' or is DEL ("Bit Twiddling Hacks", hasless and haszero).
   Signatures make headers long; byte by byte this check was five per cent of a request. */
static bool
eight_have_control(const char *text)
{
    const uint64_t ones = UINT64_MAX / 255;
    uint64_t bytes, deleted;

    memcpy(&bytes, text, sizeof bytes);
    deleted = bytes ^ ones * 0x7f;
    return ((((bytes - ones * ' ') & ~bytes) | ((deleted - ones) & ~deleted)) & ones * 0x80) != 0;
}

static bool
has_control(const char *text, size_t size)
{
    while (size >= 8 && !eight_have_control(text)) {
        text += 8;
        size -= 8;
    }
    for (; size > 0; text++, size--)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
            return true;
    return false;
}

/* The headers that say how the request is to be read. Told apart by length first: this runs for
   every header. */
static const char *
read_framing(struct head *head, const char *name, size_t size, const char *value)
{
    switch (size) {
    case sizeof "Host" - 1:
        head->hosts += strcasecmp(name, "Host") == 0;
        break;
    case sizeof "Expect" - 1:
        if (strcasecmp(name, "Expect") == 0)
            head->framing->expects = strcasecmp(value, "100-continue") == 0;
        break;
    case sizeof "Content-Length" - 1:
        if (strcasecmp(name, "Content-Length") == 0) {
            head->lengths++;
            head->framing->length = strtoull(value, NULL, 10);
        }
        break;
    case sizeof "Content-Encoding" - 1:
        if (strcasecmp(name, "Content-Encoding") == 0 && strcasecmp(value, "identity") != 0)
            return "Content-Encoding is not supported";
        break;
    case sizeof "Transfer-Encoding" - 1:
        if (strcasecmp(name, "Transfer-Encoding") == 0) {
            head->encodings++;
            head->framing->chunked = true;
            /* Anything else makes 0.9.75 wait for the end of time, "chunked " included. */
            if (strcasecmp(value, "chunked") != 0)
                return "Transfer-Encoding is not supported";
        }
        break;
    default:
        /* 0.9.75 unfolds a folded line into the name: "Transfer-Encoding:\r\n chunked" arrives as a
           header "Transfer-Encodingchunked". Nobody else has such a name. */
        if (strncasecmp(name, "Content-Length", 14) == 0 ||
            strncasecmp(name, "Transfer-Encoding", 17) == 0)
            return "A header that frames the body is folded";
        break;
    }
    return NULL;
}

static void
hear(struct heard *heard, const char *name, size_t length, const char *value)
{
    heard->all = heard->count < HEARD_MAX;
    if (!heard->all)
        return;
    heard->headers[heard->count].name = name;
    heard->headers[heard->count].length = length;
    heard->headers[heard->count++].value = value;
}

static enum MHD_Result
check_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
    const char *value, size_t value_size)
{
    struct head *head = context;

    (void)kind;
    if (has_gap(head->end, name, LINE_END_MIN, LINE_END_MAX))
        head->why = "A line has a zero byte";
    else if (!is_token(name, name_size))
        head->why = "A header name has a character it cannot have";
    else if (has_control(value, value_size))
        head->why = "A header value has a control character";
    else
        head->why = read_framing(head, name, name_size, value == NULL ? "" : value);
    hear(head->heard, name, name_size, value);
    head->end = value + value_size;
    return head->why == NULL ? MHD_YES : MHD_NO;
}

/* An argument would end at its zero byte without a sign. Nothing we serve has one in its name. */
static bool
is_sound_target(const char *target)
{
    return !has_control(target, strlen(target)) && strpbrk(target, " \t") == NULL &&
           strstr(target, "%00") == NULL;
}

static bool
is_whole_line(const struct request_line *line)
{
    return !has_gap(line->method + strlen(line->method), line->received, 1, 1) &&
           !has_gap(line->received + strlen(line->target), line->version, 1, 1);
}

/* Whether the library has read more than what was looked at, and the end of two lines. */
static bool
has_more(struct MHD_Connection *connection, const struct request_line *line, const char *end)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return has_gap(end, line->method + info->header_size, 2 * LINE_END_MIN, 2 * LINE_END_MAX);
}

const char *
head_check(struct MHD_Connection *connection, const struct request_line *line,
    struct framing *framing, struct heard *heard)
{
    struct head head = { .framing = framing,
        .heard = heard,
        .end = line->version + strlen(line->version) };
    bool old = strcmp(line->version, "HTTP/1.0") == 0;

    *framing = (struct framing){ 0 };
    if (!is_sound_target(line->target) || !is_whole_line(line))
        return "The target has a zero byte, a space or a control character";
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, check_header, &head);
    heard->all &= head.why == NULL;
    if (head.why != NULL)
        return head.why;
    if (has_more(connection, line, head.end))
        return "A line has a zero byte";
    if (head.lengths > 1)
        return "Content-Length is given more than once";
    if (head.encodings > 1 || (head.encodings > 0 && old))
        return "Transfer-Encoding is not supported";
    if (head.encodings > 0 && head.lengths > 0)
        return "Content-Length and Transfer-Encoding exclude each other";
    if (head.hosts > 1 || (head.hosts == 0 && !old))
        return "Exactly one Host is needed";
    return NULL;
}
