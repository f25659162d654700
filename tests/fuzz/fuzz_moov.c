/* Any bytes as a video: its index is found and read or not, with as many bytes asked for as there are, in pieces of any size. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "server/image/moov.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
feed(struct moov *moov, const uint8_t *bytes, size_t length, size_t piece)
{
    int64_t from;

    while ((from = moov_wants(moov)) != -1) {
        size_t at = (size_t)from, size;
        bool more = true;

        if (from < 0 || at >= length)
            abort(); /* it asks for what is not there */
        for (; more && at < length; at += size) {
            size = length - at < piece ? length - at : piece;
            more = moov_take(moov, (const char *)bytes + at, size);
        }
        if (more)
            break; /* the file ends in the middle of a box */
        if (moov_wants(moov) != -1 && moov_wants(moov) <= from)
            abort(); /* it would go on for ever */
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct moov_facts facts, again;
    struct moov *moov = moov_open((int64_t)length, 1 << 20);
    struct moov *slow = moov_open((int64_t)length, 1 << 20);
    bool known;

    feed(moov, bytes, length, length + 1);
    feed(slow, bytes, length, 3);
    known = moov_read(moov, &facts);
    if (moov_read(slow, &again) != known)
        abort(); /* how it comes makes a difference */
    if (known && (facts.codec[0] == '\0' || facts.audio_count > MOOV_AUDIO_MAX ||
                     facts.duration_ms < 0 || !isfinite(facts.frame_rate) || facts.frame_rate < 0))
        abort();
    moov_close(moov);
    moov_close(slow);
    return 0;
}
