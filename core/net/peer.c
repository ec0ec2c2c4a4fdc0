#include "core/net/peer.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What one read takes at most: a few large bodies, since each turn that a busy producer causes
 * wakes a consumer too. Much larger ones fall out of the processor's cache. */
#define READ_MAX (512 * 1024)

/* After so much input in one batch of events the output leaves at once, so that a crowd of busy
 * producers does not keep every consumer waiting. */
#define TURN_MAX (1024 * 1024)

/* A socket that is closed while the peer still sends is reset by the kernel, and the reset can
 * overtake the last frames. So the rest is read and dropped until the peer hangs up too, but no
 * longer than this. */
#define LINGER_NS (3 * G_GINT64_CONSTANT(1000000000))

/* A slice is an iovec by another name, so slices are handed to the kernel as they are. */
G_STATIC_ASSERT(sizeof(GmqSlice) == sizeof(struct iovec));
G_STATIC_ASSERT(offsetof(GmqSlice, data) == offsetof(struct iovec, iov_base));
G_STATIC_ASSERT(offsetof(GmqSlice, size) == offsetof(struct iovec, iov_len));

typedef enum {
    STATE_OPEN,
    STATE_LINGERING, /* our side has ended; waiting for the peer's */
    STATE_GONE,      /* in the list of those that gmq_peers_finish() tells of */
} State;

struct GmqPeer {
    GmqWatch watch;
    GmqPeers *peers;
    GmqConnection *connection;
    GList link; /* in one of the three queues */
    int64_t linger_until_ns;
    int fd;
    uint32_t number; /* in a recording: 1, 2, 3 ... */
    uint8_t state;   /* State */
    bool gate_open;
    bool is_full;   /* the kernel took less than all: writable() is owed */
    uint32_t armed; /* what epoll watches for */
};

struct GmqPeers {
    GmqLoop *loop;
    GmqAmqp *amqp;
    GmqRecording *recording; /* NULL: nobody writes down what the core is told */
    uint32_t n_added;
    GQueue open;
    GQueue lingering; /* the one whose time is up first at the head */
    GQueue gone;
    size_t n_read; /* bytes since the last flush */
    uint8_t buffer[READ_MAX];
};

static GQueue *
queue_of(GmqPeers *peers, State state)
{
    GQueue *const queues[] = {&peers->open, &peers->lingering, &peers->gone};

    return queues[state];
}

static void
enter(GmqPeer *peer, State state)
{
    g_queue_unlink(queue_of(peer->peers, peer->state), &peer->link);
    peer->state = state;
    g_queue_push_tail_link(queue_of(peer->peers, state), &peer->link);
}

/* What is watched for changes only when epoll reports something unwanted or misses something
 * wanted. A gate that shuts and opens within a turn, or a socket that stays full, costs nothing. */
static void
arm(GmqPeer *peer, uint32_t events)
{
    if (peer->armed == events)
        return;
    peer->armed = events;
    gmq_loop_change(peer->peers->loop, peer->fd, events, &peer->watch);
}

GmqPeers *
gmq_peers_new(GmqLoop *loop)
{
    GmqPeers *peers = g_new0(GmqPeers, 1);

    peers->loop = loop;
    return peers;
}

void
gmq_peers_free(GmqPeers *peers)
{
    if (peers == NULL)
        return;
    gmq_peers_hang_up(peers);
    g_free(peers);
}

void
gmq_peers_attach(GmqPeers *peers, GmqAmqp *amqp)
{
    peers->amqp = amqp;
}

static void
count_input(GmqPeers *peers, size_t size)
{
    peers->n_read += size;
    if (peers->n_read < TURN_MAX)
        return;
    peers->n_read = 0;
    gmq_recording_note(peers->recording, GMQ_RECORDED_FLUSH, 0, 0, (GmqSlice){0});
    gmq_amqp_flush(peers->amqp);
}

void
gmq_peers_record(GmqPeers *peers, GmqRecording *recording)
{
    peers->recording = recording;
}

