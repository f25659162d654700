#include "moov.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"

#define HEAD_MAX 16    /* of a box: size, type, and a size of 64 bits */
#define BOXES_MAX 256  /* looked at before the index */
#define SKIP_MAX 65536 /* bytes that are read over, rather than asked for anew behind them */
#define DAY_MS 86400000

struct moov {
    int64_t size, most;
    int64_t at;   /* in the file: of the next byte to come */
    int64_t box;  /* where the box begins that is looked at */
    int64_t want; /* as moov_wants() */
    int boxes;
    unsigned char head[HEAD_MAX];
    size_t head_length;
    unsigned char *index; /* its content; NULL: not found yet */
    size_t index_size, index_length;
    bool over;
};

struct moov *
moov_open(int64_t size, int64_t most)
{
    struct moov *moov = memory_new(sizeof *moov);

    moov->size = size;
    moov->most = most;
    moov->over = size < 8;
    return moov;
}

void
moov_close(struct moov *moov)
{
    free(moov->index);
    free(moov);
}

int64_t
moov_wants(const struct moov *moov)
{
    return moov->over ? -1 : moov->want;
}

/* ---- looking for it ----------------------------------------------------- */

static uint64_t
number(const unsigned char *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* The box goes to the end of the file when it says that its size is 0. */
static int64_t
size_of_box(const struct moov *moov, size_t *head)
{
    uint64_t size = number(moov->head, 4);

    *head = size == 1 ? 16 : 8;
    if (size == 1)
        size = number(moov->head + 8, 8);
    if (size == 0)
        return moov->size - moov->box;
    return size < *head || size > (uint64_t)(moov->size - moov->box) ? -1 : (int64_t)size;
}

static void
begin_index(struct moov *moov, int64_t size)
{
    moov->over = size == 0 || size > moov->most;
    if (moov->over)
        return;
    moov->index_size = (size_t)size;
    moov->index = memory_new((size_t)size);
}

/* A head is whole: what follows is the index, or the next box behind this one. */
static void
look_at_head(struct moov *moov)
{
    size_t head;
    int64_t size = size_of_box(moov, &head);

    moov->head_length = 0;
    moov->over = size == -1 || ++moov->boxes > BOXES_MAX;
    if (moov->over)
        return;
    moov->want = moov->box + (int64_t)head;
    if (memcmp(moov->head + 4, "moov", 4) == 0) {
        begin_index(moov, size - (int64_t)head);
        return;
    }
    moov->box += size;
    moov->want = moov->box;
    moov->over = moov->size - moov->box < 8;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t
take_head(struct moov *moov, const char *bytes, size_t length)
{
    size_t wanted = moov->head_length >= 8 && number(moov->head, 4) == 1 ? 16 : 8;
    size_t taken = least(length, wanted - moov->head_length);

    memcpy(moov->head + moov->head_length, bytes, taken);
    moov->head_length += taken;
    moov->want += (int64_t)taken;
    if (moov->head_length == 8 && number(moov->head, 4) == 1)
        moov->over = moov->size - moov->box < 16;
    else if (moov->head_length == wanted)
        look_at_head(moov);
    return taken;
}

static size_t
take_index(struct moov *moov, const char *bytes, size_t length)
{
    size_t taken = least(length, moov->index_size - moov->index_length);

    memcpy(moov->index + moov->index_length, bytes, taken);
    moov->index_length += taken;
    moov->want += (int64_t)taken;
    moov->over = moov->index_length == moov->index_size;
    return taken;
}

bool
moov_take(struct moov *moov, const char *bytes, size_t length)
{
    while (length > 0 && !moov->over) {
        size_t taken;

        if (moov->at < moov->want) /* between two boxes */
            taken =
                moov->want - moov->at < (int64_t)length ? (size_t)(moov->want - moov->at) : length;
        else
            taken = moov->index != NULL ? take_index(moov, bytes, length)
                                        : take_head(moov, bytes, length);
        moov->at += (int64_t)taken;
        bytes += taken;
        length -= taken;
    }
    if (!moov->over && moov->want - moov->at <= SKIP_MAX)
        return true;
    moov->at = moov->want;
    return false;
}

/* ---- boxes in it -------------------------------------------------------- */

struct bytes {
    const unsigned char *at;
    size_t left;
};

struct box {
    char type[4];
    struct bytes content;
};

/* The next box, which is taken off; false at the end, or when what follows is none. */
static bool
next_box(struct bytes *bytes, struct box *box)
{
    uint64_t size, head = 8;

    if (bytes->left < 8)
        return false;
    size = number(bytes->at, 4);
    if (size == 1 && bytes->left >= 16) {
        size = number(bytes->at + 8, 8);
        head = 16;
    } else if (size == 0) {
        size = bytes->left;
    }
    if (size < head || size > bytes->left)
        return false;
    memcpy(box->type, bytes->at + 4, 4);
    box->content = (struct bytes){ bytes->at + head, (size_t)(size - head) };
    bytes->at += size;
    bytes->left -= (size_t)size;
    return true;
}

static bool
is(const struct box *box, const char *type)
{
    return memcmp(box->type, type, 4) == 0;
}

/* The first box of the type there; empty when there is none. */
static struct bytes
find(struct bytes in, const char *type)
{
    struct box box;

    while (next_box(&in, &box))
        if (is(&box, type))
            return box.content;
    return (struct bytes){ NULL, 0 };
}

/* A number of so many bytes at a place; 0 beyond the end. */
static uint64_t
at(struct bytes bytes, size_t place, size_t count)
{
    return place + count <= bytes.left ? number(bytes.at + place, count) : 0;
}

/* ---- time --------------------------------------------------------------- */

static int64_t
to_ms(uint64_t units, uint64_t in_second)
{
    double ms = in_second == 0 ? 0 : (double)units * 1000 / (double)in_second;

    return ms < 100.0 * 366 * DAY_MS ? (int64_t)(ms + 0.5) : 0;
}

/* mvhd and mdhd: times of 64 bits when their version is 1. All ones: it is not known. */
static int64_t
duration_of(struct bytes header, uint64_t *in_second)
{
    bool wide = at(header, 0, 1) == 1;
    uint64_t units = wide ? at(header, 24, 8) : at(header, 16, 4);

    *in_second = at(header, wide ? 20 : 12, 4);
    return units == (wide ? UINT64_MAX : UINT32_MAX) ? 0 : to_ms(units, *in_second);
}

/* stts: how many pictures last how long. */
static double
frame_rate_of(struct bytes times, uint64_t in_second)
{
    uint64_t rows = at(times, 4, 4);
    double pictures = 0, units = 0;

    for (uint64_t i = 0; i < rows && 8 + 8 * (i + 1) <= times.left; i++) {
        pictures += (double)at(times, 8 + 8 * i, 4);
        units += (double)at(times, 12 + 8 * i, 4) * (double)at(times, 8 + 8 * i, 4);
    }
    return units > 0 && in_second > 0 ? pictures * (double)in_second / units : 0;
}

/* ---- codecs ------------------------------------------------------------- */

static const struct codec {
    const char *type, *name;
} codecs[] = {
    { "avc1", "h264" },
    { "avc3", "h264" },
    { "hvc1", "hevc" },
    { "hev1", "hevc" },
    { "mp4v", "mpeg4" },
    { "vp08", "vp8" },
    { "vp09", "vp9" },
    { "av01", "av1" },
    { "s263", "h263" },
    { "jpeg", "mjpeg" },
    { "apch", "prores" },
    { "apcn", "prores" },
    { "apcs", "prores" },
    { "apco", "prores" },
    { "ap4h", "prores" },
    { "mp4a", "aac" },
    { "ac-3", "ac3" },
    { "ec-3", "eac3" },
    { ".mp3", "mp3" },
    { "Opus", "opus" },
    { "fLaC", "flac" },
    { "sowt", "pcm_s16le" },
    { "twos", "pcm_s16be" },
};

/* Of a type that has no other name, its letters. */
static void
name_codec(const char type[4], char name[MOOV_WORD_SIZE])
{
    size_t length = 0;

    for (size_t i = 0; i < COUNT(codecs); i++)
        if (memcmp(codecs[i].type, type, 4) == 0) {
            snprintf(name, MOOV_WORD_SIZE, "%s", codecs[i].name);
            return;
        }
    for (size_t i = 0; i < 4; i++)
        if (isalnum((unsigned char)type[i]))
            name[length++] = type[i];
    snprintf(name + length, MOOV_WORD_SIZE - length, "%s", length == 0 ? "unknown" : "");
}

/* ---- tracks ------------------------------------------------------------- */

#define PICTURES_HEAD 78 /* of a VisualSampleEntry, before its boxes */

/* colr: nclx has a flag of its own for the range. */
static bool
has_full_range(struct bytes entry)
{
    struct bytes boxes = { entry.at + PICTURES_HEAD, entry.left - PICTURES_HEAD };
    struct bytes colors = find(boxes, "colr");

    return colors.left >= 11 && memcmp(colors.at, "nclx", 4) == 0 && (colors.at[10] & 0x80) != 0;
}

static void
read_pictures(struct moov_facts *facts, const struct box *entry, struct bytes times,
    uint64_t in_second, int64_t duration_ms)
{
    if (*facts->codec != '\0')
        return;
    name_codec(entry->type, facts->codec);
    facts->width = (int64_t)at(entry->content, 24, 2);
    facts->height = (int64_t)at(entry->content, 26, 2);
    facts->frame_rate = frame_rate_of(times, in_second);
    if (facts->duration_ms == 0)
        facts->duration_ms = duration_ms;
    facts->full_range = entry->content.left > PICTURES_HEAD && has_full_range(entry->content);
}

static void
read_sound(struct moov_facts *facts, const struct box *entry, int64_t duration_ms)
{
    struct moov_audio *audio = &facts->audio[facts->audio_count];

    if (facts->audio_count == MOOV_AUDIO_MAX)
        return;
    name_codec(entry->type, audio->codec);
    audio->duration_ms = duration_ms;
    audio->channels = (int64_t)at(entry->content, 16, 2);
    audio->sample_rate = (int64_t)at(entry->content, 24, 2);
    facts->audio_count++;
}

static void
read_track(struct moov_facts *facts, struct bytes track)
{
    struct bytes media = find(track, "mdia"), table = find(find(media, "minf"), "stbl");
    struct bytes handler = find(media, "hdlr"), entries = find(table, "stsd");
    uint64_t in_second;
    int64_t duration_ms = duration_of(find(media, "mdhd"), &in_second);
    struct box entry;

    if (entries.left < 8 || handler.left < 12)
        return;
    entries = (struct bytes){ entries.at + 8, entries.left - 8 };
    if (!next_box(&entries, &entry))
        return;
    if (memcmp(handler.at + 8, "vide", 4) == 0)
        read_pictures(facts, &entry, find(table, "stts"), in_second, duration_ms);
    else if (memcmp(handler.at + 8, "soun", 4) == 0)
        read_sound(facts, &entry, duration_ms);
}

/* Of a file in fragments the index has only how long all of them last together. */
static int64_t
duration_of_fragments(struct bytes index, uint64_t in_second)
{
    struct bytes header = find(find(index, "mvex"), "mehd");

    return to_ms(at(header, 0, 1) == 1 ? at(header, 4, 8) : at(header, 4, 4), in_second);
}

bool
moov_read(const struct moov *moov, struct moov_facts *facts)
{
    struct bytes index = { moov->index, moov->index_length }, rest = index;
    uint64_t in_second;
    struct box box;

    *facts = (struct moov_facts){ .duration_ms = 0 };
    if (moov->index == NULL || moov->index_length < moov->index_size)
        return false;
    facts->duration_ms = duration_of(find(index, "mvhd"), &in_second);
    if (facts->duration_ms == 0)
        facts->duration_ms = duration_of_fragments(index, in_second);
    while (next_box(&rest, &box))
        if (is(&box, "trak"))
            read_track(facts, box.content);
    return *facts->codec != '\0';
}
