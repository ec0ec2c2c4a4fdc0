/* timer.h - deadlines: many timers on the host's one (rule: the core keeps its heap).
 *
 * Timers are embedded in what waits, and fire in the order of their time, equal ones in the order
 * they were started. */
#pragma once

#include "core/base/host.h"

G_BEGIN_DECLS

typedef struct GmqTimer GmqTimer;
typedef void (*GmqTimerFunc)(GmqTimer *timer);

struct GmqTimer {
    int64_t due_ns;
    uint64_t sequence;
    unsigned place; /* in the heap, plus one; 0: not running */
    GmqTimerFunc fire;
};

typedef struct {
    GPtrArray *heap; /* of GmqTimer */
    uint64_t sequence;
} GmqTimers;

void gmq_timers_init(GmqTimers *timers);
void gmq_timers_clear(GmqTimers *timers);

/* Starts the timer, or moves one that runs; fire is called once. */
void gmq_timer_start(GmqTimers *timers, GmqTimer *timer, int64_t due_ns);
void gmq_timer_stop(GmqTimers *timers, GmqTimer *timer);

/* Fires what is due at now_ns. Timers may start and stop any timer meanwhile. */
void gmq_timers_fire(GmqTimers *timers, int64_t now_ns);

/* When the next one is due; INT64_MAX when none runs. */
int64_t gmq_timers_next(const GmqTimers *timers);

G_END_DECLS
