/* What PutProjectPolicy takes. */
#ifndef SERVER_ACCESS_POLICY_CHECK_H
#define SERVER_ACCESS_POLICY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

/* What a document is attached to: it names resources, principals, or both. */
enum policy_kind { POLICY_OF_PROJECT, POLICY_OF_IDENTITY, POLICY_OF_TRUST };

/* Whether IAM takes the document; if not, as below. The project is for POLICY_OF_PROJECT only. */
bool policy_json_is_well_formed(const cJSON *, enum policy_kind, const char *project_arn, char *why,
    size_t size);

/* Whether it is the ARN of a user, a role, a session or the root of an account. */
bool policy_is_principal(const char *arn);

/*
 * Whether PutProjectPolicy takes this document for this project, which exists. If not, `why` gets the
 * rule that it breaks and how the rule is known, for the journal: the wire says nothing of the kind.
 * No text of the document gets there.
 */
bool policy_is_well_formed(const char *document, const char *project_arn, char *why, size_t size);

#endif
