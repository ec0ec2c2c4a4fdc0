#include "core/broker/vhost.h"

#include "core/broker/notice.h"
#include "core/broker/post.h"

unsigned
gmq_slice_hash(const void *slice)
{
    const GmqSlice *bytes = slice;
    uint32_t hash         = 2166136261u;

    for (size_t i = 0; i < bytes->size; i++)
        hash = (hash ^ bytes->data[i]) * 16777619u;
    return hash;
}

int
gmq_slice_same(const void *a, const void *b)
{
    return gmq_slice_equal(*(const GmqSlice *)a, *(const GmqSlice *)b);
}

/* The exchanges that are there from the beginning (9.1). */
static const struct {
    const char *name;
    const char *type;
    bool is_internal;
} predeclared[] = {
    {"", "direct", false},
    {"amq.direct", "direct", false},
    {"amq.fanout", "fanout", false},
    {"amq.topic", "topic", false},
    {"amq.headers", "headers", false},
    {"amq.match", "headers", false},
    {"amq.rabbitmq.trace", "topic", true},
};

GmqVhost *
gmq_vhost_new(GmqBroker *broker, GmqSlice name)
{
    GmqVhost *vhost = g_new0(GmqVhost, 1);

    vhost->broker    = broker;
    vhost->host      = gmq_broker_host(broker);
    vhost->name      = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    vhost->exchanges = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    vhost->queues    = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    vhost->topology  = 1;
    gmq_vhost_init_bindings(vhost);
    for (size_t i = 0; i < G_N_ELEMENTS(predeclared); i++)
        gmq_vhost_note_exchange(gmq_vhost_predeclare(vhost, gmq_slice_of(predeclared[i].name),
                                                     gmq_slice_of(predeclared[i].type),
                                                     predeclared[i].is_internal));
    vhost->default_exchange = gmq_vhost_find_exchange(vhost, GMQ_SLICE(""));
    gmq_notice_open(vhost);
    return vhost;
}

void
gmq_vhost_free(GmqVhost *vhost)
{
    gmq_notice_close(vhost);
    while (vhost->queue_list.length > 0)
        gmq_vhost_remove_queue(vhost, vhost->queue_list.head->data, "shutdown");
    gmq_vhost_clear_exchanges(vhost);
    gmq_posts_forget(gmq_broker_posts(vhost->broker), vhost);
    g_hash_table_unref(vhost->exchanges);
    g_hash_table_unref(vhost->queues);
    g_free((void *)vhost->name.data);
    g_free(vhost);
}
