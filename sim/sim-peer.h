/* sim-peer.h - a connection between a simulated client and the broker: two pipes and two ends.
 *
 * The broker's end is a GmqConnection, told by the turns of the world, or what broker-end.h says;
 * the client's end is told by the functions of sim-client.h. Either may go first; what was sent
 * before still arrives. */
#pragma once

#include "core/amqp/amqp.h"
#include "sim/pipe.h"
#include "sim/world.h"

G_BEGIN_DECLS

typedef struct GmqSimClient GmqSimClient;

/* Numbers of events that the broker announced when it sent something of one kind, oldest first:
 * the n-th that was sent is the n-th that arrives. */
typedef enum {
    GMQ_SENT_DELIVERY,
    GMQ_SENT_CONFIRM,
    GMQ_SENT_RETURN,
    GMQ_SENT_TX,
    GMQ_N_SENT,
} GmqSentKind;

struct GmqPeer {
    GmqWorld *world;
    GmqSimClient *client;      /* NULL when its end has gone */
    char *name;                /* of the connection: "w1", and "w1#2" when it comes again */
    GmqConnection *connection; /* NULL when the broker's end has gone, or is not in this world */
    struct GmqLine *line;      /* the way to a broker that is not; NULL otherwise */
    GmqPipe *to_broker;
    GmqPipe *from_broker;
    const GmqLinkSpec *links; /* to the broker, and from it */
    bool is_broken;           /* the line forgot it, whatever the ends know */
    bool is_unopened;         /* its broker is frozen, and knows nothing of it */
    bool owes_closed;         /* likewise: it closed it just before */
    bool owes_writable;       /* likewise */
    uint64_t refused_ticket;  /* an end that did not know is told; 0: no */
    uint64_t closed_ticket;   /* the core closed it, and will be told so; 0: no */
    GArray *sent[GMQ_N_SENT]; /* of uint64_t */
    unsigned n_taken[GMQ_N_SENT];
};

/* Connects both ends now, over the links of the client. */
GmqPeer *gmq_sim_peer_new(GmqWorld *world, GmqSimClient *client, const char *name);
void gmq_sim_peer_free(GmqPeer *peer);

/* The line ends the connection, for the ends that are told: after what is on its way to them and
 * not before slow_ns have passed, or at once and with the loss of all that. An end that is not told
 * of a break hears of it when it sends something. */
void gmq_sim_peer_close_line(GmqPeer *peer, bool is_client_told, bool is_broker_told,
                             int64_t slow_ns);
void gmq_sim_peer_break(GmqPeer *peer, bool is_client_told, bool is_broker_told);

/* An end that the line keeps from its ends is told to them. */
void gmq_sim_peer_calm(GmqPeer *peer);

/* The client's end: sends what fits and returns how much that was; says that it is done; or is gone
 * without a word. After either of the last two the peer tells it nothing more. */
size_t gmq_sim_peer_send(GmqPeer *peer, GmqSlice bytes);
void gmq_sim_peer_leave(GmqPeer *peer);

/* The broker's end has gone: its process is no more. */
void gmq_sim_peer_broker_gone(GmqPeer *peer);

/* The broker neither reads nor hears of anything; then it does again. */
void gmq_sim_peer_freeze_broker(GmqPeer *peer);
void gmq_sim_peer_thaw_broker(GmqPeer *peer);

/* What the core asks of its host. */
size_t gmq_sim_peer_write(GmqPeer *peer, const GmqSlice *slices, size_t n_slices);
void gmq_sim_peer_set_gate(GmqPeer *peer, bool is_open);
void gmq_sim_peer_close(GmqPeer *peer);
void gmq_sim_peer_abort(GmqPeer *peer);

/* Remembers the event with which something was sent; takes the oldest one, 0 without any. */
void gmq_sim_peer_note_sent(GmqPeer *peer, GmqSentKind kind, uint64_t number);
uint64_t gmq_sim_peer_take_sent(GmqPeer *peer, GmqSentKind kind);
bool gmq_sim_peer_has_sent(const GmqPeer *peer, GmqSentKind kind);

G_END_DECLS
