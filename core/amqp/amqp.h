/* amqp.h - AMQP 0-9-1 over one broker: what a host tells it, and when.
 *
 * The host opens connections, hands over the bytes that come, and says when one is gone. Inputs
 * only collect their output; gmq_amqp_flush() ends a turn and writes once per connection:
 *
 *     connection = gmq_amqp_opened(amqp, peer, &info);
 *     gmq_connection_received(connection, bytes);      ... any number of inputs ...
 *     gmq_amqp_flush(amqp);                            the turn's output leaves
 *
 * Everything is single-threaded and nothing here calls back into the host's input side. */
#pragma once

#include "core/base/host.h"
#include "core/base/limits.h"
#include "core/broker/broker.h"

G_BEGIN_DECLS

typedef struct GmqAmqp GmqAmqp;
typedef struct GmqConnection GmqConnection;

/* What is offered to clients (AMQP.md 2.3, 2.7). */
typedef struct {
    uint32_t frame_max;   /* bytes; 0: no limit */
    uint16_t channel_max; /* channels per connection; 0: no limit */
    uint16_t heartbeat_s; /* 0: none */
    const char *version;  /* of the program, for server-properties; a string that lives on */

    uint64_t message_size_max; /* bytes of a body (4.3); 0: what the broker's profile says */
    uint32_t ack_timeout_ms; /* for deliveries, unless the consumer sets its own (15.8); 0: none */
    uint32_t consumer_max;   /* per channel (7.6); 0: no limit */
    int64_t confirm_wait_ns; /* confirms may be collected so long (11.8); 0: for a turn */
} GmqAmqpConfig;

#define GMQ_AMQP_CONFIG_DEFAULT                                                                    \
    {                                                                                              \
        .frame_max = GMQ_FRAME_MAX_DEFAULT, .channel_max = GMQ_CHANNEL_MAX_DEFAULT,                \
        .heartbeat_s = GMQ_HEARTBEAT_DEFAULT_S, .version = "0.1.0", .message_size_max = 0,         \
        .ack_timeout_ms = GMQ_ACK_TIMEOUT_MS, .consumer_max = 0, .confirm_wait_ns = 0              \
    }

/* What the host knows about a peer. */
typedef struct {
    const char *name; /* "127.0.0.1:40112 -> 127.0.0.1:5672"; copied */
    bool is_loopback; /* guest may log in only from loopback (AMQP.md 2.6) */
} GmqPeerInfo;

/* Returns an AMQP side without connections. The broker is lent and must outlive it. */
GmqAmqp *gmq_amqp_new(GmqBroker *broker, const GmqAmqpConfig *config);

/* Frees it; every connection must have been closed before. */
void gmq_amqp_free(GmqAmqp *amqp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqAmqp, gmq_amqp_free)

/* Inputs. A connection lives from opened to closed; both come from the host. After the core called
 * the host's close or abort it ignores what is still received, and waits for closed. */
GmqConnection *gmq_amqp_opened(GmqAmqp *amqp, GmqPeer *peer, const GmqPeerInfo *info);
void gmq_connection_received(GmqConnection *connection, GmqSlice bytes);
void gmq_connection_writable(GmqConnection *connection);
void gmq_connection_closed(GmqConnection *connection);
void gmq_amqp_woken(GmqAmqp *amqp);

/* What it does, in the words of RabbitMQ's listings: "starting", "tuning", "opening", "running",
 * "flow" while it does not take its answers, "blocking" while an alarm is on, "blocked" once it has
 * published under one (24.1), "closing", "closed". */
const char *gmq_connection_state(const GmqConnection *connection);

/* Ends a turn: deliveries that became possible are made and all collected output is written, once
 * per connection. */
void gmq_amqp_flush(GmqAmqp *amqp);

/* In the middle of a large body: where its next bytes go, so that the host can read them there
 * without a copy. Returns NULL when there is no such place now; otherwise *size is at least 1 and
 * the place is valid until the next input. What was read there is told by
 * gmq_connection_window_filled() instead of received(). */
uint8_t *gmq_connection_window(GmqConnection *connection, size_t *size);
void gmq_connection_window_filled(GmqConnection *connection, size_t size);

/* Begins a graceful stop: connection.close 320 with that text to every client, nothing new is
 * accepted. The host goes on with its turns until gmq_amqp_connection_count() is 0. */
void gmq_amqp_stop(GmqAmqp *amqp, const char *text);

/* Closes the connection that the host named so when it opened it, or all, with the same code and
 * that text: somebody wants it. Those that are closing already stay as they are. The first returns
 * false when there is no such connection, the second how many it closed. */
bool gmq_amqp_close_connection(GmqAmqp *amqp, GmqSlice name, const char *text);
size_t gmq_amqp_close_all(GmqAmqp *amqp, const char *text);

size_t gmq_amqp_connection_count(const GmqAmqp *amqp);

G_END_DECLS
