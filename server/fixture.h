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

struct store;

struct fixture_fault {
    bool conflict;      /* with what there is already; else the fixture itself is wrong */
    char message[1024]; /* "accounts.….versions[2].status: why" */
};

struct fixture_count {
    size_t projects, versions;
};

/*
 * Places what it declares, inside a step, which must be dropped when the answer is false: it is
 * wrong. A store that fails meanwhile says so at the end of the step.
 */
bool fixture_load(struct store *, cJSON *fixture, struct fixture_count *, struct fixture_fault *);

/* The JSON Schema (draft 2020-12) that fixtures fit. */
cJSON *fixture_schema(void);

#endif
