/* broker-end.h - what stands at the broker's end of all connections of a world.
 *
 * Usually that is a broker in the world itself, on virtual time. It may also be one somewhere else,
 * which is reached over TCP and of which only the wire is seen (remote.h). */
#pragma once

#include "sim/sim-peer.h"

G_BEGIN_DECLS

typedef struct GmqBrokerEnd {
    /* Whether there is a broker to connect to. */
    bool (*is_there)(const GmqWorld *world);

    /* What the pipe to the broker tells; its user is the peer. */
    const GmqPipeEvents *to_broker;

    /* Both ends of the peer know of each other from now on. */
    void (*opened)(GmqPeer *peer);

    /* The pipe from the broker has room again. */
    void (*writable)(GmqPeer *peer);

    /* The peer is freed; NULL when there is nothing to do. */
    void (*freed)(GmqPeer *peer);

    /* The topology stands; likewise. */
    void (*begun)(GmqWorld *world);
} GmqBrokerEnd;

/* What the pipe to any broker tells the client, and of the line: writable, lost and died. */
void gmq_peer_has_room(void *peer);
void gmq_peer_lost_to_broker(void *peer, unsigned times);
void gmq_peer_died_to_broker(void *peer);

/* A broker of the world's own. */
extern const GmqBrokerEnd gmq_own_broker_end;

G_END_DECLS
