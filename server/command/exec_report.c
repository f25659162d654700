#include "exec_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../state/base/instant.h"
#include "../../state/fault.h"
#include "../../state/outcome.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/usage.h"
#include "../call/server.h"
#include "../http/program.h"
#include "../record/tally.h"

#define LINES_MAX 20 /* of one kind; a suite that leaves more behind is told how many */

/* Of one kind of remark. */
struct lines {
    const char *kind;
    int64_t count;
};

static void __attribute__((format(printf, 2, 3))) say(struct lines *lines, const char *format, ...)
{
    va_list args;

    if (lines->count++ >= LINES_MAX)
        return;
    fprintf(stderr, PROGRAM ": %s: ", lines->kind);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* The remark, if there was one. */
static unsigned
made(const struct lines *lines, enum remark remark)
{
    if (lines->count > LINES_MAX)
        fprintf(stderr, PROGRAM ": %s: and %" PRId64 " more\n", lines->kind,
            lines->count - LINES_MAX);
    return lines->count == 0 ? 0 : remark;
}

static unsigned
report_on(struct store *store)
{
    struct lines lines = { .kind = "left on" };
    struct prices prices = usage_prices(store);
    struct usage usage;
    int64_t after = 0;

    while (usage_next(store, NULL, &after, &usage)) {
        char since[INSTANT_SIZE];

        if (!usage_is_on(&usage))
            continue;
        instant_print(usage.entered_ms, since);
        say(&lines, "%s is %s since %s, and has cost %.4f USD", usage.arn, usage.status, since,
            usage_cost(&usage, &prices));
    }
    return made(&lines, REMARK_ON);
}

static unsigned
report_vain(const struct tally *tally, enum vain vain, const char *kind, enum remark remark)
{
    struct lines lines = { .kind = kind };
    const char *what;
    int64_t calls;

    for (size_t i = 0; (what = tally_nth(tally, vain, i, &calls)) != NULL; i++)
        say(&lines, "%s (%" PRId64 " call%s)", what, calls, calls == 1 ? "" : "s");
    return made(&lines, remark);
}

static unsigned
report_unused(struct store *store)
{
    struct lines lines = { .kind = "never hit" };
    struct outcome outcome;
    struct fault fault;
    int64_t after = 0;

    while (fault_next(store, &after, &fault))
        if (fault.hits == 0)
            say(&lines, "fault %" PRId64 ", of %s", fault.id, fault.operation);
    after = 0;
    while (outcome_next(store, &after, &outcome))
        if (outcome.hits == 0)
            say(&lines, "outcome %" PRId64 ", of %s of %s", outcome.id, outcome.event,
                outcome.resource);
    return made(&lines, REMARK_UNUSED);
}

unsigned
exec_report(struct server *server)
{
    unsigned remarks;

    step_begin(server->store, "report");
    remarks = report_on(server->store);
    remarks |= report_vain(server->tally, VAIN_MEMBER, "ignored", REMARK_IGNORED);
    remarks |= report_vain(server->tally, VAIN_OPERATION, "not served", REMARK_UNSERVED);
    remarks |= report_unused(server->store);
    step_end(server->store, true);
    return remarks;
}

bool
remarks_parse(const char *text, unsigned *remarks)
{
    static const char *const names[] = { "on", "ignored", "unserved", "unused" };

    *remarks = 0;
    for (;;) {
        size_t length = strcspn(text, ","), i = 0;

        while (i < 4 && (strlen(names[i]) != length || memcmp(names[i], text, length) != 0))
            i++;
        if (i == 4)
            return false;
        *remarks |= 1U << i;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}
