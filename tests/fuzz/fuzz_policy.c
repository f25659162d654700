/* Any bytes as a policy: a refusal says why, an evaluation has a verdict. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/access/policy.h"
#include "server/access/policy_check.h"

#define PROJECT "arn:aws:rekognition:us-east-1:123456789012:project/p/1"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct policy_request request = { .principal = "arn:aws:iam::210987654321:root",
        .account = "210987654321",
        .action = "rekognition:CopyProjectVersion",
        .resource = "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/1" };
    char *document = malloc(length + 1), why[256] = "";
    enum policy_verdict verdict;

    memcpy(document, bytes, length);
    document[length] = '\0';
    verdict = policy_evaluate(document, &request);
    if (!policy_is_well_formed(document, PROJECT, why, sizeof why) && *why == '\0')
        abort();
    if (verdict != POLICY_SILENT && verdict != POLICY_ALLOWS && verdict != POLICY_DENIES)
        abort();
    free(document);
    return 0;
}
