#include "lifecycle_table.h"

#include <string.h>

#include "base/array.h"

#define TRANSITION(...)
#define USE(...)
#define TIMEOUT(...)
#define MESSAGE(...)

const struct transition lifecycle_transitions[] = {
#undef TRANSITION
#undef USE
#define TRANSITION(kind, from, event, to, evidence, source) \
    { #kind, #from, #event, #to, evidence, source, false },
#define MOVE(kind, from, event, to, evidence, source) \
    { #kind, #from, #event, #to, evidence, source, true },
#define USE(kind, status, event, evidence, source) \
    { #kind, #status, #event, #status, evidence, source, false },
#include "lifecycle.def"
#undef TRANSITION
#undef USE
#define TRANSITION(...)
#define USE(...)
};
const size_t lifecycle_transition_count = COUNT(lifecycle_transitions);

const struct timeout lifecycle_timeouts[] = {
#undef TIMEOUT
#define TIMEOUT(kind, status, setting, step, event, otherwise) \
    { #kind, #status, SETTING_##setting, step, #event, #otherwise },
#include "lifecycle.def"
#undef TIMEOUT
#define TIMEOUT(...)
};
const size_t lifecycle_timeout_count = COUNT(lifecycle_timeouts);

const struct status_message lifecycle_messages[] = {
#undef MESSAGE
#define MESSAGE(kind, status, text, evidence, source) { #kind, #status, text, evidence, source },
#include "lifecycle.def"
#undef MESSAGE
};
const size_t lifecycle_message_count = COUNT(lifecycle_messages);

#undef TRANSITION
#undef USE
#undef TIMEOUT

/* Most differ in their first letter: these lists are gone through for every move. */
static bool
is(const char *word, const char *wanted)
{
    return *word == *wanted && strcmp(word, wanted) == 0;
}

const struct transition *
lifecycle_find_transition(const char *kind, const char *from, const char *event)
{
    for (size_t i = 0; i < COUNT(lifecycle_transitions); i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (is(t->event, event) && is(t->from, from) && is(t->kind, kind))
            return t;
    }
    return NULL;
}

const struct transition *
lifecycle_find_move(const char *kind, const char *from, const char *to)
{
    for (size_t i = 0; i < COUNT(lifecycle_transitions); i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (t->is_move && is(t->from, from) && is(t->to, to) && is(t->kind, kind))
            return t;
    }
    return NULL;
}

const struct timeout *
lifecycle_find_timeout(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_timeouts); i++)
        if (is(lifecycle_timeouts[i].kind, kind) && is(lifecycle_timeouts[i].status, status))
            return &lifecycle_timeouts[i];
    return NULL;
}

const struct timeout *
lifecycle_find_step(const char *kind, const char *event)
{
    for (size_t i = 0; i < COUNT(lifecycle_timeouts); i++)
        if (is(lifecycle_timeouts[i].kind, kind) && is(lifecycle_timeouts[i].event, event))
            return &lifecycle_timeouts[i];
    return NULL;
}

const struct timeout *
lifecycle_find_end(const char *kind, const char *event)
{
    for (size_t i = 0; i < COUNT(lifecycle_timeouts); i++)
        if (is(lifecycle_timeouts[i].kind, kind) &&
            (is(lifecycle_timeouts[i].event, event) || is(lifecycle_timeouts[i].otherwise, event)))
            return &lifecycle_timeouts[i];
    return NULL;
}

const char *
lifecycle_usual_message(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_messages); i++)
        if (is(lifecycle_messages[i].kind, kind) && is(lifecycle_messages[i].status, status))
            return lifecycle_messages[i].text;
    return NULL;
}

bool
lifecycle_has_status(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_transitions); i++)
        if (is(lifecycle_transitions[i].kind, kind) && is(lifecycle_transitions[i].from, status))
            return strcmp(status, LIFECYCLE_NONE) != 0;
    return false;
}

bool
lifecycle_lasts(const char *kind, const char *status)
{
    return lifecycle_find_timeout(kind, status) == NULL;
}

bool
lifecycle_is_under_way(const char *kind, const char *status)
{
    const struct timeout *timeout = lifecycle_find_timeout(kind, status);

    return timeout != NULL &&
           strcmp(lifecycle_find_transition(kind, status, timeout->event)->to, LIFECYCLE_NONE) != 0;
}

bool
lifecycle_can_fail(const struct timeout *timeout)
{
    return strcmp(timeout->event, timeout->otherwise) != 0;
}
