#include "text.h"

#include <stdbool.h>
#include <string.h>

#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "face.h"
#include "region.h"
#include "shaped.h"

/* API Reference, DetectionFilter: "The default MinConfidence is 80." A call without a filter has none. */
#define CONFIDENCE_LEAST 80
#define CONFIDENCE_USUAL 99 /* a guess: of what was declared without one */

struct word {
    const char *text;
    struct box box;
    double confidence;
    const cJSON *item; /* as it was declared; NULL: it was made of its line */
    int line;          /* which one it is of */
};

struct line {
    const cJSON *item;
    struct box box;
    bool is_shown;
    int id; /* of those that are */
};

/* ---- reading ------------------------------------------------------------ */

static bool
is_word(const cJSON *item)
{
    const char *type = text_of(item, "Type");

    return type != NULL && strcmp(type, "WORD") == 0;
}

static double
confidence_of(const cJSON *item)
{
    double confidence = CONFIDENCE_USUAL;

    json_number(member_of(item, "Confidence"), &confidence);
    return confidence;
}

static bool
read_box(const cJSON *item, struct box *box)
{
    return box_read(member_of(member_of(item, "Geometry"), "BoundingBox"), box);
}

/* Lines whose places nobody declared are below each other. */
static void
read_lines(struct page_of_text *page, const cJSON *list)
{
    const cJSON *item;
    int total = 0;

    cJSON_ArrayForEach(item, list) total += !is_word(item);
    cJSON_ArrayForEach(item, list)
    {
        struct line *line = &page->lines[page->line_count];

        if (is_word(item))
            continue;
        *line = (struct line){ .item = item,
            .box = { 0.1, 0.1 + 0.8 * page->line_count / total, 0.8, 0.5 / total } };
        read_box(item, &line->box);
        page->line_count++;
    }
}

static bool
is_of(const cJSON *word, const struct line *line)
{
    const cJSON *id = member_of(line->item, "Id");

    return id != NULL && json_integer(member_of(word, "ParentId")) == json_integer(id);
}

/* A part of the line's box, as long as it is of the line's text. */
static struct box
part_of(const struct box *box, size_t begin, size_t length, size_t total)
{
    return (struct box){ .left = box->left + box->width * (double)begin / (double)total,
        .top = box->top,
        .width = box->width * (double)length / (double)total,
        .height = box->height };
}

static void
split_line(struct store *store, struct page_of_text *page, int place)
{
    const struct line *line = &page->lines[place];
    const char *text = text_of(line->item, "DetectedText"), *at = text + strspn(text, " ");
    size_t total = strlen(text), length;

    for (; *at != '\0'; at += length + strspn(at + length, " ")) {
        length = strcspn(at, " ");
        page->words[page->word_count++] =
            (struct word){ .text = store_keep_bytes(store, at, length),
                .box = part_of(&line->box, (size_t)(at - text), length, total),
                .confidence = confidence_of(line->item),
                .line = place };
    }
}

static void
read_words(struct store *store, struct page_of_text *page, const cJSON *list, int place)
{
    int before = page->word_count;
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        struct word word = { .text = text_of(item, "DetectedText"),
            .box = page->lines[place].box,
            .confidence = confidence_of(item),
            .item = item,
            .line = place };

        if (!is_word(item) || !is_of(item, &page->lines[place]))
            continue;
        read_box(item, &word.box);
        page->words[page->word_count++] = word;
    }
    if (page->word_count == before)
        split_line(store, page, place);
}

static size_t
count_words(const cJSON *list)
{
    const cJSON *item;
    size_t count = 1;

    cJSON_ArrayForEach(item, list) count += strlen(text_of(item, "DetectedText")) / 2 + 1;
    return count;
}

static struct page_of_text
read_page(struct store *store, const cJSON *list)
{
    struct page_of_text page = { .line_count = 0 };

    page.lines = store_alloc(store, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *page.lines);
    page.words = store_alloc(store, count_words(list) * sizeof *page.words);
    read_lines(&page, list);
    for (int i = 0; i < page.line_count; i++)
        read_words(store, &page, list, i);
    return page;
}

