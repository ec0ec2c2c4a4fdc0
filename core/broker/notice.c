#include "core/broker/notice.h"

#include "core/broker/post.h"
#include "core/broker/vhost.h"
#include "core/wire/properties.h"

#define EXCHANGE "amq.rabbitmq.event"
#define DELIVERY_MODE_PERSISTENT 2

/* It is no part of any message's story, and not announced. */
void
gmq_notice_open(GmqVhost *vhost)
{
    if (gmq_slice_equal(vhost->name, GMQ_SLICE("/")))
        gmq_broker_set_notices(vhost->broker, gmq_vhost_predeclare(vhost, GMQ_SLICE(EXCHANGE),
                                                                   GMQ_SLICE("topic"), true));
}

void
gmq_notice_close(GmqVhost *vhost)
{
    const GmqExchange *exchange = gmq_broker_notices(vhost->broker);

    if (exchange != NULL && exchange->vhost == vhost)
        gmq_broker_set_notices(vhost->broker, NULL);
}

bool
gmq_notice_begin(GmqNotice *notice, GmqBroker *broker, const char *key)
{
    const GmqExchange *exchange = gmq_broker_notices(broker);
    GmqHost *host               = gmq_broker_host(broker);

    if (exchange == NULL || exchange->bindings.length == 0 || gmq_broker_restoring(broker) != NULL)
        return false;
    *notice = (GmqNotice){.broker = broker, .key = key};
    gmq_table_add_int(&notice->headers, "timestamp_in_ms", host->wall_ms(host));
    return true;
}

static uint16_t
bits_of_properties(void)
{
    return GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) |
           GMQ_PROPERTY_BIT(GMQ_PROPERTY_TIMESTAMP);
}

void
gmq_notice_send(GmqNotice *notice)
{
    GmqHost *host            = gmq_broker_host(notice->broker);
    GmqVhost *vhost          = gmq_broker_notices(notice->broker)->vhost;
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties = {.present       = bits_of_properties(),
                                .headers       = gmq_buffer_slice(&notice->headers),
                                .delivery_mode = DELIVERY_MODE_PERSISTENT,
                                .timestamp     = (uint64_t)host->wall_ms(host) / 1000};

    gmq_properties_encode(&properties, 0, &header);
    gmq_buffer_clear(&notice->headers);
    gmq_posts_add(gmq_broker_posts(notice->broker), vhost,
                  gmq_message_new(GMQ_SLICE(EXCHANGE), gmq_slice_of(notice->key),
                                  gmq_buffer_slice(&header), 0));
}

void
gmq_notice_name(GmqBroker *broker, const char *key, GmqSlice name, const GmqVhost *vhost)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, broker, key))
        return;
    gmq_table_add_text(&notice.headers, "name", name);
    if (vhost != NULL)
        gmq_table_add_text(&notice.headers, "vhost", vhost->name);
    gmq_notice_send(&notice);
}
