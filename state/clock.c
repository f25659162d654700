#include "clock.h"

#include <math.h>
#include <time.h>

int64_t
clock_wall_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
clock_now(const struct clock *clock)
{
    int64_t passed;

    if (clock->frozen || clock->paused)
        return clock->base_ms;
    passed = clock_wall_ms() - clock->wall_ms;
    if (passed < 0) /* the wall clock was set back: the world waits for it */
        passed = 0;
    if (clock->scale != 1)
        passed = (int64_t)fmin((double)passed * clock->scale, (double)CLOCK_END_MS);
    return passed < CLOCK_END_MS - clock->base_ms ? clock->base_ms + passed : CLOCK_END_MS;
}

int64_t
clock_wait(const struct clock *clock, int64_t due_ms)
{
    int64_t now = clock_now(clock);

    if (due_ms <= now)
        return 0;
    if (clock->frozen || clock->paused)
        return INT64_MAX;
    return (int64_t)ceil((double)(due_ms - now) / clock->scale);
}
