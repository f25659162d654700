#include "clock.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

/* Longer than anybody waits, and short enough to be added to a moment. */
#define WAIT_MAX_MS (INT64_MAX / 4)

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

/* ---- real time that never goes back ------------------------------------- */

static struct {
    pthread_mutex_t lock;
    int64_t wall_ms, monotonic_ms; /* as they were last read; 0: never */
    int64_t ahead_ms;              /* so much more than the wall clock says has passed */
    int64_t back_ms;               /* and so much of it is still to be told */
} real = { .lock = PTHREAD_MUTEX_INITIALIZER };

int64_t
clock_real_ms(void)
{
    int64_t wall, monotonic, now;

    pthread_mutex_lock(&real.lock);
    wall = clock_wall_ms();
    monotonic = clock_monotonic_us() / 1000;
    if (real.monotonic_ms != 0 && wall < real.wall_ms) {
        int64_t back = real.wall_ms - wall + monotonic - real.monotonic_ms;

        real.ahead_ms += back;
        real.back_ms += back;
    }
    real.wall_ms = wall;
    real.monotonic_ms = monotonic;
    now = wall + real.ahead_ms;
    pthread_mutex_unlock(&real.lock);
    return now;
}

bool
clock_is_ahead(void)
{
    bool ahead;

    clock_real_ms();
    pthread_mutex_lock(&real.lock);
    ahead = real.ahead_ms != 0;
    pthread_mutex_unlock(&real.lock);
    return ahead;
}

void
clock_follow_wall(void)
{
    pthread_mutex_lock(&real.lock);
    real.ahead_ms = 0;
    pthread_mutex_unlock(&real.lock);
}

void
clock_note_back(int64_t ms)
{
    pthread_mutex_lock(&real.lock);
    real.back_ms += ms;
    pthread_mutex_unlock(&real.lock);
}

int64_t
clock_told_back(void)
{
    int64_t ms;

    pthread_mutex_lock(&real.lock);
    ms = real.back_ms;
    real.back_ms = 0;
    pthread_mutex_unlock(&real.lock);
    return ms;
}

/* ---- the world's -------------------------------------------------------- */

int64_t
clock_now(const struct clock *clock)
{
    int64_t passed;

    if (clock->frozen || clock->paused)
        return clock->base_ms;
    passed = clock_real_ms() - clock->wall_ms;
    if (passed < 0)
        passed = 0;
    if (clock->scale != 1)
        passed = (int64_t)fmin((double)passed * clock->scale, (double)CLOCK_END_MS);
    return passed < CLOCK_END_MS - clock->base_ms ? clock->base_ms + passed : CLOCK_END_MS;
}

int64_t
clock_wait(const struct clock *clock, int64_t due_ms)
{
    int64_t now = clock_now(clock);
    double wait;

    if (due_ms <= now)
        return 0;
    if (clock->frozen || clock->paused || due_ms > CLOCK_END_MS)
        return INT64_MAX;
    wait = ceil((double)(due_ms - now) / clock->scale);
    return wait < (double)WAIT_MAX_MS ? (int64_t)wait : WAIT_MAX_MS;
}

int64_t
clock_stamp_beside(int64_t now_ms, int64_t stamp_ms)
{
    if (stamp_ms < now_ms)
        return stamp_ms - 1;
    return stamp_ms < CLOCK_END_MS ? stamp_ms + 1 : now_ms - 1;
}