/* ---- filters ------------------------------------------------------------ */

static double
number_or(const cJSON *object, const char *member, double otherwise)
{
    json_number(member_of(object, member), &otherwise);
    return otherwise;
}

static bool
passes(const cJSON *filters, const struct word *word)
{
    const cJSON *filter = member_of(filters, "WordFilter");
    double least = filter == NULL ? 0 : CONFIDENCE_LEAST;

    return (float)word->confidence >= (float)number_or(filter, "MinConfidence", least) &&
           (float)word->box.height >= (float)number_or(filter, "MinBoundingBoxHeight", 0) &&
           (float)word->box.width >= (float)number_or(filter, "MinBoundingBoxWidth", 0) &&
           regions_have(member_of(filters, "RegionsOfInterest"), &word->box);
}

/*
 * API Reference, DetectText: 100 words at most. A line is there as long as one of its words is: a guess.
 */
static void
filter_words(struct page_of_text *page, const cJSON *filters, int64_t most)
{
    int kept = 0, shown = 0;

    for (int i = 0; i < page->word_count && kept < most; i++)
        if (passes(filters, &page->words[i]))
            page->words[kept++] = page->words[i];
    page->word_count = kept;
    for (int i = 0; i < kept; i++)
        page->lines[page->words[i].line].is_shown = true;
    for (int i = 0; i < page->line_count; i++)
        if (page->lines[i].is_shown)
            page->lines[i].id = shown++;
    page->count = shown + kept;
}

struct page_of_text
text_read(struct store *store, const cJSON *declared, const cJSON *filters, int64_t most_words)
{
    struct page_of_text page = read_page(store, declared);

    filter_words(&page, filters, most_words);
    return page;
}

/* ---- answer ------------------------------------------------------------- */

static void
add_point(struct part list, double x, double y)
{
    struct part point = add_object(list);

    set_float(point, "X", x);
    set_float(point, "Y", y);
}

/* Clockwise from above on the left, where it was not declared otherwise. */
static void
write_geometry(struct part item, const struct box *box, const cJSON *declared)
{
    struct part geometry = set_object(item, "Geometry"), list;
    const cJSON *polygon = member_of(member_of(declared, "Geometry"), "Polygon");

    box_write(set_object(geometry, "BoundingBox"), box);
    if (polygon != NULL) {
        set_shaped(geometry, "Polygon", polygon, &shape_Polygon);
        return;
    }
    list = set_list(geometry, "Polygon");
    add_point(list, box->left, box->top);
    add_point(list, box->left + box->width, box->top);
    add_point(list, box->left + box->width, box->top + box->height);
    add_point(list, box->left, box->top + box->height);
}

static void
write_line(struct part item, const struct line *line)
{
    set_text(item, "DetectedText", text_of(line->item, "DetectedText"));
    set_text(item, "Type", "LINE");
    set_int(item, "Id", line->id);
    set_float(item, "Confidence", confidence_of(line->item));
    write_geometry(item, &line->box, line->item);
}

static void
write_word(struct part item, const struct word *word, int id, int line)
{
    set_text(item, "DetectedText", word->text);
    set_text(item, "Type", "WORD");
    set_int(item, "Id", id);
    set_int(item, "ParentId", line);
    set_float(item, "Confidence", word->confidence);
    write_geometry(item, &word->box, word->item);
}

/* NULL: it is a word, the nth of which `*nth` is then. */
static const struct line *
line_at(const struct page_of_text *page, int *nth)
{
    for (int i = 0; i < page->line_count; i++)
        if (page->lines[i].is_shown && (*nth)-- == 0)
            return &page->lines[i];
    return NULL;
}

void
text_write(struct part item, const struct page_of_text *page, int nth)
{
    int word = nth;
    const struct line *line = line_at(page, &word);

    if (line != NULL)
        write_line(item, line);
    else
        write_word(item, &page->words[word], nth, page->lines[page->words[word].line].id);
}

double
text_confidence(const struct page_of_text *page, int nth)
{
    const struct line *line = line_at(page, &nth);

    return line != NULL ? confidence_of(line->item) : page->words[nth].confidence;
}
