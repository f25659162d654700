/*
 * What a job of bulk image analysis writes: a line for each image that was looked at, in the order of the manifest, and
 * a summary of the lines that were not.
 *
 * Developer Guide, Bulk analysis output manifests, for both forms. That the codes of errors are those that
 * DetectModerationLabels answers is a guess: none are public.
 */
#ifndef SERVER_BULK_PAPER_H
#define SERVER_BULK_PAPER_H

#include <stdint.h>

#include "../json/text.h"

struct paper { /* zeroed, it is empty */
    struct text results, errors;
    int64_t valid, invalid;
};

void paper_add_result(struct paper *, const char *source_ref, const char *answer);
void paper_add_error(struct paper *, const char *source_ref /* NULL: it has none */,
    const char *code, const char *message);

/* Ends it: what goes into the two files, to be freed. */
char *paper_take_results(struct paper *);
char *paper_take_summary(struct paper *);

void paper_free(struct paper *);

#endif
