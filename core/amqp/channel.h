/* channel.h - one channel: its consumers, its unacked deliveries, its publishes (AMQP.md 7).
 *
 * For the files of this folder. Handlers are one function per method, in a table by method id;
 * they return false after filling a fault, which closes the channel or the connection by its
 * code. */
#pragma once

#include "core/amqp/connection.h"
#include "core/amqp/publish-cache.h"
#include "core/amqp/unacked.h"
#include "core/amqp/unsafe.h"
#include "core/broker/firehose.h"
#include "core/broker/permission.h"

G_BEGIN_DECLS

/* A publish whose content is still coming. */
typedef struct {
    GmqMessage *message; /* NULL until the header is there, and for one that is too large */
    uint64_t size;       /* bytes of the body, once the header is there */
    uint64_t left;       /* those that no frame has announced yet */
    bool is_open;        /* a publish came; its header or body is awaited */
    bool has_header;
    bool is_too_large; /* above message_size_max: refused when it is complete */
    bool is_mandatory;
    uint8_t exchange_size;
    uint8_t key_size;
    uint8_t address[2 * GMQ_SHORTSTR_MAX]; /* exchange and routing key, kept for the header */
} GmqContent;

struct GmqChannel {
    GmqConnection *connection;
    GmqVhost *vhost;
    uint16_t number;
    GmqChannelState state; /* CLOSING: our close is out, all but close and close-ok is discarded
                              (7.3) */

    /* Consuming. */
    uint64_t next_tag; /* of the next delivery */
    GmqUnackedRing unacked;
    GQueue subscribers;       /* of GmqSubscriber; under a shared limit the one served last stands
                                 last; intrusive */
    GHashTable *tags;         /* of GmqSlice * (its tag) to GmqSubscriber, once there are more than
                                 a few; look-up only */
    uint16_t prefetch;        /* for consumers to come (15.2); 0: no limit */
    uint16_t shared_prefetch; /* for all together; 0: no limit */
    uint64_t shared_unacked;  /* deliveries of consumers that are out */
    bool has_own_timeout;     /* a consumer had one of its own (15.8) */

    /* Publishing. */
    GmqContent *content;         /* NULL until a publish comes in parts */
    GmqPublishCache *cache;      /* NULL until the first publish */
    const GmqExchange *writable; /* the user may write to it, as of that topology; lent */
    uint64_t writable_topology;
    bool is_confirming; /* confirm.select came */
    uint64_t published; /* publishes counted for confirms */
    uint64_t confirmed; /* those that were answered, or are known to unsafe */
    GmqUnsafe *unsafe;  /* NULL until one has to wait for the disk */
    bool has_confirms;  /* stands in connection->confirming */
    GList confirm_link;

    struct GmqTx *tx;            /* NULL without tx.select (12) */
    struct GmqReplyTo *reply_to; /* NULL without a reply consumer (20) */

    /* The name that an empty queue name means (10.1); owned. */
    GmqSlice last_queue;
};

/* ---- life (channel.c) ---- */

/* Ends the channel: consumers go, deliveries that are out are requeued in order (7.2, 16.6), and
 * it leaves its connection. cause is the event that led to it. */
void gmq_channel_free(GmqChannel *channel, uint64_t cause);

/* Refuses what the client did: closes the channel or, for a hard code, the connection. */
void gmq_channel_fail(GmqChannel *channel, const GmqFault *fault);

/* Sends a method on this channel. */
void gmq_channel_send(GmqChannel *channel, const GmqMethod *method);

/* ---- handlers by method: NULL where a client may not send it, or it is not there yet ---- */

