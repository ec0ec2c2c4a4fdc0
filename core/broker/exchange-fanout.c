/* A fanout exchange: all bindings, whatever the routing key (AMQP.md 10.19). */
#include "core/broker/exchange.h"

static void
route_to_all(const GmqExchange *exchange, GmqRoute *route)
{
    for (GList *link = exchange->bindings.head; link != NULL; link = link->next)
        gmq_route_take(route, link->data);
}

const GmqExchangeType gmq_exchange_fanout = {
    .name         = "fanout",
    .is_cacheable = true,
    .route        = route_to_all,
};
