#include "manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "attribute.h"
#include "findings.h"
#include "../json/json.h"

/* API Reference, S3Object: lengths of a bucket's and an object's name. */
#define BUCKET_LEAST 3
#define BUCKET_MOST 255
#define KEY_MOST 1024

struct manifest_limits
manifest_limits(struct store *store)
{
    return (struct manifest_limits){
        .line = setting_int(store, SETTING_DATASET_MAX_LINE),
        .labels = setting_int(store, SETTING_DATASET_MAX_LABELS_PER_IMAGE),
        .boxes = setting_int(store, SETTING_DATASET_MAX_BOXES),
        .label_length = setting_int(store, SETTING_DATASET_MAX_LABEL_LENGTH),
        .side_least = setting_int(store, SETTING_IMAGE_MIN_SIDE),
        .side_most = setting_int(store, SETTING_IMAGE_MAX_SIDE),
    };
}

/* ---- a reader ----------------------------------------------------------- */

struct manifest *
manifest_open(void)
{
    return memory_new(sizeof(struct manifest));
}

/* Forgets the last line; keeps the memory for the next. */
static void
forget(struct manifest *m)
{
    cJSON_Delete(m->json);
    cJSON_Delete(m->errors);
    cJSON_free(m->printed);
    cJSON_free(m->printed_errors);
    m->json = m->errors = NULL;
    m->printed = m->printed_errors = NULL;
    m->marked = m->stopped = false;
    m->compact.length = m->label_map.length = 0;
    m->line = (struct manifest_line){ .kept = true };
}

void
manifest_close(struct manifest *m)
{
    forget(m);
    free(m->compact.bytes);
    free(m->label_map.bytes);
    free(m->labels);
    free(m->boxes);
    free(m);
}

/* ---- the line as a whole ------------------------------------------------ */

static const struct manifest_line *
drop(struct manifest *m, enum manifest_issue issue)
{
    m->line.kept = false;
    m->line.issue = issue;
    m->line.has_errors = true;
    return &m->line;
}

/* Characters of UTF-8: bytes that are not in the middle of one. */
static int64_t
characters(const char *bytes, size_t length)
{
    int64_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return count;
}

size_t
manifest_bucket_length(const char *source_ref)
{
    return strlen("s3://") + strcspn(source_ref + strlen("s3://"), "/");
}

/* Developer Guide: the format is "s3://BUCKET/OBJECT_PATH". */
bool
manifest_is_source_ref(const char *text)
{
    static const char of_bucket[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_";
    const char *key;
    size_t bucket;

    if (text == NULL || strncmp(text, "s3://", 5) != 0)
        return false;
    bucket = strspn(text + 5, of_bucket);
    key = text + 5 + bucket;
    return bucket >= BUCKET_LEAST && bucket <= BUCKET_MOST && *key == '/' && key[1] != '\0' &&
           strlen(key + 1) <= KEY_MOST;
}

static bool
is_added(const char *member)
{
    return strcmp(member, "cl-metadata") == 0 || strcmp(member, "cl-errors") == 0;
}

/* A line that was listed may come back: what the list added is not of the line. */
static void
strip_added(struct manifest *m, cJSON *object)
{
    for (cJSON *item = object->child, *next; item != NULL; item = next) {
        next = item->next;
        if (item->string != NULL && is_added(item->string)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(object, item));
            m->marked = true;
        } else if (item->child != NULL) {
            strip_added(m, item);
        }
    }
}

/* Whether the line has no more than its image: it is not labeled yet, which is no error. */
static bool
is_bare(const cJSON *json)
{
    return json->child != NULL && json->child->next == NULL;
}

static bool
has_attributes(const cJSON *json)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, json) if (manifest_metadata_of(json, item) != NULL) return true;
    return false;
}

/* Space between the tokens is left out; everything else stays as it was given. */
static void
compact(struct manifest *m, const char *bytes, size_t length)
{
    bool in_text = false;
    size_t from = 0;

    for (size_t i = 0; i < length; i++) {
        if (in_text && bytes[i] == '\\') {
            i++;
        } else if (bytes[i] == '"') {
            in_text = !in_text;
        } else if (!in_text && strchr(" \t\r\n", bytes[i]) != NULL) {
            text_add(&m->compact, bytes + from, i - from);
            from = i + 1;
        }
    }
    text_add(&m->compact, bytes + from, length - from);
}

