#include "json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "text.h"

/* What cJSON itself reads; nobody sends longer ones. */
#define NUMBER_LENGTH_MAX 63

/*
 * cJSON's own parser is lenient: it takes 01, 1., control characters, invalid UTF-8, a byte order
 * mark and trailing garbage, and ends a string at U+0000. So the bytes are held against RFC 8259, and
 * the tree is made on the way: each byte is looked at once. Every scan_*() consumes one thing into
 * its item, or notes the fault and returns false. A new item hangs on the tree before it is filled,
 * so that the tree can be deleted at any moment.
 */
struct scan {
    const unsigned char *at, *end;
    enum json_fault fault;
    enum json_fault later; /* of what is well-formed: told when everything is */
    unsigned depth;
};

static bool scan_value(struct scan *, cJSON *);

static bool
refuse(struct scan *scan, enum json_fault fault)
{
    scan->fault = fault;
    return false;
}

static int
peek(const struct scan *scan)
{
    return scan->at < scan->end ? *scan->at : -1;
}

static bool
skip(struct scan *scan, int byte)
{
    if (peek(scan) != byte)
        return false;
    scan->at++;
    return true;
}

static void
skip_space(struct scan *scan)
{
    while (skip(scan, ' ') || skip(scan, '\t') || skip(scan, '\n') || skip(scan, '\r'))
        continue;
}

static bool
skip_digits(struct scan *scan)
{
    const unsigned char *start = scan->at;

    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at > start;
}

static cJSON *
new_item(void)
{
    cJSON *item = memory_made(cJSON_malloc(sizeof *item));

    *item = (cJSON){ .type = cJSON_NULL };
    return item;
}

/* A new last child. */
static cJSON *
new_child(cJSON *parent)
{
    cJSON *item = new_item();

    if (parent->child == NULL) {
        parent->child = item;
    } else {
        item->prev = parent->child->prev;
        item->prev->next = item;
    }
    parent->child->prev = item; /* the first knows the last */
    return item;
}

/* Most are short and whole. */
static double
number_of(const unsigned char *start, size_t length)
{
    char digits[NUMBER_LENGTH_MAX + 1];
    int64_t value = 0;
    size_t at = 0;

    for (; at < length && at < 15 && start[at] >= '0' && start[at] <= '9'; at++)
        value = value * 10 + (start[at] - '0');
    if (at == length)
        return (double)value;
    memcpy(digits, start, length);
    digits[length] = '\0';
    return strtod(digits, NULL);
}

static bool
scan_number(struct scan *scan, cJSON *item)
{
    const unsigned char *start = scan->at;
    double value;

    skip(scan, '-');
    if (!skip(scan, '0') && !skip_digits(scan))
        return refuse(scan, JSON_MALFORMED);
    if (skip(scan, '.') && !skip_digits(scan))
        return refuse(scan, JSON_MALFORMED);
    if (skip(scan, 'e') || skip(scan, 'E')) {
        if (!skip(scan, '+'))
            skip(scan, '-');
        if (!skip_digits(scan))
            return refuse(scan, JSON_MALFORMED);
    }
    if (scan->at - start > NUMBER_LENGTH_MAX)
        return refuse(scan, JSON_BAD_NUMBER);
    value = number_of(start, (size_t)(scan->at - start));
    item->type = cJSON_Number;
    if (isfinite(value))
        cJSON_SetNumberHelper(item, value);
    else
        scan->later = JSON_BAD_NUMBER;
    return true;
}

static bool
scan_word(struct scan *scan, const char *word, cJSON *item, int type)
{
    size_t length = strlen(word);

    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return refuse(scan, JSON_MALFORMED);
    scan->at += length;
    item->type = type;
    return true;
}

/* The four digits of a \u escape, or -1. */
static long
scan_hexadecimal(struct scan *scan)
{
    long value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = peek(scan);

        if (digit >= '0' && digit <= '9')
            value = value * 16 + digit - '0';
        else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
            value = value * 16 + (digit | 0x20) - 'a' + 10;
        else
            return -1;
        scan->at++;
    }
    return value;
}

