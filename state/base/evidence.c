#include "evidence.h"

const char *
evidence_name(enum evidence evidence)
{
    static const char *const names[] = { "documented", "observed", "guess" };

    return names[evidence];
}
