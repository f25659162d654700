#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cjson/cJSON.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"
#include "../json/text.h"

#define STRING_MAX 4096 /* bytes of one string; of a longer one, the first KEPT */
#define KEPT 256
#define TEXT_MAX (256 * 1024)

/* Entries by age, in a ring of a power of two of places. */
struct journal {
    struct journal_entry **ring;
    size_t room, first, count;
    int64_t last_id, bytes;
    int64_t calls_max, bytes_max;
};

struct journal *
journal_open(void)
{
    struct journal *journal = memory_new(sizeof *journal);

    return journal;
}

void
journal_close(struct journal *journal)
{
    journal_forget(journal, NULL, NULL);
    free(journal->ring);
    free(journal);
}

static struct journal_entry **
slot(const struct journal *journal, size_t place)
{
    return &journal->ring[(journal->first + place) & (journal->room - 1)];
}

/* ---- entries ------------------------------------------------------------ */

static size_t
size_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static size_t
weigh(const struct journal_entry *entry)
{
    return sizeof *entry + size_of(entry->request_id) + size_of(entry->account) +
           size_of(entry->region) + size_of(entry->access_key_id) + size_of(entry->input) +
           size_of(entry->output) + size_of(entry->explain) + size_of(entry->ignored);
}

/* Moves the text to `*to`, and that on. */
static void
move_text(const char **text, char **to)
{
    size_t size = size_of(*text);

    if (size == 0)
        return;
    *text = memcpy(*to, *text, size);
    *to += size;
}

/* An entry and its texts in one piece of memory. */
static struct journal_entry *
copy(const struct journal_entry *entry)
{
    size_t weight = weigh(entry);
    struct journal_entry *made = memory_resize(NULL, weight);
    char *to;

    to = (char *)(made + 1);
    *made = *entry;
    made->weight = weight;
    move_text(&made->request_id, &to);
    move_text(&made->account, &to);
    move_text(&made->region, &to);
    move_text(&made->access_key_id, &to);
    move_text(&made->input, &to);
    move_text(&made->output, &to);
    move_text(&made->explain, &to);
    move_text(&made->ignored, &to);
    return made;
}

/* ---- texts that are too long -------------------------------------------- */

/* How many bytes what is at `at` in a string stands for, "\n" or "\u00e9" or one byte, and takes. */
static size_t
decoded_size(const char *at, size_t *size)
{
    unsigned long unit;
    char digits[5];

    *size = at[0] != '\\' ? 1 : at[1] != 'u' ? 2 : 6;
    if (*size < 6)
        return 1;
    snprintf(digits, sizeof digits, "%.4s", at + 2);
    unit = strtoul(digits, NULL, 16);
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        *size = 12; /* it takes two of them to stand for one character */
        return 4;
    }
    return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

/* The end of the string that begins behind a quotation mark, and how many bytes it stands for. */
static const char *
string_end(const char *at, size_t *decoded)
{
    for (*decoded = 0; *at != '"';) {
        size_t plain = strcspn(at, "\"\\"), size = 0;

        *decoded += plain;
        at += plain;
        if (*at == '\\')
            *decoded += decoded_size(at, &size);
        at += size;
    }
    return at;
}

/* Its beginning, whole characters of it, and how long it was. */
static void
add_beginning(struct text *text, const char *at, size_t decoded)
{
    const char *begin = at;
    size_t kept = 0, size, whole;

    while ((kept += decoded_size(at, &size)) <= KEPT)
        at += size;
    for (whole = (size_t)(at - begin); ((unsigned char)begin[whole] & 0xC0) == 0x80;)
        whole--;
    text_add(text, begin, whole);
    text_add_format(text, "... (%zu bytes)", decoded);
}

/* The JSON with its long strings cut, without ever copying one. */
static char *
cut(const char *json)
{
    struct text text = { .length = 0 };
    const char *quote, *end;
    size_t decoded;

    for (; (quote = strchr(json, '"')) != NULL; json = end) {
        text_add(&text, json, (size_t)(quote + 1 - json));
        end = string_end(quote + 1, &decoded);
        if (decoded > STRING_MAX)
            add_beginning(&text, quote + 1, decoded);
        else
            text_add(&text, quote + 1, (size_t)(end - quote - 1));
        text_add(&text, "\"", 1);
        end++;
    }
    text_add_string(&text, json);
    if (text.length > TEXT_MAX)
        snprintf(text.bytes, text.capacity, "\"(%zu bytes of JSON)\"", text.length);
    return text.bytes;
}

/* Puts a shorter text in the place of one that is too long, and that into `made`. */
static void
shorten(const char **json, char **made)
{
    if (*json != NULL && strlen(*json) > STRING_MAX)
        *json = *made = cut(*json);
}

/* ---- the ring ----------------------------------------------------------- */

static void
forget(struct journal *journal, struct journal_entry *entry)
{
    journal->bytes -= (int64_t)entry->weight;
    free(entry);
}

