#include "json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "text.h"

/* cJSON copies a number into a buffer of this size and takes the rest of a longer one for
 * garbage. */
#define NUMBER_LENGTH_MAX 63

/* ---- grammar --------------------------------------------------------------------------------- */

/*
 * cJSON is lenient: it takes 01, 1., control characters, invalid UTF-8, a byte order mark and
 * trailing garbage, and ends a string at U+0000. So the bytes are first held against RFC 8259.
 * Every scan_*() consumes one thing, or notes the fault and returns false.
 */
struct scan {
    const unsigned char *at, *end;
    enum json_fault fault;
    unsigned depth;
};

static bool scan_value(struct scan *);

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

static bool
scan_number(struct scan *scan)
{
    const unsigned char *start = scan->at;

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
    return scan->at - start <= NUMBER_LENGTH_MAX || refuse(scan, JSON_BAD_NUMBER);
}

static bool
scan_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return refuse(scan, JSON_MALFORMED);
    scan->at += length;
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

static bool
scan_string(struct scan *scan)
{
    if (!skip(scan, '"'))
        return refuse(scan, JSON_MALFORMED);
    while (!skip(scan, '"')) {
        if (eight_are_plain(scan))
            scan->at += 8;
        else if (!scan_character(scan))
            return false;
    }
    return true;
}

static bool
scan_members(struct scan *scan)
{
    skip_space(scan);
    if (skip(scan, '}'))
        return true;
    do {
        skip_space(scan);
        if (!scan_string(scan))
            return false;
        skip_space(scan);
        if (!skip(scan, ':'))
            return refuse(scan, JSON_MALFORMED);
        if (!scan_value(scan))
            return false;
    } while (skip(scan, ','));
    return skip(scan, '}') || refuse(scan, JSON_MALFORMED);
}

static bool
scan_elements(struct scan *scan)
{
    skip_space(scan);
    if (skip(scan, ']'))
        return true;
    do {
        if (!scan_value(scan))
            return false;
    } while (skip(scan, ','));
    return skip(scan, ']') || refuse(scan, JSON_MALFORMED);
}

/* The depth is checked on the way down, so that it bounds this recursion, cJSON's and
 * everybody's. */
static bool
scan_container(struct scan *scan, int opening)
{
    bool fine;

    if (++scan->depth > JSON_DEPTH_MAX)
        return refuse(scan, JSON_TOO_DEEP);
    skip(scan, opening);
    fine = opening == '{' ? scan_members(scan) : scan_elements(scan);
    scan->depth--;
    return fine;
}

/* A value, and the space around it. */
static bool
scan_value(struct scan *scan)
{
    bool fine;

    skip_space(scan);
    switch (peek(scan)) {
    case '{':
    case '[':
        fine = scan_container(scan, peek(scan));
        break;
    case '"':
        fine = scan_string(scan);
        break;
    case 't':
        fine = scan_word(scan, "true");
        break;
    case 'f':
        fine = scan_word(scan, "false");
        break;
    case 'n':
        fine = scan_word(scan, "null");
        break;
    default:
        fine = scan_number(scan);
    }
    skip_space(scan);
    return fine;
}

static enum json_fault
check_grammar(const char *bytes, size_t length)
{
    struct scan scan = { .at = (const unsigned char *)bytes };

    scan.end = scan.at + length;
    skip_space(&scan);
    if (scan.at == scan.end)
        return JSON_EMPTY;
    if (!scan_value(&scan))
        return scan.fault;
    return scan.at == scan.end ? JSON_FINE : JSON_MALFORMED;
}

/* ---- what only the decoded tree tells -------------------------------------------------------- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, as an object may have a million members. Names are compared decoded: "a" is "\u0061". */
static bool
has_duplicates(const cJSON *object)
{
    size_t count = 0;
    const char **names;
    bool found = false;

    for (const cJSON *item = object->child; item != NULL; item = item->next)
        count++;
    if (count < 2)
        return false;
    names = memory_resize(NULL, count * sizeof *names);
    count = 0;
    for (const cJSON *item = object->child; item != NULL; item = item->next)
        names[count++] = item->string;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count && !found; i++)
        found = strcmp(names[i - 1], names[i]) == 0;
    free(names);
    return found;
}

