#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"

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
    struct journal_entry *made = copy(entry);

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

/* By bisection: ids grow. */
const struct journal_entry *
journal_next(const struct journal *journal, int64_t after)
{
    size_t low = 0, high = journal->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((*slot(journal, middle))->id > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low == journal->count ? NULL : *slot(journal, low);
}

int64_t
journal_last(const struct journal *journal)
{
    return journal->last_id;
}

/* ---- looking ------------------------------------------------------------ */

/* `arn` has no character that JSON would write otherwise, and the texts are our own printing. */
static bool
has_string(const char *json, const char *arn)
{
    size_t length = strlen(arn);

    if (json == NULL)
        return false;
    for (const char *at = json; (at = strstr(at, arn)) != NULL; at++)
        if (at > json && at[-1] == '"' && at[length] == '"')
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
           (filter->arn == NULL || has_string(entry->input, filter->arn) ||
               has_string(entry->output, filter->arn));
}

/* ---- writing ------------------------------------------------------------ */

static bool
has_long_string(const cJSON *json)
{
    if (cJSON_IsString(json))
        return strlen(json->valuestring) > STRING_MAX;
    for (const cJSON *item = json->child; item != NULL; item = item->next)
        if (has_long_string(item))
            return true;
    return false;
}

/* Its beginning, whole characters of it, and how long it was. */
static cJSON *
cut_string(const char *text)
{
    char kept[KEPT + 64];
    size_t length = KEPT;

    while (((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    snprintf(kept, sizeof kept, "%.*s... (%zu bytes)", (int)length, text, strlen(text));
    return cJSON_CreateString(kept);
}

/* A copy with its long strings cut, without ever copying one. */
static cJSON *
cut(const cJSON *json)
{
    cJSON *made;

    if (cJSON_IsString(json) && strlen(json->valuestring) > STRING_MAX)
        return cut_string(json->valuestring);
    if (!cJSON_IsObject(json) && !cJSON_IsArray(json))
        return cJSON_Duplicate(json, false);
    made = cJSON_IsObject(json) ? cJSON_CreateObject() : cJSON_CreateArray();
    for (const cJSON *item = json->child; item != NULL; item = item->next)
        if (cJSON_IsObject(json))
            cJSON_AddItemToObject(made, item->string, cut(item));
        else
            cJSON_AddItemToArray(made, cut(item));
    return made;
}

bool
journal_takes(const cJSON *json, const char *text)
{
    size_t length = strlen(text);

    return length <= STRING_MAX || (length <= TEXT_MAX && !has_long_string(json));
}

char *
journal_text(const cJSON *json)
{
    cJSON *shorter = has_long_string(json) ? cut(json) : NULL;
    char *text = memory_made(cJSON_PrintBuffered(shorter == NULL ? json : shorter, 512, false));
    size_t length;

    cJSON_Delete(shorter);
    length = strlen(text);
    if (length > TEXT_MAX)
        snprintf(text, TEXT_MAX, "\"(%zu bytes of JSON)\"", length);
    return text;
}