static void
print_labels(struct manifest *m)
{
    cJSON *map = memory_made(cJSON_CreateObject());
    char *printed;

    for (size_t i = 0; i < m->line.label_count; i++)
        cJSON_AddItemToObject(map, m->labels[i].name, memory_made(json_long(m->labels[i].boxes)));
    printed = memory_made(cJSON_PrintUnformatted(map));
    text_add_string(&m->label_map, printed);
    cJSON_free(printed);
    cJSON_Delete(map);
}

static char *
print(const cJSON *json)
{
    return memory_made(cJSON_PrintUnformatted(json));
}

static const struct manifest_line *
finish(struct manifest *m, const char *bytes, size_t length)
{
    if (m->marked) {
        m->line.line = m->printed = print(m->json);
    } else {
        compact(m, bytes, length);
        m->line.line = m->compact.bytes;
    }
    if (m->errors != NULL)
        m->line.errors = m->printed_errors = print(m->errors);
    print_labels(m);
    m->line.label_map = m->label_map.bytes;
    m->line.labels = m->labels;
    m->line.boxes = m->boxes;
    return &m->line;
}

const struct manifest_line *
manifest_read(struct manifest *m, const struct manifest_limits *limits, const char *bytes,
    size_t length)
{
    cJSON *source_ref;

    forget(m);
    if (characters(bytes, length) > limits->line)
        return drop(m, ERROR_INVALID_JSON_LINE);
    m->json = json_parse(bytes, length, NULL);
    if (!cJSON_IsObject(m->json))
        return drop(m, ERROR_INVALID_JSON_LINE);
    strip_added(m, m->json);
    source_ref = cJSON_GetObjectItemCaseSensitive(m->json, "source-ref");
    if (source_ref == NULL)
        return drop(m, ERROR_MISSING_SOURCE_REF);
    m->line.source_ref = cJSON_GetStringValue(source_ref);
    if (!manifest_is_source_ref(m->line.source_ref))
        return drop(m, ERROR_INVALID_SOURCE_REF_FORMAT);
    if (has_attributes(m->json))
        manifest_check_attributes(m, limits);
    else if (!is_bare(m->json))
        manifest_note(m, NULL, ERROR_NO_LABEL_ATTRIBUTES, NULL);
    return finish(m, bytes, length);
}

/* ---- as validation manifests have it ------------------------------------ */

static void
warn(cJSON *part, enum manifest_issue issue)
{
    manifest_issue_add(memory_made(cJSON_AddArrayToObject(part, "warnings")), issue, NULL);
}

/* Developer Guide, WARNING_NO_ANNOTATIONS: the attribute says it, too. */
static void
add_warnings(struct manifest *m)
{
    cJSON *attribute;

    if (!m->line.is_empty) {
        warn(m->json, WARNING_UNANNOTATED_RECORD);
        return;
    }
    cJSON_ArrayForEach(attribute, m->json)
    {
        if (cJSON_IsObject(attribute) && manifest_metadata_of(m->json, attribute) != NULL)
            warn(attribute, WARNING_NO_ATTRIBUTE_ANNOTATIONS);
    }
    warn(m->json, WARNING_NO_ANNOTATIONS);
}

const char *
manifest_validated(struct manifest *m, enum manifest_issue image)
{
    /* "An invalid JSON line is replaced by one that has only the error." */
    if (!cJSON_IsObject(m->json)) {
        cJSON_Delete(m->json);
        m->json = memory_made(cJSON_CreateObject());
    }
    if (!m->line.kept)
        manifest_note(m, NULL, m->line.issue, NULL);
    if (image != MANIFEST_ISSUE_COUNT)
        manifest_note(m, NULL, image, NULL);
    if (m->errors == NULL && m->line.label_count == 0)
        add_warnings(m);
    if (m->errors != NULL)
        cJSON_AddItemToObject(m->json, "cl-errors", m->errors);
    m->errors = NULL;
    cJSON_free(m->printed);
    m->printed = print(m->json);
    return m->printed;
}
