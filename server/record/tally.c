#include "tally.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../call/call.h"
#include "../call/operation.h"

#define THINGS_MAX 256 /* different ones: more of the same kind tell nothing new */
#define THING_SIZE 400

struct thing {
    enum vain kind;
    int64_t calls;
    char text[THING_SIZE];
};

struct tally {
    size_t count;
    struct thing things[THINGS_MAX];
};

struct tally *
tally_open(void)
{
    struct tally *tally = calloc(1, sizeof *tally);

    if (tally == NULL)
        abort();
    return tally;
}

void
tally_close(struct tally *tally)
{
    free(tally);
}

static void __attribute__((format(printf, 3, 4)))
count(struct tally *tally, enum vain kind, const char *format, ...)
{
    char text[THING_SIZE];
    va_list args;
    size_t i = 0;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (i < tally->count &&
           (tally->things[i].kind != kind || strcmp(tally->things[i].text, text) != 0))
        i++;
    if (i == THINGS_MAX)
        return;
    if (i == tally->count) {
        tally->things[i].kind = kind;
        memcpy(tally->things[i].text, text, sizeof text);
        tally->count++;
    }
    tally->things[i].calls++;
}

void
tally_call(struct tally *tally, const struct call *call)
{
    const cJSON *member;

    if (tally == NULL)
        return;
    if (call->operation == NULL && call->error == UnknownOperationException)
        count(tally, VAIN_OPERATION, "%s", call->found == NULL ? "" : call->found);
    if (call->operation == NULL)
        return;
    cJSON_ArrayForEach(member, call->findings.ignored) count(tally, VAIN_MEMBER,
        "%s has no member %s", call->operation->name, member->valuestring);
}

const char *
tally_nth(const struct tally *tally, enum vain kind, size_t nth, int64_t *calls)
{
    for (size_t i = 0; i < tally->count; i++)
        if (tally->things[i].kind == kind && nth-- == 0) {
            *calls = tally->things[i].calls;
            return tally->things[i].text;
        }
    return NULL;
}
