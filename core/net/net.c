#include "core/net/net.h"

#include <sys/resource.h>

#include "core/broker/storage.h"
#include "core/net/chance.h"
#include "core/net/clock.h"
#include "core/net/disk.h"
#include "core/net/journal-log.h"
#include "core/net/listener.h"
#include "core/net/memory.h"
#include "core/net/peer.h"
#include "core/net/signals.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

#define GOODBYE_NS (5 * NS_PER_S)
#define GOODBYE_TEXT "the broker is shutting down"

/* Time for the disk to take the rest of the journal. */
#define END_NS (30 * NS_PER_S)

/* Patience with what the disk has in hands at the end, and when a second signal came. */
#define STOP_MS 5000
#define STOP_AT_ONCE_MS 1000

/* Tries to find a port that is free on both addresses, where an endpoint asks for any port. */
#define PORT_TRIES 16

struct GmqNet {
    GmqHost host;
    GmqLoop *loop;
    GmqSignals *signals;
    GmqPeers *peers;
    GmqRecording *recording; /* NULL: nobody writes down what the core is told */
    GmqBroker *broker;
    GmqAmqp *amqp;
    GmqRealDisk *disk; /* NULL: nothing is kept */
    GmqJournalLog journal_log;
    bool is_journal_ended;
    void (*stored)(void *user); /* NULL: nobody follows the disk */
    void *stored_user;
    GPtrArray *listeners; /* of GmqListener */
    GmqMemory memory;
    GmqChance chance;
    int64_t wake_at_ns;
    GmqAudience audience; /* turned is NULL without one */
    int64_t audience_at_ns;
};

static GmqNet *
net_of(GmqHost *host)
{
    return (GmqNet *)host;
}

static int64_t
host_now(GmqHost *host)
{
    return gmq_loop_now(net_of(host)->loop);
}

static int64_t
host_wall_ms(GmqHost *host)
{
    (void)host;
    return gmq_clock_wall_ms();
}

static void
host_wake_at(GmqHost *host, int64_t time_ns)
{
    net_of(host)->wake_at_ns = time_ns;
}

static size_t
host_write(GmqHost *host, GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    (void)host;
    return gmq_peer_write(peer, slices, n_slices);
}

static void
host_read_gate(GmqHost *host, GmqPeer *peer, bool open)
{
    (void)host;
    gmq_peer_gate(peer, open);
}

static void
host_close(GmqHost *host, GmqPeer *peer)
{
    (void)host;
    gmq_peer_close(peer);
}

static void
host_abort(GmqHost *host, GmqPeer *peer)
{
    (void)host;
    gmq_peer_abort(peer);
}

static uint64_t
host_random(GmqHost *host, GmqStream stream)
{
    (void)stream;
    return gmq_chance_take(&net_of(host)->chance);
}

static uint64_t
host_note(GmqHost *host, const GmqEvent *event)
{
    const GmqAudience *audience = &net_of(host)->audience;

    return audience->note(audience->user, event);
}

static const GmqHost host_functions = {
    .now       = host_now,
    .wall_ms   = host_wall_ms,
    .wake_at   = host_wake_at,
    .write     = host_write,
    .read_gate = host_read_gate,
    .close     = host_close,
    .abort     = host_abort,
    .random    = host_random,
    .note      = host_note,
};

/* Every connection is a file, and the usual soft limit of 1024 is there for select(2) alone. */
static void
raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

GmqNet *
gmq_net_new(GError **error)
{
    g_autoptr(GmqLoop) loop       = gmq_loop_new(error);
    g_autoptr(GmqSignals) signals = loop == NULL ? NULL : gmq_signals_new(loop, error);

    if (signals == NULL)
        return NULL;
    raise_file_limit();

    GmqNet *net         = g_new0(GmqNet, 1);
    net->host           = host_functions;
    net->peers          = gmq_peers_new(loop);
    net->listeners      = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_listener_free);
    net->wake_at_ns     = INT64_MAX;
    net->audience_at_ns = INT64_MAX;
    net->signals        = g_steal_pointer(&signals);
    net->loop           = g_steal_pointer(&loop);
    gmq_memory_init(&net->memory);
    return net;
}

void
gmq_net_free(GmqNet *net)
{
    if (net == NULL)
        return;
    g_ptr_array_unref(net->listeners);
    gmq_peers_free(net->peers);
    gmq_real_disk_free(net->disk);
    gmq_signals_free(net->signals);
    gmq_loop_free(net->loop);
    g_free(net);
}

GmqHost *
gmq_net_host(GmqNet *net)
{
    return &net->host;
}

