/* peer.h - one accepted connection as the host sees it: a socket between the kernel and the core.
 *
 * Peers read into one buffer that all share, so that an idle connection costs a few dozen bytes
 * here. A GmqPeers is all of them: it tells the core what came and that a connection is gone. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/net/address.h"
#include "core/net/loop.h"
#include "core/net/recording.h"

G_BEGIN_DECLS

typedef struct GmqPeers GmqPeers;

/* The loop is lent. */
GmqPeers *gmq_peers_new(GmqLoop *loop);

/* Every connection must have been hung up on before the core is freed, and so before this. */
void gmq_peers_free(GmqPeers *peers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPeers, gmq_peers_free)

/* Who is told; lent. Before the first peer. */
void gmq_peers_attach(GmqPeers *peers, GmqAmqp *amqp);

/* Has all that the core is told from then on written down; lent. Before the first peer. */
void gmq_peers_record(GmqPeers *peers, GmqRecording *recording);

/* Takes an accepted, non-blocking socket and tells the core of it. When the kernel has no room to
 * watch it, the socket is closed and the answer is false. */
bool gmq_peers_add(GmqPeers *peers, int fd, const GmqAddress *from, const GmqAddress *to);

/* Tells the core of the peers that are gone, and frees them. Once per turn, after the batch. */
void gmq_peers_finish(GmqPeers *peers);

/* Cuts all connections and tells the core so. */
void gmq_peers_hang_up(GmqPeers *peers);

/* When gmq_peers_finish() has something to do, at the latest; INT64_MAX: nothing is known. */
int64_t gmq_peers_deadline(const GmqPeers *peers);

/* The connections' part of GmqHost; see core/base/host.h. */
size_t gmq_peer_write(GmqPeer *peer, const GmqSlice *slices, size_t n_slices);
void gmq_peer_gate(GmqPeer *peer, bool open);
void gmq_peer_close(GmqPeer *peer);
void gmq_peer_abort(GmqPeer *peer);

G_END_DECLS
