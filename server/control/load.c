/*
 * Control of fixtures: worlds that are declared are loaded, and their schema shown.
 *
 * A fixture is one step: all of it or nothing. A large one would keep everybody waiting, so that
 * it is rehearsed first, in a world of its own, and then comes a piece at a time; only who has to
 * do with its accounts waits. That takes accounts that have nothing; of others the step is made on a
 * thread, and meanwhile nobody else has the store.
 */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/arrival.h"
#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/snapshot.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/caller.h"
#include "../call/server.h"
#include "../fixture/load.h"
#include "../fixture/schema.h"
#include "../http/http.h"
#include "../json/tree.h"
#include "../work/job.h"
#include "../work/stint.h"
#include "control.h"

/* Bytes of a fixture that is no matter of a turn. */
#define LARGE (16 * 1024)

struct load {
    struct control control;
    cJSON *fixture;
    struct fixture_count count;
    struct fixture_fault fault;
    struct stint *stint;
    bool good, kept;
    bool alone; /* it has to be one step on a thread */
    bool came;  /* the last piece of the step is still to be kept */
};

/* ---- the end ------------------------------------------------------------ */

static void
answer(struct load *load)
{
    struct control *control = &load->control;
    cJSON *json;

    if (!load->kept) {
        control_store_failed(control);
    } else if (!load->good) {
        control_fail(control, load->fault.conflict ? 409 : 400,
            load->fault.conflict ? "NameTaken" : "InvalidFixture", "%s.", load->fault.message);
    } else {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "projects", (double)load->count.projects);
        cJSON_AddNumberToObject(json, "versions", (double)load->count.versions);
        control_answer(control, json);
    }
}

static void
close_load(struct load *load)
{
    cJSON_Delete(load->fixture);
    free(load);
}

/* ---- alone -------------------------------------------------------------- */

static void
load_alone(void *context)
{
    struct load *load = context;
    struct store *store = load->control.store;

    step_begin(store, "load");
    load->good = (load->alone || fixture_check(load->fixture, NULL, &load->fault)) &&
                 fixture_bring(store, load->fixture, NULL, &load->count, &load->fault);
    load->kept = step_end(store, load->good);
}

static void
end_alone(void *context)
{
    answer(context);
    close_load(context);
}

/* ---- a piece at a time -------------------------------------------------- */

static void
rest(void *context)
{
    const struct load *load = context;

    if (stint_is_long(load->stint))
        stint_rest(load->stint);
}

static bool
rest_rehearsing(void *context)
{
    const struct load *load = context;

    rest(context);
    return !stint_is_over(load->stint);
}

/* A piece is a step of its own. */
static bool
rest_coming(void *context)
{
    struct load *load = context;
    struct store *store = load->control.store;

    if (!stint_is_long(load->stint))
        return true;
    load->came = false;
    load->kept = step_end(store, true);
    if (!load->kept)
        return false;
    stint_rest(load->stint);
    if (stint_is_over(load->stint))
        return false;
    step_begin(store, "load");
    load->came = true;
    return true;
}

/* In a step. */
static bool
is_possible(struct load *load)
{
    const cJSON *account;

    cJSON_ArrayForEach(account,
        member_of(load->fixture, "accounts")) if (!arrival_is_possible(load->control.store,
                                                      account->string)) return false;
    return true;
}

static bool
looks_possible(struct load *load)
{
    struct store *store = load->control.store;
    bool possible;

    step_look(store);
    possible = is_possible(load);
    return step_looked(store) && possible;
}

/* In a world of its own, that goes with it. */
static bool
rehearse(struct load *load)
{
    const struct fixture_rest rests = { .place = rest_rehearsing, .context = load };
    struct store *rehearsal = arrival_rehearsal(load->control.store);
    bool good;

    load->alone = rehearsal == NULL;
    if (load->alone)
        return false;
    step_begin(rehearsal, "load");
    good = fixture_bring(rehearsal, load->fixture, &rests, &load->count, &load->fault);
    load->alone = store_failed(rehearsal);
    store_close(rehearsal); /* in its step, which nobody wants */
    return good && !load->alone;
}