/* What the core is told next of the peer. */
static void
note(const GmqPeer *peer, GmqRecordedKind kind, GmqSlice bytes)
{
    gmq_recording_note(peer->peers->recording, kind, peer->number, 0, bytes);
}

/* Hands on size bytes, of which the first window_size went straight into the core's memory. */
static void
hand_on(GmqPeer *peer, const uint8_t *window, size_t window_size, size_t size)
{
    size_t placed = MIN(window_size, size);
    GmqSlice rest = {peer->peers->buffer, size - placed};

    if (placed > 0) {
        note(peer, GMQ_RECORDED_FILLED, (GmqSlice){window, placed});
        gmq_connection_window_filled(peer->connection, placed);
    }
    if (rest.size > 0) {
        note(peer, GMQ_RECORDED_RECEIVED, rest);
        gmq_connection_received(peer->connection, rest);
    }
    count_input(peer->peers, size);
}

/* One read per turn, so that nobody is kept waiting by a peer that sends without end. */
static void
read_some(GmqPeer *peer)
{
    size_t window_size    = 0;
    uint8_t *window       = gmq_connection_window(peer->connection, &window_size);
    struct iovec places[] = {
        {window, window_size},
        {peer->peers->buffer, READ_MAX},
    };
    ssize_t size = window == NULL ? recv(peer->fd, peer->peers->buffer, READ_MAX, 0)
                                  : readv(peer->fd, places, G_N_ELEMENTS(places));

    if (size > 0)
        hand_on(peer, window, window == NULL ? 0 : window_size, (size_t)size);
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        enter(peer, STATE_GONE);
}

static void
drop_some(GmqPeer *peer)
{
    ssize_t size = recv(peer->fd, peer->peers->buffer, READ_MAX, 0);

    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
        enter(peer, STATE_GONE);
}

static void
take_input(GmqPeer *peer, bool hung_up)
{
    if (peer->state == STATE_LINGERING)
        drop_some(peer);
    else if (peer->gate_open)
        read_some(peer);
    else if (hung_up)
        enter(peer, STATE_GONE);
    else
        arm(peer, peer->armed & ~(uint32_t)EPOLLIN);
}

static void
take_room(GmqPeer *peer)
{
    if (peer->is_full) {
        peer->is_full = false;
        note(peer, GMQ_RECORDED_WRITABLE, (GmqSlice){0});
        gmq_connection_writable(peer->connection);
    } else {
        arm(peer, peer->armed & ~(uint32_t)EPOLLOUT);
    }
}

static void
peer_ready(GmqWatch *watch, uint32_t events)
{
    GmqPeer *peer = (GmqPeer *)watch;
    bool hung_up  = (events & (EPOLLERR | EPOLLHUP)) != 0;

    if (peer->state == STATE_OPEN && (events & EPOLLOUT) != 0)
        take_room(peer);
    if (peer->state != STATE_GONE && (hung_up || (events & EPOLLIN) != 0))
        take_input(peer, hung_up);
}

bool
gmq_peers_add(GmqPeers *peers, int fd, const GmqAddress *from, const GmqAddress *to)
{
    char from_text[GMQ_ADDRESS_TEXT_MAX];
    char to_text[GMQ_ADDRESS_TEXT_MAX];
    char name[2 * GMQ_ADDRESS_TEXT_MAX + 4];
    GmqPeer *peer = g_new(GmqPeer, 1);

    *peer = (GmqPeer){
        .watch     = {peer_ready},
        .peers     = peers,
        .link      = {.data = peer},
        .fd        = fd,
        .number    = ++peers->n_added,
        .gate_open = true,
        .armed     = EPOLLIN,
    };
    if (!gmq_loop_add(peers->loop, fd, peer->armed, &peer->watch)) {
        close(fd);
        g_free(peer);
        return false;
    }
    g_snprintf(name, sizeof name, "%s -> %s", gmq_address_text(from, from_text),
               gmq_address_text(to, to_text));
    g_queue_push_tail_link(&peers->open, &peer->link);
    GmqPeerInfo info = {name, gmq_address_is_loopback(from)};
    gmq_recording_note(peers->recording, GMQ_RECORDED_OPENED, peer->number,
                       info.is_loopback ? 1 : 0, gmq_slice_of(name));
    peer->connection = gmq_amqp_opened(peers->amqp, peer, &info);
    return true;
}

