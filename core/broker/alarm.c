#include "core/broker/alarm.h"

#include <string.h>

#include "core/base/limits.h"

static const char *const names[GMQ_N_ALARMS] = {
    [GMQ_ALARM_DISK]   = "disk",
    [GMQ_ALARM_MEMORY] = "memory",
};

const char *
gmq_alarm_name(GmqAlarm alarm)
{
    g_assert(alarm < GMQ_N_ALARMS);
    return names[alarm];
}

GmqSlice
gmq_alarm_reason(unsigned on, char storage[GMQ_ALARM_REASON_SIZE])
{
    const char *before = "low on ";

    g_assert(on != 0);
    storage[0] = '\0';
    for (size_t i = 0; i < GMQ_N_ALARMS; i++) {
        if ((on & GMQ_ALARM_BIT(i)) == 0)
            continue;
        g_strlcat(storage, before, GMQ_ALARM_REASON_SIZE);
        g_strlcat(storage, names[i], GMQ_ALARM_REASON_SIZE);
        before = " & ";
    }
    return gmq_slice_of(storage);
}

static void
on_least_time(GmqTimer *timer)
{
    gmq_alarms_watch_memory((GmqAlarms *)((char *)timer - offsetof(GmqAlarms, least_time)));
}

void
gmq_alarms_init(GmqAlarms *alarms, GmqHost *host, GmqTimers *timers)
{
    *alarms = (GmqAlarms){.host = host, .timers = timers, .limit = SIZE_MAX};

    alarms->least_time.fire = on_least_time;
}

void
gmq_alarms_clear(GmqAlarms *alarms)
{
    gmq_timer_stop(alarms->timers, &alarms->least_time);
}

void
gmq_alarms_set(GmqAlarms *alarms, GmqAlarm alarm, bool on)
{
    unsigned bit = GMQ_ALARM_BIT(alarm);

    g_assert(alarm < GMQ_N_ALARMS);
    if (((alarms->on & bit) != 0) == on)
        return;
    alarms->on ^= bit;
    if (alarms->host->note != NULL)
        alarms->host->note(alarms->host,
                           &(GmqEvent){.kind  = on ? GMQ_EVENT_ALARM_SET : GMQ_EVENT_ALARM_CLEARED,
                                       .who   = gmq_slice_of(names[alarm]),
                                       .count = alarm == GMQ_ALARM_MEMORY ? alarms->held : 0});
}

/* What must be off is left to the timer while that runs. */
void
gmq_alarms_watch_memory(GmqAlarms *alarms)
{
    bool is_on   = (alarms->on & GMQ_ALARM_BIT(GMQ_ALARM_MEMORY)) != 0;
    bool is_over = alarms->held > alarms->limit;

    if (is_on == is_over || alarms->least_time.place != 0)
        return;
    if (is_over)
        gmq_timer_start(alarms->timers, &alarms->least_time,
                        alarms->host->now(alarms->host) + GMQ_ALARM_LEAST_MS * INT64_C(1000000));
    gmq_alarms_set(alarms, GMQ_ALARM_MEMORY, is_over);
}