static void
trim(struct journal *journal)
{
    while (journal->count > 0 &&
           ((int64_t)journal->count > journal->calls_max || journal->bytes > journal->bytes_max)) {
        forget(journal, *slot(journal, 0));
        journal->first++;
        journal->count--;
    }
}

void
journal_bound(struct journal *journal, int64_t calls, int64_t bytes)
{
    journal->calls_max = calls;
    journal->bytes_max = bytes;
    trim(journal);
}

static void
grow(struct journal *journal)
{
    size_t room = journal->room == 0 ? 64 : 2 * journal->room;
    struct journal_entry **ring = memory_resize(NULL, room * sizeof(struct journal_entry *));

    for (size_t i = 0; i < journal->count; i++)
        ring[i] = *slot(journal, i);
    free(journal->ring);
    journal->ring = ring;
    journal->room = room;
    journal->first = 0;
}

int64_t
journal_add(struct journal *journal, const struct journal_entry *entry)
{
    struct journal_entry shorter = *entry, *made;
    char *texts[4] = { NULL };

    shorten(&shorter.input, &texts[0]);
    shorten(&shorter.output, &texts[1]);
    shorten(&shorter.explain, &texts[2]);
    shorten(&shorter.ignored, &texts[3]);
    made = copy(&shorter);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    made->id = ++journal->last_id;
    if (journal->count == journal->room)
        grow(journal);
    *slot(journal, journal->count++) = made;
    journal->bytes += (int64_t)made->weight;
    trim(journal);
    return journal->last_id;
}

static bool
is_or_any(const char *text, const char *wanted)
{
    return wanted == NULL || (text != NULL && strcmp(text, wanted) == 0);
}

size_t
journal_forget(struct journal *journal, const char *account, const char *region)
{
    size_t kept = 0, before = journal->count;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal_entry *entry = *slot(journal, i);

        if (is_or_any(entry->account, account) && is_or_any(entry->region, region))
            forget(journal, entry);
        else
            *slot(journal, kept++) = entry;
    }
    journal->count = kept;
    return before - kept;
}

/* By bisection, for ids grow: the place of the first entry with a greater id. */
static size_t
place_behind(const struct journal *journal, int64_t after)
{
    size_t low = 0, high = journal->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((*slot(journal, middle))->id > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const struct journal_entry *
journal_next(const struct journal *journal, int64_t after)
{
    size_t place = place_behind(journal, after);

    return place == journal->count ? NULL : *slot(journal, place);
}

const struct journal_entry *
journal_previous(const struct journal *journal, int64_t before)
{
    size_t place = place_behind(journal, before - 1);

    return place == 0 ? NULL : *slot(journal, place - 1);
}

int64_t
journal_last(const struct journal *journal)
{
    return journal->last_id;
}

/* ---- looking ------------------------------------------------------------ */

static bool
has_string(const cJSON *json, const char *text)
{
    if (cJSON_IsString(json))
        return strcmp(json->valuestring, text) == 0;
    for (const cJSON *item = json->child; item != NULL; item = item->next)
        if (has_string(item, text))
            return true;
    return false;
}

/* Somewhere as a whole string, but for the names of members. A text without escapes says it itself. */
static bool
names(const char *json, const char *arn)
{
    size_t length = strlen(arn);
    cJSON *read;
    bool found;

    if (json == NULL)
        return false;
    for (const char *at = json; (at = strstr(at, arn)) != NULL; at++)
        if (at > json && at[-1] == '"' && at[length] == '"')
            return true;
    if (strchr(json, '\\') == NULL)
        return false;
    read = cJSON_Parse(json);
    found = read != NULL && has_string(read, arn);
    cJSON_Delete(read);
    return found;
}

/* Capital letters of ASCII are as small ones. */
static bool
has_text(const char *where, const char *text)
{
    size_t length = strlen(text);

    for (; where != NULL && *where != '\0'; where++)
        if (strncasecmp(where, text, length) == 0)
            return true;
    return false;
}

static bool
tells_of(const struct journal_entry *entry, const char *text)
{
    const char *const kept[] = { entry->operation, entry->error, entry->request_id, entry->account,
        entry->region, entry->access_key_id, entry->input, entry->output, entry->explain };

    for (size_t i = 0; i < COUNT(kept); i++)
        if (has_text(kept[i], text))
            return true;
    return false;
}

bool
journal_matches(const struct journal_entry *entry, const struct journal_filter *filter)
{
    unsigned status = filter->status > 0 ? (unsigned)filter->status : 0;

    return is_or_any(entry->operation, filter->operation) &&
           is_or_any(entry->account, filter->account) && is_or_any(entry->region, filter->region) &&
           is_or_any(entry->error, filter->error) &&
           (filter->status == 0 || entry->status == status) &&
           (filter->arn == NULL || names(entry->input, filter->arn) ||
               names(entry->output, filter->arn)) &&
           (filter->text == NULL || tells_of(entry, filter->text));
}
