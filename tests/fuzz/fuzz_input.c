/*
 * Any bytes as the body of any operation: read, checked, and when they fit, written and read again
 * to the same. The first byte chooses the operation.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/json.h"
#include "server/model/model.h"
#include "server/model/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
must_fit_again(cJSON *input, const struct shape *shape)
{
    char *text = cJSON_PrintUnformatted(input);
    cJSON *again = json_parse(text, strlen(text), NULL);
    struct findings findings;

    if (again == NULL || validate(again, shape, &findings) != FITS || findings.ignored != NULL)
        abort();
    findings_free(&findings);
    cJSON_Delete(again);
    cJSON_free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct operation_model *operation;
    struct findings findings;
    cJSON *input;

    if (length == 0)
        return 0;
    operation = &model_operations[bytes[0] % MODEL_OPERATION_COUNT];
    input = json_parse((const char *)bytes + 1, length - 1, NULL);
    if (input == NULL)
        return 0;
    switch (validate(input, operation->input, &findings)) {
    case FITS:
        must_fit_again(input, operation->input);
        break;
    case VIOLATION:
        if (findings.message == NULL || strstr(findings.message, " detected: ") == NULL)
            abort();
        break;
    case WRONG_TYPE:
        break;
    }
    findings_free(&findings);
    cJSON_Delete(input);
    return 0;
}
