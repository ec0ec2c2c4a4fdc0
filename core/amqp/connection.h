/* connection.h - one AMQP connection: handshake, channels, heartbeats, close (AMQP.md 2, 3, 6).
 *
 * For the files of this folder; hosts see amqp.h. A connection owns its channels and its output.
 * It turns bytes into frames and frames into calls of the handlers in connection-methods.c and
 * channel.h. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/amqp/output.h"
#include "core/amqp/state.h"
#include "core/base/fault.h"
#include "core/base/site.h"
#include "core/broker/session.h"
#include "core/broker/timer.h"
#include "core/broker/vhost.h"
#include "core/wire/frame.h"
#include "core/wire/method.h"

G_BEGIN_DECLS

typedef struct GmqChannel GmqChannel;

/* A body frame that is taken as its bytes come. */
typedef struct {
    GmqChannel *channel; /* whose message gets them; NULL: nobody wants them */
    size_t left;         /* bytes of the payload that are still to come */
    bool is_open;        /* else the input stands between frames */
} GmqBodyStream;

struct GmqConnection {
    GmqAmqp *amqp;
    GmqHost *host;
    GmqPeer *peer;
    GmqBroker *broker;
    GmqVhost *vhost;    /* from connection.open on, until it is released */
    GmqSession session; /* likewise: who is in it */
    char *name;         /* the client-given name, or the peer's; owned */
    char *peer_name;    /* the peer's beside a client-given one, else NULL; owned */
    char *user;         /* from start-ok on; owned */
    bool is_loopback;
    GmqConnectionState state;

    /* What the client announced (2.5). */
    bool can_auth_failure_close;
    bool can_consumer_cancel;
    bool can_be_blocked;

    /* What was tuned. */
    uint32_t frame_max;   /* bytes; 0: no limit */
    uint16_t channel_max; /* 0: no limit */
    uint16_t heartbeat_s; /* 0: none */

    /* What may be published. */
    uint64_t message_size_max; /* bytes of a body: refused above, once it is in (4.3) */
    size_t whole_max;          /* see gmq_connection_set_whole_max() */
    bool is_held;              /* it published under an alarm: it waits, see blocking.h */
    GmqBuffer held;            /* what came since */
    GList held_link;

    /* Input: what is being parsed, and the head of a frame whose rest is still to come. */
    GmqSlice input;
    GmqBuffer pending;
    GmqBodyStream stream;

    GPtrArray *channels; /* of GmqChannel, by number; NULL until the first */
    GmqChannel *last_channel;
    GPtrArray *exclusive_queues; /* of GmqQueue, referenced; may hold some that are gone */
    unsigned sweep_at;           /* so many of them are looked through for those */

    GmqOutput output;
    GQueue confirming;   /* of GmqChannel with confirms to send; intrusive */
    GQueue waiting;      /* of GmqSubscriber that wait for the output to go out; intrusive */
    bool has_collected;  /* and these have waited for long enough */
    bool is_dirty;       /* stands in the list of those to write at the end of the turn */
    bool is_blocked;     /* the peer took less than all; writable() will come */
    bool is_gated;       /* the output is too long: nothing is read */
    bool is_shut;        /* the host was told to read nothing */
    bool is_announced;   /* conn.opened was noted, conn.closed not yet */
    bool is_handed_back; /* the host was told to close or abort */
    uint64_t gate;       /* nothing is written before the disk has come so far; 0: see gate.h */
    GList gate_link;
    GList dirty_link;
    GList link;

    /* Timers. */
    GmqTimer deadline; /* of the handshake, of a refusal, of a close */
    GmqTimer beat;     /* send something (6.1) */
    GmqTimer listen;   /* has anything come (6.2) */
    GmqTimer confirm;  /* confirms have been collected for long enough (11.8) */
    int64_t sent_ns;   /* when something was last sent */
    bool has_received; /* since the last look */
    uint8_t silences;  /* looks in a row that saw nothing */
};