/*
 * What the service does with a member given twice is not known. The last might win, as in most
 * parsers; but then a signed and journalled body would mean something else to the next reader, so
 * it is refused.
 */
static enum json_fault
check_tree(const cJSON *json)
{
    enum json_fault fault = JSON_FINE;

    if (cJSON_IsNumber(json) && !isfinite(json->valuedouble))
        return JSON_BAD_NUMBER;
    if (cJSON_IsObject(json) && has_duplicates(json))
        return JSON_DUPLICATE_MEMBER;
    for (const cJSON *item = json->child; item != NULL && fault == JSON_FINE; item = item->next)
        fault = check_tree(item);
    return fault;
}

cJSON *
json_parse(const char *bytes, size_t length, enum json_fault *why)
{
    enum json_fault fault = check_grammar(bytes, length);
    cJSON *json = NULL;

    if (fault == JSON_FINE && (json = cJSON_ParseWithLength(bytes, length)) == NULL)
        fault = JSON_MALFORMED; /* the grammar is fine: memory is short, or cJSON knows better */
    if (json != NULL && (fault = check_tree(json)) != JSON_FINE) {
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

/* ---- numbers --------------------------------------------------------------------------------- */

/* Decimal digits; how many. */
static size_t
print_digits(char *out, uint64_t value)
{
    char digits[20];
    size_t count = 0;

    do
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    memcpy(out, digits + sizeof digits - count, count);
    return count;
}

static uint64_t
size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/*
 * Real confidences read 99.99999237060547: 32-bit floats, widened, and printed with the fewest
 * digits that make the same double (observed). So 100 is printed as Java prints it, 100.0
 * (inferred; any number would do).
 */
size_t
json_print_float(char out[JSON_NUMBER_SIZE], double value)
{
    static float printed; /* the last, as who polls is told the same score again */
    static char print[JSON_NUMBER_SIZE] = "0.0";
    static size_t length = 3;

    assert(isfinite((float)value)); /* JSON has no other numbers */
    if ((float)value != printed || printed == 0) {
        printed = (float)value;
        java_double(print, (double)printed);
        length = strlen(print);
    }
    memcpy(out, print, length + 1);
    return length;
}

size_t
json_print_long(char out[JSON_NUMBER_SIZE], int64_t value)
{
    size_t length = value < 0;

    out[0] = '-';
    length += print_digits(out + length, size_of(value));
    out[length] = '\0';
    return length;
}

/* Seconds with three decimals: "1533422155.042". The SDKs read E notation as well; people do
 * not. */
size_t
json_print_timestamp(char out[JSON_NUMBER_SIZE], int64_t ms)
{
    size_t length = ms < 0;
    unsigned rest = (unsigned)(size_of(ms) % 1000);

    out[0] = '-';
    length += print_digits(out + length, size_of(ms) / 1000);
    out[length++] = '.';
    out[length++] = (char)('0' + rest / 100);
    out[length++] = (char)('0' + rest / 10 % 10);
    out[length++] = (char)('0' + rest % 10);
    out[length] = '\0';
    return length;
}

cJSON *
json_long(int64_t value)
{
    char made[JSON_NUMBER_SIZE];

    json_print_long(made, value);
    return cJSON_CreateRaw(made);
}

bool
json_number(const cJSON *json, double *value)
{
    char *end;

    if (cJSON_IsNumber(json)) {
        *value = json->valuedouble;
        return true;
    }
    if (!cJSON_IsRaw(json) || strspn(json->valuestring, "-0123456789") == 0)
        return false;
    *value = strtod(json->valuestring, &end);
    return *end == '\0';
}

int64_t
json_integer(const cJSON *json)
{
    double value = 0;

    json_number(json, &value);
    if (isnan(value))
        return 0;
    if (value >= 0x1p63)
        return INT64_MAX;
    if (value < -0x1p63)
        return INT64_MIN;
    return (int64_t)value;
}
