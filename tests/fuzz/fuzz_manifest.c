/* Any bytes as a line of a manifest: read again, what was kept is kept, and says the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/manifest/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct manifest_limits limits = { 100000, 50, 50, 255, 64, 4096 };
    struct manifest *first = manifest_open(), *second = manifest_open();
    const struct manifest_line *line = manifest_read(first, &limits, (const char *)bytes, length);

    if (line->kept) {
        const struct manifest_line *again =
            manifest_read(second, &limits, line->line, strlen(line->line));

        if (!again->kept || strcmp(again->source_ref, line->source_ref) != 0 ||
            strcmp(again->label_map, line->label_map) != 0 ||
            again->has_errors != line->has_errors || again->is_labeled != line->is_labeled ||
            strcmp(again->line, line->line) != 0)
            abort();
    }
    manifest_close(first);
    manifest_close(second);
    return 0;
}
