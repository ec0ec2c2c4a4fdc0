#include "core/server/begin.h"

#include "core/server/open-journal.h"
#include "core/server/setup.h"

GmqAmqpConfig
gmq_begin_amqp(const GmqConfig *config, const char *version)
{
    GmqAmqpConfig amqp = GMQ_AMQP_CONFIG_DEFAULT;

    amqp.frame_max        = (uint32_t)config->frame_max;
    amqp.channel_max      = (uint16_t)config->channel_max;
    amqp.heartbeat_s      = (uint16_t)config->heartbeat_s;
    amqp.version          = version;
    amqp.message_size_max = config->message_size_max;
    amqp.ack_timeout_ms   = (uint32_t)config->consumer_timeout_ms;
    amqp.consumer_max     = (uint32_t)config->consumers_max;
    return amqp;
}

bool
gmq_begin_broker(GmqBroker *broker, const GmqConfig *config, const char *path, GError **error)
{
    GmqDisk *disk = gmq_broker_host(broker)->disk;
    bool is_new   = disk == NULL || !gmq_has_journal(disk);
    bool is_first = false;

    if (!gmq_setup_limits(broker, config, error) ||
        (is_new && !gmq_setup_content(broker, config, error)))
        return false;
    if (disk != NULL && !gmq_open_journal(broker, path, &is_first, error))
        return false;
    return is_new || !is_first || gmq_setup_content(broker, config, error);
}