/* Changes the state as state.def says. */
static inline void
gmq_connection_move(GmqConnection *connection, GmqConnectionMove move)
{
    connection->state = gmq_connection_state_after(connection->state, move);
}

/* Encodes a method into the connection's output. */
void gmq_connection_send(GmqConnection *connection, uint16_t channel, const GmqMethod *method);

/* The connection has output or confirms: it is written at the end of the turn. */
void gmq_connection_mark_dirty(GmqConnection *connection);

/* Ends the connection for a fault of the peer: channels are shut down, close is sent, and its
 * answer awaited (1, 2.13). Before tune-ok was accepted it falls silent instead (2.9). */
void gmq_connection_fail(GmqConnection *connection, const GmqFault *fault);

/* The same in any state: sends close and waits for its answer. */
void gmq_connection_close(GmqConnection *connection, const GmqFault *fault);

/* The same when the bytes that follow cannot be understood any more (3.2). */
void gmq_connection_fail_framing(GmqConnection *connection, const GmqFault *fault);

/* Falls silent, and drops the socket after GMQ_REFUSE_DELAY_MS. */
void gmq_connection_refuse(GmqConnection *connection);

/* Ends all channels and deletes exclusive queues; code and how are announced. */
void gmq_connection_release(GmqConnection *connection, unsigned code, GmqSlice how);

/* The connection's own exclusive queue, to be deleted with it (10.11). */
void gmq_connection_own_queue(GmqConnection *connection, GmqQueue *queue);

/* Hands the socket back: closed after the output has gone out. */
void gmq_connection_end(GmqConnection *connection);

/* The same at once, without anything being said any more. */
void gmq_connection_abort(GmqConnection *connection, GmqSlice how);

/* (Re)starts the deadline. */
void gmq_connection_set_deadline(GmqConnection *connection, int64_t ms);

/* Starts both heartbeat timers with the tuned interval. */
void gmq_connection_start_heartbeat(GmqConnection *connection);

/* A method on channel 0 (connection-methods.c). */
void gmq_connection_on_method(GmqConnection *connection, const GmqMethod *method);

/* The 8 bytes of the protocol header are there (connection-methods.c). */
void gmq_connection_on_header(GmqConnection *connection, GmqSlice header);

/* Asks for the timer of the confirms, unless it runs. */
void gmq_connection_start_collecting(GmqConnection *connection);

/* A deadline has passed (connection-timers.c). */
void gmq_connection_init_timers(GmqConnection *connection);
void gmq_connection_stop_timers(GmqConnection *connection);

/* The channel of that number; NULL when it is not open. */
GmqChannel *gmq_connection_find_channel(GmqConnection *connection, uint16_t number);

/* A frame on another channel than 0, while the connection runs (channel.c). */
void gmq_connection_on_channel_frame(GmqConnection *connection, const GmqFrame *frame);

/* Parses all of the input; returns when it is used up or the connection no longer reads
 * (connection-input.c). */
void gmq_connection_parse(GmqConnection *connection, GmqSlice bytes);

/* Sends the confirms of all channels (confirm.c). */
void gmq_connection_send_confirms(GmqConnection *connection);

/* Lets the consumers go on that waited for the output (subscriber.c). */
void gmq_connection_resume_subscribers(GmqConnection *connection);

/* What the host calls the peer, whatever the client calls itself. */
static inline const char *
gmq_connection_peer_name(const GmqConnection *connection)
{
    return connection->peer_name != NULL ? connection->peer_name : connection->name;
}

/* For events; NULL outside of a virtual host. */
static inline const GmqSlice *
gmq_connection_vhost_name(const GmqConnection *connection)
{
    return connection->vhost == NULL ? NULL : &connection->vhost->name;
}

static inline bool
gmq_connection_is_congested(const GmqConnection *connection)
{
    return (connection->output.size >= GMQ_OUTPUT_HIGH &&
            !GMQ_BUG(connection->host, OUTPUT_UNBOUNDED)) ||
           (connection->output.size > 0 && GMQ_SITE(connection->host, OUTPUT_SMALL));
}

G_END_DECLS
