#include "core/broker/alarm.h"

#include <string.h>

#include "core/base/limits.h"
#include "core/broker/notice.h"

static const char *const names[GMQ_N_ALARMS] = {
    [GMQ_ALARM_DISK]    = "disk",
    [GMQ_ALARM_MEMORY]  = "memory",
    [GMQ_ALARM_FAILURE] = "failed disk",
};

/* What a publisher is told: the words before an alarm when it is the first, when it is another, and
 * its own. */
static const struct {
    const char *first;
    const char *next;
    const char *text;
} reasons[GMQ_N_ALARMS] = {
    [GMQ_ALARM_DISK]    = {"low on ", " & ", "disk"},
    [GMQ_ALARM_MEMORY]  = {"low on ", " & ", "memory"},
    [GMQ_ALARM_FAILURE] = {"", ", ", "the disk failed"},
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
    g_assert(on != 0);
    storage[0] = '\0';
    for (size_t i = 0; i < GMQ_N_ALARMS; i++) {
        if ((on & GMQ_ALARM_BIT(i)) == 0)
            continue;
        g_strlcat(storage, storage[0] == '\0' ? reasons[i].first : reasons[i].next,
                  GMQ_ALARM_REASON_SIZE);
        g_strlcat(storage, reasons[i].text, GMQ_ALARM_REASON_SIZE);
    }
    return gmq_slice_of(storage);
}

static void
on_least_time(GmqTimer *timer)
{
    gmq_alarms_watch_memory((GmqAlarms *)((char *)timer - offsetof(GmqAlarms, least_time)));
}

void
gmq_alarms_init(GmqAlarms *alarms, GmqBroker *broker)
{
    *alarms = (GmqAlarms){.broker = broker, .limit = SIZE_MAX, .disk_least = GMQ_DISK_FREE_LEAST};
    alarms->least_time.fire = on_least_time;
}

void
gmq_alarms_clear(GmqAlarms *alarms)
{
    gmq_timer_stop(gmq_broker_timers(alarms->broker), &alarms->least_time);
}

static void
tell(const GmqAlarms *alarms, GmqAlarm alarm, bool on)
{
    GmqHost *host = gmq_broker_host(alarms->broker);
    GmqSlice name = gmq_slice_of(names[alarm]);

    if (!gmq_host_is_unheard(host))
        host->note(
            host, &(GmqEvent){.kind  = on ? GMQ_EVENT_ALARM_SET : GMQ_EVENT_ALARM_CLEARED,
                              .who   = name,
                              .count = alarm == GMQ_ALARM_MEMORY ? alarms->held + alarms->out : 0});
    gmq_notice_name(alarms->broker, on ? "alarm.set" : "alarm.cleared", name, NULL);
}

void
gmq_alarms_set(GmqAlarms *alarms, GmqAlarm alarm, bool on)
{
    unsigned bit = GMQ_ALARM_BIT(alarm);

    g_assert(alarm < GMQ_N_ALARMS);
    if (((alarms->on & bit) != 0) == on)
        return;
    alarms->on ^= bit;
    tell(alarms, alarm, on);
}

static void
start_least_time(GmqAlarms *alarms)
{
    GmqHost *host = gmq_broker_host(alarms->broker);

    gmq_timer_start(gmq_broker_timers(alarms->broker), &alarms->least_time,
                    host->now(host) + GMQ_ALARM_LEAST_MS * INT64_C(1000000));
}

/* What must be off is left to the timer while that runs. */
void
gmq_alarms_watch_memory(GmqAlarms *alarms)
{
    bool is_on   = (alarms->on & GMQ_ALARM_BIT(GMQ_ALARM_MEMORY)) != 0;
    bool is_over = alarms->held + alarms->out > alarms->limit;

    if (is_on == is_over || alarms->least_time.place != 0)
        return;
    if (is_over)
        start_least_time(alarms);
    gmq_alarms_set(alarms, GMQ_ALARM_MEMORY, is_over);
}
