#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before cmocka, whose macro fail() would have our function's name. */
#include "../../../server/call/call.h"
#include "../../../server/call/fault.h"
#include "../../../server/model/model.h"
#include "../../../state/base/array.h"
#include "../../../state/fault.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../../state/world.h"

#include <cmocka.h>

#define ARN "arn:aws:rekognition:us-east-1:111122223333:project/birds/1"

static struct store *
open_world(uint64_t seed)
{
    char why[256];
    struct store *store = store_open(&(struct store_options){ .path = ":memory:",
                                         .profile = PROFILE_INSTANT,
                                         .seed = &seed },
        why, sizeof why);

    assert_non_null(store);
    assert_true(world_make(store, true));
    return store;
}

/* What is left out is as of a fault that always strikes everybody with a throttle. */
static int64_t
add(struct store *store, struct fault fault)
{
    int64_t id;

    fault.operation = fault.operation == NULL ? "*" : fault.operation;
    fault.account = fault.account == NULL ? "" : fault.account;
    fault.region = fault.region == NULL ? "" : fault.region;
    fault.times = fault.times == 0 ? FAULT_ALWAYS : fault.times;
    fault.probability = fault.probability == 0 ? 1 : fault.probability;
    if (fault.error == NULL && fault.wire == NULL && fault.delay_ms == 0)
        fault.error = "ThrottlingException";
    step_begin(store, "test");
    id = fault_add(store, &fault);
    assert_true(step_end(store, true));
    return id;
}

struct blow {
    bool passes;
    int64_t fault;
    enum error error;
    unsigned status;
    char message[64];
    struct strike strike;
};

/* What a call meets; the step is then dropped, as that of a refused call. */
static struct blow
meet(struct store *store, const struct operation_model *model, const char *account,
    const char *input)
{
    struct call call = { .store = store, .model = model, .scope = { "", "us-east-1" } };
    struct blow blow = { .fault = 0 };

    snprintf(call.scope.account, sizeof call.scope.account, "%s", account);
    call.input = cJSON_Parse(input);
    step_begin(store, model->name);
    blow.passes = fault_lets_pass(&call, &blow.strike);
    assert_true(step_end(store, false));
    blow.fault = call.fault;
    blow.error = call.error;
    blow.status = call.status;
    if (call.message != NULL)
        snprintf(blow.message, sizeof blow.message, "%s", call.message);
    free(call.message);
    cJSON_Delete(call.input);
    return blow;
}

/* The fault that a call of CreateProject meets; 0: none. */
static int64_t
fault_met(struct store *store, const char *account, const char *input)
{
    return meet(store, MODEL(CreateProject), account, input).fault;
}

static int64_t
hits(struct store *store, int64_t id)
{
    struct fault fault;
    int64_t after = id - 1;

    step_begin(store, "test");
    assert_true(fault_next(store, &after, &fault));
    assert_int_equal(fault.id, id);
    step_end(store, true);
    return fault.hits;
}

static void
the_oldest_fault_that_fits_strikes(void **state)
{
    struct store *store = open_world(1);
    int64_t other = add(store, (struct fault){ .operation = "DeleteProject" });
    int64_t account = add(store, (struct fault){ .account = "111122223333" });
    int64_t any = add(store, (struct fault){ .times = 2 });

    (void)state;
    assert_int_equal(fault_met(store, "111122223333", "{}"), account);
    assert_int_equal(fault_met(store, "444455556666", "{}"), any);
    assert_int_equal(fault_met(store, "444455556666", "{}"), any);
    assert_int_equal(fault_met(store, "444455556666", "{}"), 0);
    assert_int_equal(hits(store, other), 0);
    assert_int_equal(hits(store, account), 1);
    assert_int_equal(hits(store, any), 2);
    store_close(store);
}

static void
some_are_skipped_and_then_some_are_struck(void **state)
{
    struct store *store = open_world(1);
    int64_t id = add(store, (struct fault){ .skip = 2, .times = 3 });
    static const bool struck[] = { false, false, true, true, true, false, false };

    (void)state;
    for (size_t i = 0; i < COUNT(struck); i++)
        assert_int_equal(fault_met(store, "1", "{}"), struck[i] ? id : 0);
    store_close(store);
}

static void
a_fault_that_lets_pass_hands_on_to_the_next(void **state)
{
    struct store *store = open_world(1);
    int64_t first = add(store, (struct fault){ .skip = 1, .times = 1 });
    int64_t second = add(store, (struct fault){ .times = 1 });

    (void)state;
    assert_int_equal(fault_met(store, "1", "{}"), second);
    assert_int_equal(fault_met(store, "1", "{}"), first);
    assert_int_equal(fault_met(store, "1", "{}"), 0);
    store_close(store);
}