typedef bool (*GmqHandler)(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* The handler of a method; NULL without one (channel-methods.c). */
GmqHandler gmq_channel_handler(GmqMethodId id);

/* on-exchange.c */
bool gmq_on_exchange_declare(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_exchange_delete(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_exchange_bind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_exchange_unbind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* on-queue.c */
bool gmq_on_queue_declare(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_queue_bind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_queue_unbind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_queue_purge(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_queue_delete(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* on-consume.c */
bool gmq_on_basic_qos(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_consume(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_cancel(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_get(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* on-ack.c */
bool gmq_on_basic_ack(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_nack(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_reject(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_recover(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_basic_recover_async(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* publish.c */
bool gmq_on_basic_publish(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* ---- content (content.c): what follows a publish ---- */

/* A header or body frame. */
bool gmq_channel_on_content_frame(GmqChannel *channel, const GmqFrame *frame, GmqFault *fault);

/* A body frame that is taken as its bytes come: checks it and returns the channel that wants the
 * bytes, or NULL when nobody does, maybe after having refused it. */
GmqChannel *gmq_channel_begin_body(GmqConnection *connection, const GmqFrame *frame);
void gmq_channel_add_body(GmqChannel *channel, GmqSlice bytes);
void gmq_channel_finish_body(GmqChannel *channel);

/* Where the next bytes of the body go; NULL when they are not kept. */
uint8_t *gmq_channel_body_window(GmqChannel *channel, size_t *size);
void gmq_channel_body_window_filled(GmqChannel *channel, size_t size);

void gmq_content_clear(GmqContent *content);

/* ---- publishing (publish.c) ---- */

/* A whole message: checks, routes, enqueues, returns and confirms it (11). Takes over the
 * caller's reference. */
bool gmq_channel_publish(GmqChannel *channel, GmqMessage *message, bool is_mandatory,
                         GmqFault *fault);

/* Handles a method's frame when it is a publish to the address of the last one, with its content
 * behind it in the input, and all that follow and are alike; false when it is anything else, and
 * nothing was done then. */
bool gmq_channel_publish_known(GmqChannel *channel, const GmqFrame *frame);

/* Hands the message to its queues, or back to the publisher when it is mandatory and has none.
 * Returns whether every queue took it. */
bool gmq_channel_hand_out(GmqChannel *channel, GmqMessage *message, bool is_mandatory,
                          const GPtrArray *queues);

/* ---- deliveries (deliver.c) ---- */

/* Appends basic.deliver, basic.get-ok or basic.return with the message's content. */
void gmq_channel_send_delivery(GmqChannel *channel, GmqSlice consumer_tag, uint64_t tag,
                               const GmqEntry *entry);
void gmq_channel_send_get_ok(GmqChannel *channel, uint64_t tag, const GmqEntry *entry,
                             uint32_t ready_count);
void gmq_channel_send_return(GmqChannel *channel, GmqMessage *message, unsigned code,
                             const char *text);

/* ---- confirms (confirm.c) ---- */

bool gmq_on_confirm_select(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

/* One more publish is done, of that message to those queues: it is acked with the turn, or once the
 * message is safe (11.9), or nacked when a queue refused it (11.10), or the disk fails. */
void gmq_channel_confirm(GmqChannel *channel, const GmqMessage *message, const GPtrArray *queues,
                         bool is_accepted);

/* Answers now what was counted so far. */
void gmq_channel_send_confirms(GmqChannel *channel);

/* ---- permissions (8): false with 403 when the user lacks one ---- */

static inline bool
gmq_channel_check_queue(const GmqChannel *channel, GmqAccess access, GmqSlice name, GmqFault *fault)
{
    return gmq_user_check_queue(channel->connection->session.user, channel->vhost, access, name,
                                fault);
}

/* For looking at a queue or exchange without making it, where the profile asks for any permission
 * on it (8.2): whether there is one. */
bool gmq_channel_may_look(const GmqChannel *channel, GmqSlice name);

static inline bool
gmq_channel_check_exchange(const GmqChannel *channel, GmqAccess access, GmqSlice name,
                           GmqFault *fault)
{
    return gmq_user_check_exchange(channel->connection->session.user, channel->vhost, access, name,
                                   fault);
}

/* Whose messages those of the channel are, for the firehose (27.1); lent. */
GmqTraced gmq_channel_traced(const GmqChannel *channel);

/* ---- names ---- */

/* The queue that a method means: its name, or the last declared one for an empty name (10.1);
 * 404 when there is none yet. */
bool gmq_channel_queue_name(const GmqChannel *channel, GmqSlice *name, GmqFault *fault);
void gmq_channel_remember_queue(GmqChannel *channel, GmqSlice name);

G_END_DECLS
