/* alarm.h - what the broker runs short of, so that publishers have to wait (AMQP.md 24).
 *
 * Memory is watched here: what messages hold is counted as they come and go. The alarm of it is on
 * as soon as a turn ends with more than the limit, and off again when a turn ends with no more than
 * the limit, but not within GMQ_ALARM_LEAST_MS: who waits is not woken for nothing. Like RabbitMQ's
 * it has no margin. Other alarms are set by whoever watches. */
#pragma once

#include "core/broker/timer.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_ALARM_DISK,
    GMQ_ALARM_MEMORY,
    GMQ_ALARM_FAILURE, /* of the disk: nothing can be kept any more, until the broker starts anew */
    GMQ_N_ALARMS,
} GmqAlarm;

#define GMQ_ALARM_BIT(alarm) (1u << (alarm))

/* The longest text of gmq_alarm_reason() with its end. */
#define GMQ_ALARM_REASON_SIZE 48

typedef struct GmqBroker GmqBroker;

typedef struct {
    GmqBroker *broker;
    unsigned on;         /* GMQ_ALARM_BIT of each */
    size_t held;         /* bytes of the messages that were charged */
    size_t out;          /* and what those cost that are on the disk alone */
    size_t limit;        /* SIZE_MAX: none */
    uint64_t disk_least; /* bytes of free space that there should be; 0: does not matter */
    GmqTimer least_time; /* runs while the memory alarm must stay on */
} GmqAlarms;

/* For broker.c; the broker's timers must be there already. */
void gmq_alarms_init(GmqAlarms *alarms, GmqBroker *broker);
void gmq_alarms_clear(GmqAlarms *alarms);

/* Sets the alarm or clears it, and announces that; nothing happens when it is so already. */
void gmq_alarms_set(GmqAlarms *alarms, GmqAlarm alarm, bool on);

/* Compares what messages hold with the limit. Once per turn. */
void gmq_alarms_watch_memory(GmqAlarms *alarms);

/* "disk", "memory", "failed disk" */
const char *gmq_alarm_name(GmqAlarm alarm);

/* "low on memory", or "low on disk & memory" when both bits are there (24.2), "the disk failed", or
 * "low on memory, the disk failed"; written into storage and lent. One bit at least is there. */
GmqSlice gmq_alarm_reason(unsigned on, char storage[GMQ_ALARM_REASON_SIZE]);

G_END_DECLS
