/* What the broker may hold, what it holds, and its alarms (AMQP.md 24). */
#include "core/broker/broker.h"
#include "core/broker/storage.h"

void
gmq_broker_set_memory_limit(GmqBroker *broker, uint64_t bytes)
{
    gmq_broker_watchers(broker)->limit = bytes == 0 ? SIZE_MAX : (size_t)bytes;
}

uint64_t
gmq_broker_memory_limit(const GmqBroker *broker)
{
    const GmqAlarms *alarms = gmq_broker_watchers(broker);

    return alarms->limit == SIZE_MAX ? 0 : alarms->limit;
}

uint64_t
gmq_broker_memory_held(const GmqBroker *broker)
{
    const GmqAlarms *alarms = gmq_broker_watchers(broker);

    return alarms->held + alarms->out;
}

void
gmq_broker_set_memory_out(GmqBroker *broker, uint64_t bytes)
{
    gmq_broker_watchers(broker)->out = (size_t)bytes;
}

void
gmq_broker_watch_memory(GmqBroker *broker)
{
    gmq_alarms_watch_memory(gmq_broker_watchers(broker));
}

void
gmq_broker_set_disk_free_least(GmqBroker *broker, uint64_t bytes)
{
    gmq_broker_watchers(broker)->disk_least = bytes;
}

uint64_t
gmq_broker_disk_free_least(const GmqBroker *broker)
{
    return gmq_broker_watchers(broker)->disk_least;
}

void
gmq_broker_set_alarm(GmqBroker *broker, GmqAlarm alarm, bool on)
{
    gmq_alarms_set(gmq_broker_watchers(broker), alarm, on);
}

unsigned
gmq_broker_alarms(const GmqBroker *broker)
{
    return gmq_broker_watchers(broker)->on;
}