static void
a_resource_is_looked_for_everywhere_in_the_input(void **state)
{
    static const struct {
        const char *input;
        bool fits;
    } inputs[] = {
        { "{}", false }, { "{\"ProjectArn\":\"" ARN "\"}", true },
        { "{\"a\":[{\"b\":[\"x\",\"" ARN "\"]}]}", true },
        { "{\"Name\":\"project/birds/1\"}", false },
        { "{\"ProjectArn\":\"" ARN "0/version\"}", false },
        { "{\"" ARN "\":1}", false }, /* the name of a member is no value */
    };
    struct store *store = open_world(1);
    int64_t id = add(store, (struct fault){ .resource = "*:project/birds/?" });

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++)
        if (fault_met(store, "1", inputs[i].input) != (inputs[i].fits ? id : 0))
            fail_msg("%s", inputs[i].input);
    store_close(store);
}

static void
chance_is_repeated_by_the_seed_and_by_nothing_else(void **state)
{
    char drawn[3][65] = { "", "", "" };
    int struck = 0;

    (void)state;
    for (int run = 0; run < 3; run++) {
        struct store *store = open_world(run < 2 ? 7 : 8);
        char uuid[UUID_SIZE];

        add(store, (struct fault){ .probability = 0.25 });
        for (int i = 0; i < 64; i++) {
            if (run == 1) /* other draws change nothing */
                ids_uuid(store_ids(store), uuid);
            drawn[run][i] = fault_met(store, "1", "{}") == 0 ? '.' : 'x';
            struck += run == 0 && drawn[run][i] == 'x';
        }
        store_close(store);
    }
    assert_string_equal(drawn[0], drawn[1]);
    assert_string_not_equal(drawn[0], drawn[2]);
    assert_in_range(struck, 6, 28);
}

static void
an_error_strikes_only_operations_that_may_answer_it(void **state)
{
    struct store *store = open_world(1);
    int64_t id = add(store, (struct fault){ .error = "ImageTooLargeException" });

    (void)state;
    assert_int_equal(meet(store, MODEL(CreateProject), "1", "{}").fault, 0);
    assert_int_equal(meet(store, MODEL(DetectCustomLabels), "1", "{}").fault, id);
    assert_int_equal(hits(store, id), 1);
    store_close(store);
}

static void
what_a_strike_does_is_what_the_fault_says(void **state)
{
    struct store *store = open_world(1);
    struct blow blow;

    (void)state;
    add(store, (struct fault){ .times = 1 });
    add(store, (struct fault){ .times = 1, .error = "ThrottlingException", .status = 500 });
    add(store, (struct fault){ .times = 1, .error = "ConflictException", .message = "no" });
    add(store, (struct fault){ .times = 1, .wire = "reset", .delay_ms = 50 });
    add(store, (struct fault){ .times = 1, .wire = "truncate" });
    add(store, (struct fault){ .times = 1, .delay_ms = 50 });

    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_false(blow.passes);
    assert_int_equal(blow.error, ThrottlingException);
    assert_int_equal(blow.status, 400);
    assert_string_equal(blow.message, "Slow down; sudden increase in rate of requests.");
    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_int_equal(blow.status, 500);
    assert_string_equal(blow.message, "Service Unavailable");
    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_int_equal(blow.error, ConflictException);
    assert_string_equal(blow.message, "no");
    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_false(blow.passes);
    assert_int_equal(blow.error, NO_ERROR);
    assert_int_equal(blow.strike.wire, WIRE_RESET);
    assert_int_equal(blow.strike.delay_ms, 50);
    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_true(blow.passes);
    assert_int_equal(blow.strike.wire, WIRE_TRUNCATE);
    blow = meet(store, MODEL(AssociateFaces), "1", "{}");
    assert_true(blow.passes);
    assert_int_equal(blow.strike.wire, WIRE_NONE);
    assert_int_equal(blow.strike.delay_ms, 50);
    assert_int_equal(meet(store, MODEL(AssociateFaces), "1", "{}").fault, 0);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_fault_that_fits_strikes),
        cmocka_unit_test(some_are_skipped_and_then_some_are_struck),
        cmocka_unit_test(a_fault_that_lets_pass_hands_on_to_the_next),
        cmocka_unit_test(a_resource_is_looked_for_everywhere_in_the_input),
        cmocka_unit_test(chance_is_repeated_by_the_seed_and_by_nothing_else),
        cmocka_unit_test(an_error_strikes_only_operations_that_may_answer_it),
        cmocka_unit_test(what_a_strike_does_is_what_the_fault_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
