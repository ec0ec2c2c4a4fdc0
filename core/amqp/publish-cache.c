#include "core/amqp/publish-cache.h"

GmqPublishCache *
gmq_publish_cache_new(void)
{
    GmqPublishCache *cache = g_new0(GmqPublishCache, 1);

    cache->queues = g_ptr_array_new();
    return cache;
}

void
gmq_publish_cache_free(GmqPublishCache *cache)
{
    g_ptr_array_unref(cache->queues);
    g_free(cache);
}

void
gmq_publish_cache_set(GmqPublishCache *cache, const GmqVhost *vhost, GmqSlice address,
                      const GPtrArray *queues)
{
    g_assert(address.size <= GMQ_ADDRESS_MAX);

    cache->topology     = vhost->topology;
    cache->address_size = address.size;
    memcpy(cache->address, address.data, address.size);
    g_ptr_array_set_size(cache->queues, 0);
    for (unsigned i = 0; i < queues->len; i++)
        g_ptr_array_add(cache->queues, g_ptr_array_index(queues, i));
}
