/* publish-cache.h - where the last publish of a channel went.
 *
 * Most publishers send to one address again and again, and where that leads changes only with the
 * topology. Holds for messages without headers, since CC, BCC and headers exchanges read those. */
#pragma once

#include "core/base/limits.h"
#include "core/broker/route.h"
#include "core/broker/vhost.h"

G_BEGIN_DECLS

/* Exchange and routing key as shortstrs, one behind the other, as they stand on the wire and in a
 * message. */
#define GMQ_ADDRESS_MAX (2 * (GMQ_SHORTSTR_MAX + 1))

typedef struct {
    uint64_t topology; /* of the virtual host when this was found; 0: nothing is known */
    GPtrArray *queues; /* of GmqQueue, lent: a deleted one changes the topology */
    int64_t n_events;  /* of its way to them, the publish included */
    size_t address_size;
    uint8_t address[GMQ_ADDRESS_MAX];
} GmqPublishCache;

GmqPublishCache *gmq_publish_cache_new(void);
void gmq_publish_cache_free(GmqPublishCache *cache);

/* Whether the queues of that address are known. cache may be NULL. */
static inline bool
gmq_publish_cache_knows(const GmqPublishCache *cache, const GmqVhost *vhost, GmqSlice address)
{
    return cache != NULL && cache->topology == vhost->topology &&
           cache->address_size == address.size &&
           memcmp(cache->address, address.data, address.size) == 0;
}

/* Remembers the queues of a route for that address. */
void gmq_publish_cache_set(GmqPublishCache *cache, const GmqVhost *vhost, GmqSlice address,
                           const GPtrArray *queues);

G_END_DECLS