GmqLoop *
gmq_net_loop(GmqNet *net)
{
    return net->loop;
}

/* ---- the disk ---- */

static void
on_stored(void *user, uint64_t ticket, GmqDiskResult result)
{
    GmqNet *net = user;

    gmq_recording_note(net->recording, GMQ_RECORDED_STORED, ticket, result, (GmqSlice){0});
    gmq_broker_stored(net->broker, ticket, result);
    if (net->stored != NULL)
        net->stored(net->stored_user);
}

/* There is trouble that no append told of, such as a file that cannot be made. */
static void
look_at_journal(GmqNet *net)
{
    if (gmq_journal_log_look(&net->journal_log, net->broker, gmq_real_disk_trouble(net->disk),
                             gmq_loop_now(net->loop)) &&
        net->stored != NULL)
        net->stored(net->stored_user);
}

bool
gmq_net_open_disk(GmqNet *net, const char *path, GError **error)
{
    net->disk = gmq_real_disk_new(net->loop, path, on_stored, net, error);
    if (net->disk == NULL)
        return false;
    net->host.disk = gmq_real_disk(net->disk);
    return true;
}

void
gmq_net_set_deadly_signals(GmqNet *net, bool are_deadly)
{
    gmq_signals_set_deadly(net->signals, are_deadly);
}

void
gmq_net_follow_disk(GmqNet *net, void (*stored)(void *user), void *user)
{
    net->stored      = stored;
    net->stored_user = user;
}

/* ---- the audience ---- */

void
gmq_net_set_audience(GmqNet *net, const GmqAudience *audience)
{
    net->audience       = audience == NULL ? (GmqAudience){0} : *audience;
    net->audience_at_ns = INT64_MAX;
    if (audience == NULL && gmq_host_is_heard(&net->host))
        net->host.unheard = 0;
}

static void
tell_audience(GmqNet *net)
{
    int64_t wait_ns = net->audience.turned(net->audience.user);

    net->audience_at_ns = wait_ns == INT64_MAX ? INT64_MAX : gmq_loop_now(net->loop) + wait_ns;
}

/* ---- serving ---- */

void
gmq_net_attach(GmqNet *net, GmqBroker *broker, GmqAmqp *amqp)
{
    net->broker = broker;
    net->amqp   = amqp;
    gmq_peers_attach(net->peers, amqp);
}

void
gmq_net_record(GmqNet *net, GmqRecording *recording)
{
    net->recording = recording;
    gmq_peers_record(net->peers, recording);
}

static void
accepted(void *user, int fd, const GmqAddress *from, const GmqAddress *to)
{
    GmqNet *net = user;

    gmq_peers_add(net->peers, fd, from, to);
}

