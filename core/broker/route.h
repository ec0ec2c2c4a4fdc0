/* route.h - the way of one message through the exchanges: which queues get it (AMQP.md 10d).
 *
 * A route is a scratch pad that its owner reuses for message after message: it allocates only
 * while it grows. */
#pragma once

#include "core/base/fault.h"
#include "core/base/host.h"
#include "core/broker/binding.h"
#include "core/broker/message.h"

G_BEGIN_DECLS

typedef struct {
    GmqMessage *message; /* lent */
    GPtrArray *queues;   /* of GmqQueue, each once, in the order they were reached */
    GArray *keys;        /* of GmqSlice: the routing key, then those of CC and BCC */
    GPtrArray *pending;  /* of GmqExchange: destinations still to be visited */
    GmqSlice headers;    /* the message's header table; read when the first type asks */
    bool headers_known;
    bool is_cacheable; /* nothing but the topology, exchange and key decided it */
    uint64_t stamp;    /* differs for every route: marks queues and exchanges already seen */
    GmqHost *host;
} GmqRoute;

void gmq_route_init(GmqRoute *route, GmqHost *host);
void gmq_route_clear(GmqRoute *route);

/* Fills route->queues for the message published to that exchange with the message's routing key:
 * the exchange's own bindings, exchange-to-exchange ones, each exchange once (10.22), and the
 * alternate exchange of each exchange that found nothing (10.23). Reads CC and BCC from the header
 * table; one that is not an array is 406 (10.24) and false is returned. Announces each hop. */
bool gmq_route_message(GmqRoute *route, GmqExchange *exchange, GmqMessage *message,
                       GmqFault *fault);

/* For exchange types: the binding matched with that key. */
void gmq_route_take(GmqRoute *route, GmqBinding *binding, GmqSlice key);

/* For exchange types: the inside of the message's header table, empty without one. */
GmqSlice gmq_route_headers(GmqRoute *route);

G_END_DECLS
