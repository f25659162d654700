/* What PutProjectPolicy takes. */
#ifndef SERVER_ACCESS_POLICY_CHECK_H
#define SERVER_ACCESS_POLICY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether PutProjectPolicy takes this document for this project, which exists. If not, `why` gets the
 * rule that it breaks and how the rule is known, for the journal: the wire says nothing of the kind.
 * No text of the document gets there.
 */
bool policy_is_well_formed(const char *document, const char *project_arn, char *why, size_t size);

#endif
