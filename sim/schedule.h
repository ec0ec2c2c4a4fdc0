/* schedule.h - what is going to happen, in the one order in which it may.
 *
 * Events are taken by time, then by phase, then in the order in which they were added, or in one
 * that is drawn. All three are integers, and no two events have the same place, so the order is the
 * same everywhere. */
#pragma once

#include "core/base/slice.h"
#include "sim/random.h"

G_BEGIN_DECLS

/* What comes first within one instant, and why: faults before all else, durable state before the
 * network, bytes before local work, and observers see a finished instant. */
typedef enum {
    GMQ_PHASE_TIMELINE,
    GMQ_PHASE_DISK,
    GMQ_PHASE_NETWORK,
    GMQ_PHASE_BROKER,
    GMQ_PHASE_CLIENT,
    GMQ_PHASE_OBSERVER,
} GmqPhase;

/* So many events may share one instant; more never end. */
#define GMQ_INSTANT_EVENTS_MAX 1000000

typedef struct GmqSchedule GmqSchedule;

/* What an event does; target is what it was added with. */
typedef void (*GmqAction)(void *target);

GmqSchedule *gmq_schedule_new(void);

/* From now on the order within one time and phase is drawn, but for the timeline's, which is
 * somebody's wish, and the observers'. The stream is lent. */
void gmq_schedule_set_ties(GmqSchedule *schedule, GmqRandom *ties);

void gmq_schedule_free(GmqSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSchedule, gmq_schedule_free)

/* Adds an event. what names it for people and lives as long as the schedule. Returns a ticket for
 * gmq_schedule_cancel(); never 0. A time that has passed already means now. */
uint64_t gmq_schedule_add(GmqSchedule *schedule, int64_t time_ns, GmqPhase phase, const char *what,
                          GmqAction action, void *target);

/* Likewise, delay_ns from now; what would leave 64 bits never comes. */
uint64_t gmq_schedule_add_after(GmqSchedule *schedule, int64_t delay_ns, GmqPhase phase,
                                const char *what, GmqAction action, void *target);

/* Somebody whose events can be paused: his time stands still then. Zeros are one whose time goes
 * on. */
typedef struct {
    bool is_paused;
    int64_t paused_ns; /* since when, while it is */
    int64_t lost_ns;   /* of time that stood still before */
} GmqOwner;

/* Adds an event of somebody, so long from now in his own time. */
uint64_t gmq_schedule_add_owned(GmqSchedule *schedule, GmqOwner *owner, int64_t delay_ns,
                                GmqPhase phase, const char *what, GmqAction action, void *target);

/* From now on nothing of his happens; then it goes on, each event as much later as that took. */
void gmq_schedule_pause(GmqSchedule *schedule, GmqOwner *owner);
void gmq_schedule_resume(GmqSchedule *schedule, GmqOwner *owner);

/* The time as he knows it. */
int64_t gmq_schedule_now_of(const GmqSchedule *schedule, const GmqOwner *owner);

/* Takes back an event that has not happened yet. */
void gmq_schedule_cancel(GmqSchedule *schedule, uint64_t ticket);

/* Takes back the event of *ticket, unless that is 0, and makes it 0. */
void gmq_schedule_forget(GmqSchedule *schedule, uint64_t *ticket);

/* The time of the next event; INT64_MAX when there is none. */
int64_t gmq_schedule_next_time(const GmqSchedule *schedule);

/* Takes the next event, moves the clock to it and does it. False when there is none, or when this
 * instant is a livelock. */
bool gmq_schedule_step(GmqSchedule *schedule);

/* The time of the event being done, or of the last one. */
int64_t gmq_schedule_now(const GmqSchedule *schedule);

/* Events done so far. */
uint64_t gmq_schedule_count(const GmqSchedule *schedule);

/* After GMQ_INSTANT_EVENTS_MAX events in one instant: the names of the last 20, oldest first, to be
 * freed by the caller. NULL otherwise. */
char *gmq_schedule_livelock(const GmqSchedule *schedule);

G_END_DECLS
