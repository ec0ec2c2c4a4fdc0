/* remote.h - a broker that is somewhere else: connections to it over TCP.
 *
 * It takes the place of a world's own broker. What clients send goes through their links first, on
 * the time of the world, and then to a socket; what the broker answers goes into the link when it
 * is there. Taps tell what they see (tap.h).
 *
 * Our own broker answers in no time. So that requests reach this one in the same order, nobody else
 * speaks to it while one connection waits for the answer to a request, for a second at most. */
#pragma once

#include "core/client/config.h"
#include "sim/broker-end.h"
#include "sim/broker-url.h"
#include "sim/program.h"
#include "sim/real-dial.h"
#include "sim/tap.h"

G_BEGIN_DECLS

extern const GmqBrokerEnd gmq_remote_end;

/* Everything is lent and must outlive it. */
GmqRemote *gmq_remote_new(const GmqBrokerUrl *url, const GmqDial *dial);
void gmq_remote_free(GmqRemote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRemote, gmq_remote_free)

/* Fills in who a client is there, and where it wants to go. */
void gmq_remote_introduce(const GmqRemote *remote, GmqClientConfig *config);

GmqTapBook *gmq_remote_book(GmqRemote *remote);

/* Waits until a socket is ready, or so long but half a second at most, and puts what is to be done
 * with it into the world's schedule, for now. start_ns is the real time at which the world's time
 * began; with 0 it stands still. A signal ends the waiting. */
void gmq_remote_wait(GmqRemote *remote, GmqWorld *world, int64_t start_ns, int64_t wait_ns);

/* Of GmqRemoteSource, which are lent: who waits for files as well. */
GPtrArray *gmq_remote_sources(GmqRemote *remote);

/* What is known of the real programs among the clients; lent. */
GmqProgramRecord *gmq_remote_program(GmqRemote *remote);

/* Where the broker is, and who we are there; lent. */
const GmqBrokerUrl *gmq_remote_broker(const GmqRemote *remote);

/* Announces the topology, when the invisible client has declared it and the broker has agreed. */
void gmq_remote_announce(GmqWorld *world);

/* All connections end at once, as at the end of a run; nothing is told any more. */
void gmq_remote_hang_up(GmqRemote *remote);

/* The run ended before its time, or nobody could look into the queues at the end. */
void gmq_remote_set_blind(GmqRemote *remote);
bool gmq_remote_is_blind(const GmqRemote *remote);

G_END_DECLS