/* Listens on every address of the endpoint, on one port: the first one's. */
static bool
listen_all(GmqNet *net, const GmqEndpoint *endpoint, GPtrArray *listeners, GError **error)
{
    uint16_t port = gmq_address_port(&endpoint->addresses[0]);

    for (unsigned i = 0; i < endpoint->n_addresses; i++) {
        g_autoptr(GError) failure = NULL;
        GmqAddress address        = endpoint->addresses[i];

        gmq_address_set_port(&address, port);
        GmqListener *listener = gmq_listener_new(net->loop, &address, accepted, net, &failure);
        if (listener != NULL) {
            port = gmq_address_port(gmq_listener_address(listener));
            g_ptr_array_add(listeners, listener);
        } else if (i == 0 ||
                   !g_error_matches(failure, GMQ_LISTENER_ERROR, GMQ_LISTENER_ERROR_NO_FAMILY)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
    return true;
}

bool
gmq_net_listen(GmqNet *net, const GmqEndpoint *endpoint, GError **error)
{
    bool any_port = gmq_address_port(&endpoint->addresses[0]) == 0;

    for (int n_left = any_port ? PORT_TRIES : 1;; n_left--) {
        g_autoptr(GError) failure = NULL;
        g_autoptr(GPtrArray) listeners =
            g_ptr_array_new_with_free_func((GDestroyNotify)gmq_listener_free);

        if (listen_all(net, endpoint, listeners, &failure)) {
            g_ptr_array_extend_and_steal(net->listeners, g_steal_pointer(&listeners));
            return true;
        }
        if (n_left == 1 ||
            !g_error_matches(failure, GMQ_LISTENER_ERROR, GMQ_LISTENER_ERROR_IN_USE)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
}

char *
gmq_net_describe(const GmqNet *net)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < net->listeners->len; i++) {
        char address[GMQ_ADDRESS_TEXT_MAX];
        bool is_last = i + 1 == net->listeners->len;

        if (i > 0)
            g_string_append(text, is_last ? " and " : ", ");
        g_string_append(text,
                        gmq_address_text(gmq_listener_address(net->listeners->pdata[i]), address));
    }
    return g_string_free(text, FALSE);
}

static int64_t
deadline_of(const GmqNet *net)
{
    int64_t deadline = MIN(net->wake_at_ns, gmq_peers_deadline(net->peers));

    deadline = MIN(deadline, net->audience_at_ns);
    if (net->recording != NULL)
        deadline = MIN(deadline, gmq_recording_deadline(net->recording));

    for (unsigned i = 0; i < net->listeners->len; i++)
        deadline = MIN(deadline, gmq_listener_deadline(net->listeners->pdata[i]));
    return MIN(deadline, gmq_memory_deadline(&net->memory));
}

/* What the core is told next. */
static void
note(GmqNet *net, GmqRecordedKind kind, const char *text)
{
    gmq_recording_note(net->recording, kind, 0, 0, gmq_slice_of(text));
}

static void
flush(GmqNet *net)
{
    note(net, GMQ_RECORDED_FLUSH, NULL);
    gmq_amqp_flush(net->amqp);
}

static void
turn(GmqNet *net, int64_t deadline_ns)
{
    gmq_loop_wait(net->loop, MIN(deadline_ns, deadline_of(net)));
    if (gmq_loop_now(net->loop) >= net->wake_at_ns) {
        net->wake_at_ns = INT64_MAX;
        note(net, GMQ_RECORDED_WOKEN, NULL);
        gmq_amqp_woken(net->amqp);
    }
    gmq_peers_finish(net->peers);
    flush(net);
    if (net->disk != NULL)
        look_at_journal(net);
    for (unsigned i = 0; i < net->listeners->len; i++)
        gmq_listener_resume(net->listeners->pdata[i]);
    gmq_memory_settle(&net->memory, gmq_loop_now(net->loop));
    if (net->audience.turned != NULL)
        tell_audience(net);
    if (net->recording != NULL)
        gmq_recording_turned(net->recording);
}

/* Waits for the clients' answers to the goodbye. */
static void
say_goodbye(GmqNet *net)
{
    int64_t deadline_ns = gmq_loop_now(net->loop) + GOODBYE_NS;

    note(net, GMQ_RECORDED_STOP, GOODBYE_TEXT);
    gmq_amqp_stop(net->amqp, GOODBYE_TEXT);
    flush(net);
    while (gmq_signals_count(net->signals) < 2 && gmq_amqp_connection_count(net->amqp) > 0 &&
           gmq_loop_now(net->loop) < deadline_ns)
        turn(net, deadline_ns);
}

/* With all connections gone, what is left for the journal is written, and that it ends here. */
static void
end_journal(GmqNet *net)
{
    int64_t deadline_ns = gmq_loop_now(net->loop) + END_NS;

    if (net->disk == NULL || net->broker == NULL || net->is_journal_ended)
        return;
    net->is_journal_ended = true;
    note(net, GMQ_RECORDED_LAST_BATCH, NULL);
    gmq_broker_stop_storage(net->broker);
    flush(net);
    while (gmq_signals_count(net->signals) < 2 && !gmq_broker_is_storage_idle(net->broker) &&
           gmq_loop_now(net->loop) < deadline_ns)
        turn(net, deadline_ns);
    if (gmq_signals_count(net->signals) < 2 && !gmq_broker_is_storage_idle(net->broker))
        g_message("the disk has not taken the rest of the journal within %d s: the next start "
                  "finds what was confirmed, as after a crash",
                  (int)(END_NS / NS_PER_S));
}

int
gmq_net_run(GmqNet *net)
{
    while (gmq_signals_count(net->signals) == 0)
        turn(net, INT64_MAX);
    g_ptr_array_set_size(net->listeners, 0);
    say_goodbye(net);
    if (gmq_signals_count(net->signals) < 2) {
        gmq_peers_hang_up(net->peers);
        end_journal(net);
    }
    return gmq_signals_count(net->signals) < 2 ? 0 : gmq_signals_last(net->signals);
}

bool
gmq_net_hang_up(GmqNet *net)
{
    bool is_urgent = gmq_signals_count(net->signals) >= 2;

    gmq_peers_hang_up(net->peers);
    if (!is_urgent)
        end_journal(net);
    if (net->disk == NULL || gmq_real_disk_stop(net->disk, is_urgent ? STOP_AT_ONCE_MS : STOP_MS))
        return true;
    g_message("the disk does not answer: it is left alone with what it was given, and the process "
              "ends when the kernel lets it");
    return false;
}