static bool
take_back(void *context)
{
    struct server *server = context;

    if (arrival_take_back(server->store))
        return false;
    job_wait(server);
    return true;
}

/* Begun in the turn in which it was found to be possible. */
static void
let_come(struct load *load)
{
    const struct fixture_rest rests = { .place = rest_coming, .context = load };
    struct server *server = load->control.server;
    struct store *store = server->store;
    const cJSON *account;

    server->load = load;
    step_begin(store, "load");
    load->came = true;
    cJSON_ArrayForEach(account, member_of(load->fixture, "accounts"))
        arrival_begin(store, account->string);
    load->good = fixture_bring(store, load->fixture, &rests, &load->count, &load->fault);
    if (load->came) {
        arrival_end(store);
        load->kept = step_end(store, load->good);
    }
    server->load = NULL;
    if ((!load->good || !load->kept) && take_back(server))
        job_add(server, take_back, NULL, server); /* as soon as the store is well again */
}

static void
work(struct stint *stint, void *context)
{
    struct load *load = context;
    const struct fixture_rest rests = { .check = rest, .context = load };

    load->stint = stint;
    load->kept = true;
    if (!fixture_check(load->fixture, &rests, &load->fault))
        return;
    load->alone = !looks_possible(load);
    if (load->alone || !rehearse(load))
        return;
    while (snapshot_is_under_way(load->control.store) && !stint_is_over(stint))
        stint_rest(stint);
    if (stint_is_over(stint))
        return;
    load->alone = !looks_possible(load); /* any more */
    if (!load->alone)
        let_come(load);
}

static void
end_work(struct stint *stint, void *context)
{
    struct load *load = context;
    struct server *server = load->control.server;

    if (stint_is_over(stint)) {
        close_load(load);
    } else if (load->alone) {
        job_add_alone(server, load_alone, end_alone, load);
    } else {
        answer(load);
        close_load(load);
        http_bring_back(server->http);
    }
}

/* ---- who waits ---------------------------------------------------------- */

static bool
is_coming(const struct load *load, const char *account)
{
    return member_of(member_of(load->fixture, "accounts"), account) != NULL;
}

/* Whether an ARN of such an account may be in the text. */
static bool
names_any(const struct load *load, const char *text)
{
    char account[ACCOUNT_SIZE];

    for (const char *at = text; (at = strchr(at, ':')) != NULL;) {
        at++;
        if (strspn(at, "0123456789") == ACCOUNT_SIZE - 1) {
            memcpy(account, at, ACCOUNT_SIZE - 1);
            account[ACCOUNT_SIZE - 1] = '\0';
            if (is_coming(load, account))
                return true;
        }
    }
    return false;
}

bool
load_concerns(const struct server *server, const struct exchange *exchange)
{
    const struct load *load = server->load;
    const char *account;
    struct caller caller;

    if (load == NULL)
        return false;
    if (strncmp(exchange->path, "/_local", strlen("/_local")) == 0) {
        account = exchange_argument(exchange, "account");
        return account == NULL || is_coming(load, account);
    }
    caller = caller_of(server, exchange);
    return is_coming(load, caller.scope.account) ||
           (exchange->body != NULL && names_any(load, exchange->body));
}

/* ---- calls -------------------------------------------------------------- */

void
control_load(struct control *control)
{
    bool is_large = control->exchange->length >= LARGE;
    struct load *begun = memory_new(sizeof *begun);

    begun->control = control_later(control);
    begun->fixture = control->body;
    control->body = NULL;
    if (is_large)
        stint_add(control->server, work, end_work, begun);
    else
        job_add_alone(control->server, load_alone, end_alone, begun);
}

void
control_schema_fixture(struct control *control)
{
    control_answer(control, fixture_schema());
}
