/*
 * Fixtures: worlds that are declared in JSON, as fixture.def has it. What world_text.h writes is
 * one.
 *
 * The rule: what is left out is what the API would have given it, and quotas do not count. Nothing
 * is guessed at: a member that there is not, or a value that cannot be, refuses the whole.
 */
#ifndef SERVER_FIXTURE_H
#define SERVER_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

struct loading;
struct store;

struct fixture_fault {
    bool conflict;      /* with what there is already; else the fixture itself is wrong */
    char message[1024]; /* "accounts.….versions[2].status: why" */
};

struct fixture_count {
    size_t projects, versions;
};

/*
 * Begins to load one, inside a step, and takes it over. Then fixture_go_on() places more of what it
 * declares, until clock_monotonic_us() is `until_us`, in the same step, which must be dropped when
 * the fixture turns out to be wrong.
 */
struct loading *fixture_begin(struct store *, cJSON *fixture);

enum fixture_progress {
    FIXTURE_GOES_ON,
    FIXTURE_LOADED,
    FIXTURE_WRONG,
};

enum fixture_progress fixture_go_on(struct loading *, int64_t until_us);
struct fixture_count fixture_count_of(const struct loading *);        /* what was placed */
const struct fixture_fault *fixture_fault_of(const struct loading *); /* of one that is wrong */
void fixture_end(struct loading *);

/* The JSON Schema (draft 2020-12) that fixtures fit. */
cJSON *fixture_schema(void);

#endif