/* What follows "\u". U+0000 is refused: it would end a C string, and with it a name or a check. */
static bool
scan_unicode_escape(struct scan *scan)
{
    long unit = scan_hexadecimal(scan);
    long low;

    if (unit < 0)
        return refuse(scan, JSON_MALFORMED);
    if (unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return refuse(scan, JSON_BAD_TEXT);
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    if (!skip(scan, '\\') || !skip(scan, 'u'))
        return refuse(scan, JSON_BAD_TEXT);
    low = scan_hexadecimal(scan);
    return (low >= 0xDC00 && low <= 0xDFFF) || refuse(scan, JSON_BAD_TEXT);
}

static bool
scan_escape(struct scan *scan)
{
    int escaped = peek(scan);

    if (escaped <= 0 || strchr("\"\\/bfnrtu", escaped) == NULL)
        return refuse(scan, JSON_MALFORMED);
    scan->at++;
    return escaped != 'u' || scan_unicode_escape(scan);
}

static bool
scan_wide_character(struct scan *scan)
{
    size_t length = text_wide_character(scan->at, scan->end);

    if (length == 0)
        return refuse(scan, JSON_BAD_TEXT);
    scan->at += length;
    return true;
}

/*
 * Whether the next eight bytes are ASCII without quote, backslash and control characters. Images
 * come as megabytes of base64 in one string; this takes them eight bytes at a time. A byte has a
 * bit of `special` set if it is below 0x20, one of the two, or above 0x7F (a borrow may flag its
 * neighbour as well, which only sends us the slow way).
 */
static bool
eight_are_plain(const struct scan *scan)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bytes, special;

    if (scan->end - scan->at < 8)
        return false;
    memcpy(&bytes, scan->at, 8);
    special = bytes | (bytes - ones * 0x20) | ((bytes ^ ones * '"') - ones) |
              ((bytes ^ ones * '\\') - ones);
    return (special & ones * 0x80) == 0;
}

static bool
scan_character(struct scan *scan)
{
    int byte = peek(scan);

    if (byte < 0)
        return refuse(scan, JSON_MALFORMED);
    if (byte < 0x20)
        return refuse(scan, JSON_BAD_TEXT);
    if (byte >= 0x80)
        return scan_wide_character(scan);
    scan->at++;
    return byte != '\\' || scan_escape(scan);
}

static char *
put_utf8(char *to, unsigned long point)
{
    if (point < 0x80) {
        *to++ = (char)point;
    } else if (point < 0x800) {
        *to++ = (char)(0xC0 | point >> 6);
        *to++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *to++ = (char)(0xE0 | point >> 12);
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    } else {
        *to++ = (char)(0xF0 | point >> 18);
        *to++ = (char)(0x80 | (point >> 12 & 0x3F));
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    }
    return to;
}

/* What one escape, which is well-formed, stands for; the byte behind it. */
static const unsigned char *
decode_escape(const unsigned char *at, char **to)
{
    static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    struct scan digits = { .at = at + 1, .end = at + 5 };
    unsigned long point;

    if (*at != 'u') {
        *(*to)++ = meant[strchr(from, *at) - from];
        return at + 1;
    }
    point = (unsigned long)scan_hexadecimal(&digits);
    at += 5;
    if (point >= 0xD800 && point <= 0xDBFF) { /* and the other half, behind its own "\\u" */
        digits = (struct scan){ .at = at + 2, .end = at + 6 };
        point = 0x10000 + ((point - 0xD800) << 10) +
                ((unsigned long)scan_hexadecimal(&digits) - 0xDC00);
        at += 6;
    }
    *to = put_utf8(*to, point);
    return at;
}

/* The bytes between the marks, with what escapes stand for: that is never longer. */
static char *
decode(const unsigned char *at, const unsigned char *end)
{
    char *text = memory_made(cJSON_malloc((size_t)(end - at) + 1)), *to = text;
    const unsigned char *escape;

    for (; (escape = memchr(at, '\\', (size_t)(end - at))) != NULL;) {
        memcpy(to, at, (size_t)(escape - at));
        to += escape - at;
        at = decode_escape(escape + 1, &to);
    }
    memcpy(to, at, (size_t)(end - at));
    to[end - at] = '\0';
    return text;
}

/* A string, into `*text`. */
static bool
scan_string(struct scan *scan, char **text)
{
    const unsigned char *start;

    if (!skip(scan, '"'))
        return refuse(scan, JSON_MALFORMED);
    start = scan->at;
    while (!skip(scan, '"')) {
        if (eight_are_plain(scan))
            scan->at += 8;
        else if (!scan_character(scan))
            return false;
    }
    *text = decode(start, scan->at - 1);
    return true;
}

static bool
scan_text(struct scan *scan, cJSON *item)
{
    item->type = cJSON_String;
    return scan_string(scan, &item->valuestring);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, as an object may have a million members. */
static bool
have_duplicates(const cJSON *object, size_t count)
{
    const char **names = memory_resize(NULL, count * sizeof *names);
    bool found = false;

    count = 0;
    for (const cJSON *item = object->child; item != NULL; item = item->next)
        names[count++] = item->string;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count && !found; i++)
        found = strcmp(names[i - 1], names[i]) == 0;
    free(names);
    return found;
}

