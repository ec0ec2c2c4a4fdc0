#include "core/broker/vhost.h"

#include "core/broker/definition.h"
#include "core/broker/label.h"
#include "core/broker/notice.h"
#include "core/broker/post.h"

static const char *const limit_names[GMQ_N_VHOST_LIMITS] = {
    [GMQ_VHOST_LIMIT_CONNECTIONS] = "max-connections",
    [GMQ_VHOST_LIMIT_QUEUES]      = "max-queues",
};

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
gmq_vhost_new(GmqBroker *broker, GmqSlice name, bool is_told)
{
    GmqVhost *vhost = g_new0(GmqVhost, 1);

    vhost->broker      = broker;
    vhost->host        = gmq_broker_host(broker);
    vhost->name        = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    vhost->exchanges   = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    vhost->queues      = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    vhost->topology    = 1;
    vhost->description = g_strdup("");
    vhost->tags        = gmq_tags_new();
    vhost->link.data   = vhost;
    gmq_limits_clear(vhost->limits, GMQ_N_VHOST_LIMITS);
    for (int kind = 0; kind < GMQ_N_POLICY_KINDS; kind++)
        vhost->policies[kind] = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_policy_free);
    gmq_vhost_init_bindings(vhost);
    for (size_t i = 0; i < G_N_ELEMENTS(predeclared); i++) {
        const GmqExchange *exchange =
            gmq_vhost_predeclare(vhost, gmq_slice_of(predeclared[i].name),
                                 gmq_slice_of(predeclared[i].type), predeclared[i].is_internal);

        if (is_told)
            gmq_vhost_note_exchange(exchange);
    }
    vhost->default_exchange = gmq_vhost_find_exchange(vhost, GMQ_SLICE(""));
    gmq_notice_open(vhost);
    return vhost;
}

void
gmq_vhost_free(GmqVhost *vhost)
{
    g_assert(vhost->sessions.length == 0);

    gmq_notice_close(vhost);
    while (vhost->queue_list.length > 0)
        gmq_vhost_remove_queue(vhost, vhost->queue_list.head->data, "shutdown");
    gmq_vhost_clear_exchanges(vhost);
    gmq_posts_forget(gmq_broker_posts(vhost->broker), vhost);
    gmq_vhost_clear_policies(vhost);
    gmq_definition_drop(vhost->broker, &vhost->settings_record);
    gmq_definition_drop(vhost->broker, &vhost->record);
    g_hash_table_unref(vhost->exchanges);
    g_hash_table_unref(vhost->queues);
    g_ptr_array_unref(vhost->tags);
    g_free(vhost->description);
    g_free((void *)vhost->name.data);
    g_free(vhost);
}

void
gmq_vhost_set_description(GmqVhost *vhost, const char *description)
{
    g_free(vhost->description);
    vhost->description = g_strdup(description);
    gmq_definition_keep_vhost_settings(vhost);
}

void
gmq_vhost_set_tags(GmqVhost *vhost, const char *const *tags)
{
    gmq_tags_set(vhost->tags, tags);
    gmq_definition_keep_vhost_settings(vhost);
}

const char *
gmq_vhost_limit_name(GmqVhostLimit limit)
{
    g_assert(limit < GMQ_N_VHOST_LIMITS);
    return limit_names[limit];
}

bool
gmq_vhost_set_limit(GmqVhost *vhost, GmqSlice name, int64_t value, GError **error)
{
    if (!gmq_limits_set(vhost->limits, limit_names, GMQ_N_VHOST_LIMITS, name, value, error))
        return false;
    gmq_definition_keep_vhost_settings(vhost);
    return true;
}