static void
free_peer(GmqPeer *peer)
{
    g_queue_unlink(&peer->peers->gone, &peer->link);
    close(peer->fd);
    g_free(peer);
}

void
gmq_peers_finish(GmqPeers *peers)
{
    int64_t now = gmq_loop_now(peers->loop);

    while (peers->lingering.head != NULL &&
           ((GmqPeer *)peers->lingering.head->data)->linger_until_ns <= now)
        enter(peers->lingering.head->data, STATE_GONE);
    while (peers->gone.head != NULL) {
        GmqPeer *peer = peers->gone.head->data;
        note(peer, GMQ_RECORDED_CLOSED, (GmqSlice){0});
        gmq_connection_closed(peer->connection);
        free_peer(peer);
    }
    peers->n_read = 0;
}

void
gmq_peers_hang_up(GmqPeers *peers)
{
    while (peers->open.head != NULL)
        enter(peers->open.head->data, STATE_GONE);
    while (peers->lingering.head != NULL)
        enter(peers->lingering.head->data, STATE_GONE);
    gmq_peers_finish(peers);
}

int64_t
gmq_peers_deadline(const GmqPeers *peers)
{
    if (peers->gone.head != NULL)
        return 0;
    if (peers->lingering.head != NULL)
        return ((const GmqPeer *)peers->lingering.head->data)->linger_until_ns;
    return INT64_MAX;
}

/* Sends one call's worth. Returns 0 when the peer is full or gone. */
static size_t
send_some(GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    struct msghdr message = {
        .msg_iov    = (struct iovec *)(uintptr_t)slices,
        .msg_iovlen = MIN(n_slices, IOV_MAX),
    };
    ssize_t size;

    do
        size = sendmsg(peer->fd, &message, MSG_NOSIGNAL);
    while (size < 0 && errno == EINTR);
    if (size >= 0)
        return (size_t)size;
    if (errno != EAGAIN)
        enter(peer, STATE_GONE);
    return 0;
}

static size_t
size_of(const GmqSlice *slices, size_t n_slices)
{
    size_t size = 0;

    for (size_t i = 0; i < n_slices; i++)
        size += slices[i].size;
    return size;
}

static void
await_room(GmqPeer *peer)
{
    if (peer->state != STATE_OPEN)
        return;
    peer->is_full = true;
    arm(peer, peer->armed | EPOLLOUT);
}

size_t
gmq_peer_write(GmqPeer *peer, const GmqSlice *slices, size_t n_slices)
{
    size_t written = 0;

    while (n_slices > 0 && peer->state == STATE_OPEN) {
        size_t n_batch = MIN(n_slices, IOV_MAX);
        size_t size    = send_some(peer, slices, n_batch);
        written += size;
        if (size < size_of(slices, n_batch)) {
            await_room(peer);
            break;
        }
        slices += n_batch;
        n_slices -= n_batch;
    }
    return written;
}

void
gmq_peer_gate(GmqPeer *peer, bool open)
{
    peer->gate_open = open;
    if (open)
        arm(peer, peer->armed | EPOLLIN);
}

void
gmq_peer_close(GmqPeer *peer)
{
    if (peer->state != STATE_OPEN)
        return;
    if (shutdown(peer->fd, SHUT_WR) < 0) {
        enter(peer, STATE_GONE);
        return;
    }
    peer->linger_until_ns = gmq_loop_now(peer->peers->loop) + LINGER_NS;
    arm(peer, EPOLLIN);
    enter(peer, STATE_LINGERING);
}

void
gmq_peer_abort(GmqPeer *peer)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (peer->state == STATE_GONE)
        return;
    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    enter(peer, STATE_GONE);
}