/* Most objects have a few members, and need no memory for it. */
#define FEW 8

static bool
few_have_duplicates(const cJSON *object)
{
    for (const cJSON *item = object->child; item != NULL; item = item->next)
        for (const cJSON *other = item->next; other != NULL; other = other->next)
            if (strcmp(item->string, other->string) == 0)
                return true;
    return false;
}

/*
 * What the service does with a member given twice is not known. The last might win, as in most
 * parsers; but then a signed and journalled body would mean something else to the next reader, so
 * it is refused. Names are compared decoded: "a" is "\u0061".
 */
static void
check_names(struct scan *scan, const cJSON *object, size_t count)
{
    if (count <= FEW ? few_have_duplicates(object) : have_duplicates(object, count))
        scan->later = JSON_DUPLICATE_MEMBER;
}

static bool
scan_members(struct scan *scan, cJSON *object)
{
    size_t count = 0;

    skip_space(scan);
    if (skip(scan, '}'))
        return true;
    do {
        cJSON *item = new_child(object);

        count++;
        skip_space(scan);
        if (!scan_string(scan, &item->string))
            return false;
        skip_space(scan);
        if (!skip(scan, ':'))
            return refuse(scan, JSON_MALFORMED);
        if (!scan_value(scan, item))
            return false;
    } while (skip(scan, ','));
    if (!skip(scan, '}'))
        return refuse(scan, JSON_MALFORMED);
    check_names(scan, object, count);
    return true;
}

static bool
scan_elements(struct scan *scan, cJSON *list)
{
    skip_space(scan);
    if (skip(scan, ']'))
        return true;
    do {
        if (!scan_value(scan, new_child(list)))
            return false;
    } while (skip(scan, ','));
    return skip(scan, ']') || refuse(scan, JSON_MALFORMED);
}

/* The depth is checked on the way down, so that it bounds this recursion, cJSON's and
 * everybody's. */
static bool
scan_container(struct scan *scan, int opening, cJSON *item)
{
    bool fine;

    if (++scan->depth > JSON_DEPTH_MAX)
        return refuse(scan, JSON_TOO_DEEP);
    skip(scan, opening);
    item->type = opening == '{' ? cJSON_Object : cJSON_Array;
    fine = opening == '{' ? scan_members(scan, item) : scan_elements(scan, item);
    scan->depth--;
    return fine;
}

/* A value, and the space around it. */
static bool
scan_value(struct scan *scan, cJSON *item)
{
    bool fine;

    skip_space(scan);
    switch (peek(scan)) {
    case '{':
    case '[':
        fine = scan_container(scan, peek(scan), item);
        break;
    case '"':
        fine = scan_text(scan, item);
        break;
    case 't':
        fine = scan_word(scan, "true", item, cJSON_True);
        break;
    case 'f':
        fine = scan_word(scan, "false", item, cJSON_False);
        break;
    case 'n':
        fine = scan_word(scan, "null", item, cJSON_NULL);
        break;
    default:
        fine = scan_number(scan, item);
    }
    skip_space(scan);
    return fine;
}

static enum json_fault
scan_all(struct scan *scan, cJSON *item)
{
    skip_space(scan);
    if (scan->at == scan->end)
        return JSON_EMPTY;
    if (!scan_value(scan, item))
        return scan->fault;
    return scan->at == scan->end ? scan->later : JSON_MALFORMED;
}

cJSON *
json_parse(const char *bytes, size_t length, enum json_fault *why)
{
    struct scan scan = { .at = (const unsigned char *)bytes };
    cJSON *json = new_item();
    enum json_fault fault;

    scan.end = scan.at + length;
    fault = scan_all(&scan, json);
    if (fault != JSON_FINE) {
        cJSON_Delete(json);
        json = NULL;
    }
    if (why != NULL)
        *why = fault;
    return json;
}

const char *
json_fault_text(enum json_fault fault)
{
    static const char *const texts[] = {
        [JSON_FINE] = "the body is fine",
        [JSON_EMPTY] = "the body is empty",
        [JSON_MALFORMED] = "the body is not JSON",
        [JSON_BAD_TEXT] = "the body has a byte or an escape that is no character",
        [JSON_BAD_NUMBER] = "the body has a number that is too large or too long",
        [JSON_TOO_DEEP] = "the body nests too deep",
        [JSON_DUPLICATE_MEMBER] = "the body has an object with two members of the same name",
    };

    return texts[fault];
}
