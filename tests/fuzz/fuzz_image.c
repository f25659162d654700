/* Any bytes as an image: measured or refused, never more than the bytes could hold. */
#include <stdint.h>
#include <stdlib.h>

#include "server/image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct image image;

    if (image_inspect(bytes, length, &image) == IMAGE_FINE &&
        (image.width == 0 || image.height == 0))
        abort();
    return 0;
}
