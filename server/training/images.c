#include "images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/base/digest.h"
#include "../../state/setting.h"
#include "../image/image.h"
#include "set.h"
#include "../json/text.h"
#include "../s3/s3.h"

/* Images on their way; each may be as large as image.maxS3Bytes. */
#define LOOKS_AT_ONCE 4

struct look {
    struct looks *looks; /* NULL: free */
    struct s3_request *request;
    size_t sample;
    struct sha256_ctx digest;
    struct text bytes;
    bool over;
    enum s3_result result;
};

struct looks {
    struct outbound *outbound;
    struct training_set *set;
    char region[REGION_SIZE];
    struct s3_patience patience;
    int64_t most_images, most_bytes, side_least, side_most;
    double aspect_most;

    struct look look[LOOKS_AT_ONCE];
    size_t next; /* sample */
    int64_t asked, read;
    size_t denied, failed, missing, left_out;
    char why[320];
};

struct looks *
looks_begin(struct outbound *outbound, struct training_set *set, struct store *store,
    const char *region)
{
    struct looks *looks = memory_new(sizeof *looks);

    looks->outbound = outbound;
    looks->set = set;
    snprintf(looks->region, sizeof looks->region, "%s", region);
    looks->patience = s3_patience(store);
    looks->most_images = setting_int(store, SETTING_TRAINING_IMAGES_READ);
    looks->most_bytes = setting_int(store, SETTING_IMAGE_S3_BYTES);
    looks->side_least = setting_int(store, SETTING_IMAGE_MIN_SIDE);
    looks->side_most = setting_int(store, SETTING_IMAGE_MAX_SIDE);
    looks->aspect_most = setting_number(store, SETTING_IMAGE_MAX_ASPECT);
    return looks;
}

void
looks_end(struct looks *looks)
{
    for (size_t i = 0; i < LOOKS_AT_ONCE; i++) {
        if (looks->look[i].request != NULL)
            s3_cancel(looks->look[i].request);
        free(looks->look[i].bytes.bytes);
    }
    free(looks);
}

/* ---- one image ---------------------------------------------------------- */

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct look *look = context;

    sha256_update(&look->digest, length, (const uint8_t *)bytes);
    text_add(&look->bytes, bytes, length);
    return true;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct look *look = context;
    struct looks *looks = look->looks;

    look->request = NULL;
    look->over = true;
    look->result = answer->result;
    if (answer->result != S3_OK && *looks->why == '\0')
        snprintf(looks->why, sizeof looks->why, "%s", answer->why);
}

static void
ask(struct looks *looks, struct look *look, size_t at)
{
    const char *source_ref = training_set_read(looks->set, at)->source_ref;
    size_t bucket = manifest_bucket_length(source_ref);
    char name[264];

    snprintf(name, sizeof name, "%.*s", (int)(bucket - strlen("s3://")),
        source_ref + strlen("s3://"));
    look->looks = looks;
    look->sample = at;
    look->over = false;
    look->bytes.length = 0;
    sha256_init(&look->digest);
    look->request = s3_get(looks->outbound,
        &(struct s3_object){ .region = looks->region,
            .bucket = name,
            .key = source_ref + bucket + 1,
            .patience = looks->patience },
        looks->most_bytes, on_piece, on_done, look);
    looks->asked++;
}

static bool
side_fits(const struct looks *looks, uint32_t side)
{
    return side >= looks->side_least && side <= looks->side_most;
}

static enum manifest_issue
inspect(const struct looks *looks, const struct look *look)
{
    const unsigned char *bytes = (const unsigned char *)look->bytes.bytes;
    struct image image;
    uint32_t longer, shorter;

    if (bytes == NULL || image_inspect(bytes, look->bytes.length, &image) != IMAGE_FINE)
        return ERROR_INVALID_IMAGE;
    longer = image.width > image.height ? image.width : image.height;
    shorter = image.width > image.height ? image.height : image.width;
    if (!side_fits(looks, image.width) || !side_fits(looks, image.height) ||
        (double)longer > (double)shorter * looks->aspect_most)
        return ERROR_INVALID_IMAGE_DIMENSION;
    return MANIFEST_ISSUE_COUNT;
}

static void
judge(struct looks *looks, struct look *look)
{
    unsigned char digest[SHA256_DIGEST_SIZE];
    enum manifest_issue issue = ERROR_INVALID_IMAGE;

    switch (look->result) {
    case S3_OK:
        issue = inspect(looks, look);
        break;
    case S3_DENIED:
        looks->denied++;
        break;
    case S3_UNREACHABLE:
    case S3_BROKEN:
        looks->failed++;
        break;
    default:
        looks->missing++;
    }
    looks->read += look->result == S3_OK;
    if (issue != MANIFEST_ISSUE_COUNT) {
        training_set_spoil(looks->set, look->sample, issue);
    } else {
        sha256_digest(&look->digest, sizeof digest, digest);
        training_set_recognize(looks->set, look->sample, digest);
    }
    look->looks = NULL;
}

/* ---- all of them -------------------------------------------------------- */

/* The next line whose image is worth a look; sample_count when there is none. */
static size_t
next_sample(struct looks *looks)
{
    struct training_set *set = looks->set;

    for (; looks->next < set->sample_count; looks->next++) {
        if (set->samples[looks->next].worth != SAMPLE_VALID)
            continue;
        if (looks->asked < looks->most_images)
            return looks->next++;
        looks->left_out++;
    }
    return set->sample_count;
}

static bool
is_all(const struct looks *looks)
{
    for (size_t i = 0; i < LOOKS_AT_ONCE; i++)
        if (looks->look[i].looks != NULL)
            return false;
    return looks->next == looks->set->sample_count;
}

bool
looks_go_on(struct looks *looks, int64_t until_us)
{
    for (size_t i = 0; i < LOOKS_AT_ONCE && clock_monotonic_us() < until_us; i++) {
        struct look *look = &looks->look[i];
        size_t at;

        if (look->looks != NULL && look->over)
            judge(looks, look);
        if (look->looks != NULL)
            continue;
        at = next_sample(looks);
        if (at < looks->set->sample_count)
            ask(looks, look, at);
    }
    if (!is_all(looks))
        return false;
    looks->set->images_denied = looks->denied > 0 && looks->read == 0;
    looks->set->images_failed = looks->failed > 0 && looks->read == 0;
    return true;
}

size_t
looks_failed(const struct looks *looks, const char **why)
{
    *why = looks->why;
    return looks->denied + looks->failed + looks->missing;
}

size_t
looks_left_out(const struct looks *looks)
{
    return looks->left_out;
}
