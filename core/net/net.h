/* net.h - the real host: the broker's core on sockets, files, clock and signals of this machine.
 *
 *     g_autoptr(GmqNet) net = gmq_net_new(&error);
 *     gmq_net_open_disk(net, "/var/lib/glassmq", &error);         when anything is to be kept
 *
 *     g_autoptr(GmqBroker) broker = gmq_broker_new(gmq_net_host(net));
 *     gmq_broker_open_storage(broker, &report, &error);
 *     g_autoptr(GmqAmqp) amqp = gmq_amqp_new(broker, &config);
 *
 *     gmq_net_attach(net, broker, amqp);
 *     gmq_net_listen(net, &endpoint, &error);
 *     signal = gmq_net_run(net);
 *     gmq_net_hang_up(net);
 *
 * One loop turn takes what came from every connection, and ends with one flush of the core. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/net/address.h"
#include "core/net/loop.h"
#include "core/net/recording.h"

G_BEGIN_DECLS

typedef struct GmqNet GmqNet;

/* From here on SIGTERM and SIGINT are the net's, see gmq_net_run(), and the process may open as
 * many files as it may allow itself. */
GmqNet *gmq_net_new(GError **error);
void gmq_net_free(GmqNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqNet, gmq_net_free)

GmqHost *gmq_net_host(GmqNet *net);

/* The loop, lent, for whoever else wants to be served by it. What a watch there does to the broker
 * leaves with the flush at the end of the turn. */
GmqLoop *gmq_net_loop(GmqNet *net);

/* The directory of that path becomes the host's disk. Before the broker is made. */
bool gmq_net_open_disk(GmqNet *net, const char *path, GError **error);

/* Whether SIGTERM and SIGINT end the process at once, for the time that reading a long journal
 * takes: nobody is served yet, and there is nothing to lose. */
void gmq_net_set_deadly_signals(GmqNet *net, bool are_deadly);

/* Who hears of what the disk has done, and who serves the connections; lent. Once the broker's
 * storage is open, and before the first gmq_net_listen(). */
void gmq_net_attach(GmqNet *net, GmqBroker *broker, GmqAmqp *amqp);

/* Has stored(user) called whenever the broker has heard of an append, or its journal is in another
 * state. */
void gmq_net_follow_disk(GmqNet *net, void (*stored)(void *user), void *user);

/* Somebody who wants to know what happens. note takes an event while host->unheard is GMQ_HEARD,
 * which the audience sets, and returns its number. turned is called at the end of each turn, behind
 * the flush, and returns how many ns the loop may wait then, INT64_MAX: for ever. */
typedef struct {
    uint64_t (*note)(void *user, const GmqEvent *event);
    int64_t (*turned)(void *user);
    void *user;
} GmqAudience;

/* NULL: there is none any more, and events are unheard. */
void gmq_net_set_audience(GmqNet *net, const GmqAudience *audience);

/* Has all that the core is told from then on written down; lent, and the core's host is the
 * recording's. Before the first gmq_net_listen(). */
void gmq_net_record(GmqNet *net, GmqRecording *recording);

/* Listens on all addresses of the endpoint, or on none and answers false. */
bool gmq_net_listen(GmqNet *net, const GmqEndpoint *endpoint, GError **error);

/* Where it listens, "127.0.0.1:5672 and [::1]:5672"; the caller frees it. */
char *gmq_net_describe(const GmqNet *net);

/* Serves until a signal comes, then stops listening, bids every client goodbye and waits some
 * seconds for those that do not answer; then the journal is ended. Returns 0 after that, or the
 * number of the second signal, which ends the wait at once. */
int gmq_net_run(GmqNet *net);

/* Cuts the connections that are left, ends the journal unless a second signal came, and stops the
 * disk. After it the core may be freed. False, after a line in the log, when the disk does not
 * answer: then it works with bytes of the core, and the process can only be ended. */
bool gmq_net_hang_up(GmqNet *net);

G_END_DECLS
