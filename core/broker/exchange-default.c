/* The default exchange: the queue whose name equals the routing key (AMQP.md 10.18). It behaves as
 * if each queue were bound to it, and has no bindings of its own (10.15). */
#include "core/broker/exchange.h"
#include "core/broker/vhost.h"

static void
route_by_name(const GmqExchange *exchange, GmqRoute *route)
{
    for (unsigned i = 0; i < route->keys->len; i++) {
        GmqQueue *queue =
            gmq_vhost_find_queue(exchange->vhost, g_array_index(route->keys, GmqSlice, i));

        if (queue != NULL)
            gmq_route_take_queue(route, exchange, queue);
    }
}

const GmqExchangeType gmq_exchange_default = {
    .name         = "direct",
    .is_cacheable = true,
    .route        = route_by_name,
};
