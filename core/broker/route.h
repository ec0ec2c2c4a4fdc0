/* route.h - the way of one message through the exchanges: which queues get it (AMQP.md 10d).
 *
 * A route is a scratch pad that its owner reuses for message after message: it allocates only
 * while it grows. */
#pragma once

#include "core/base/fault.h"
#include "core/base/host.h"
#include "core/broker/binding.h"
#include "core/broker/message.h"
#include "core/broker/table-index.h"

G_BEGIN_DECLS

typedef struct GmqVhost GmqVhost;

typedef struct {
    /* What comes out. */
    GPtrArray *queues; /* of GmqQueue, each once, in the order they were reached */
    bool is_cacheable; /* nothing but topology, exchange and routing key decided it, and nobody
                          watches: a publisher may send another message without HEADERS property,
                          to the same exchange with the same key, to the same queues until
                          vhost->topology changes */

    GPtrArray *keepers; /* of GmqExchange, each once: those that look at the message once it is
                           published for good, see gmq_route_keep() */
    bool is_absorbed;   /* some exchange holds the message back, or knows that it was there before:
                           it counts as routed even without a queue */

    /* What exchange types read. */
    GArray *keys; /* of GmqSlice: the routing key, then those of CC and BCC */

    /* Our own. */
    GmqHost *host;
    GmqMessage *message;   /* lent */
    GPtrArray *pending;    /* of GmqExchange, each once: where the message goes through */
    GArray *headers;       /* of GmqTableEntry */
    GmqSlice header_table; /* the inside, lent from the message; empty without one */
    bool headers_known;    /* headers is made from header_table */
    bool has_match;        /* the exchange at hand found a binding */
    uint64_t stamp;        /* of vhost->route_stamp, differs for every route: marks queues and
                                  exchanges that were reached already */
} GmqRoute;

void gmq_route_init(GmqRoute *route, GmqHost *host);
void gmq_route_clear(GmqRoute *route);

/* Fills route->queues for the message published to that exchange with the message's routing key:
 * the exchange's own bindings, exchange-to-exchange ones, each exchange once (10.22), and the
 * alternate exchange of each exchange that found nothing (10.23). Reads CC and BCC from the header
 * table; one that is not an array is 406 (10.24) and false is returned, and a content header that
 * does not decode is 501.
 *
 * Announces each hop that brings the message somewhere new: ROUTED from exchange to queue or
 * exchange, with the binding's key; text is "queue", "exchange", or "alternate" on the way to an
 * alternate exchange. UNROUTABLE when no queue was found. The message is only read. */
bool gmq_route_message(GmqRoute *route, GmqExchange *exchange, GmqMessage *message,
                       GmqFault *fault);

/* The same in two steps, for a publisher who announces the message between them: the first checks
 * and says nothing, the second routes and cannot fail. */
bool gmq_route_begin(GmqRoute *route, GmqVhost *vhost, GmqMessage *message, GmqFault *fault);
void gmq_route_finish(GmqRoute *route, GmqExchange *exchange);

/* The message is published for good: shows it to the exchanges that may keep it. It comes without
 * BCC, and so may be another one than was routed. */
void gmq_route_keep(const GmqRoute *route, GmqMessage *message);

/* The same, and hands it to its queues: for who publishes without a publisher to answer to. */
void gmq_route_hand_out(const GmqRoute *route, GmqMessage *message);

/* For exchange types: the binding matched. */
void gmq_route_take(GmqRoute *route, const GmqBinding *binding);

/* For exchange types: a queue is reached without a binding, through its name. */
void gmq_route_take_queue(GmqRoute *route, const GmqExchange *exchange, GmqQueue *queue);

/* For exchange types: the message's headers, as gmq_table_index_fill() lays them out. */
const GArray *gmq_route_headers(GmqRoute *route);

G_END_DECLS
