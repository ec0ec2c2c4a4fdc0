#include "sim/remote.h"

#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "core/wire/buffer.h"
#include "sim/remote-source.h"
#include "sim/world-private.h"

#define ROOM_SIZE 65536

/* How long others wait for an answer that is not theirs. */
#define PATIENCE_NS INT64_C(1000000000)

/* A connection to the broker. */
typedef struct GmqLine {
    GmqRemote *remote;
    GmqPeer *peer; /* NULL when it is freed */
    GmqTap *tap;
    int fd; /* -1: none any more */
    bool is_connecting;
    bool is_ended;      /* nothing more comes from the client */
    bool is_shut;       /* and that was said */
    bool is_deaf;       /* what the broker still says is for nobody */
    bool is_due;        /* a step of it is in the schedule */
    short ready;        /* what poll() said */
    int64_t asked_ns;   /* when it began to wait for an answer; real time */
    GByteArray *unsaid; /* came from the client, and waits for its turn */
    GByteArray *out;    /* goes to the socket */
    GByteArray *in;     /* came from the socket and does not fit into the pipe */
} GmqLine;

struct GmqRemote {
    const GmqBrokerUrl *url;
    const GmqDial *dial;
    GmqTapBook *book;
    GPtrArray *lines;   /* of GmqLine, in the order of connecting; owned */
    GQueue speakers;    /* of GmqLine: have something unsaid, first come first */
    GArray *polled;     /* of struct pollfd */
    GPtrArray *asked;   /* of GmqLine: the first of polled */
    GPtrArray *sources; /* of GmqRemoteSource; lent */
    GmqProgramRecord *program;
    uint8_t *room;
    bool is_over;
    bool is_blind;
};

/* ---- making ---- */

static void
free_line(void *data)
{
    GmqLine *line = data;

    if (line->fd >= 0)
        close(line->fd);
    gmq_tap_free(line->tap);
    g_byte_array_unref(line->unsaid);
    g_byte_array_unref(line->out);
    g_byte_array_unref(line->in);
    g_free(line);
}

GmqRemote *
gmq_remote_new(const GmqBrokerUrl *url, const GmqDial *dial)
{
    GmqRemote *remote = g_new0(GmqRemote, 1);

    remote->url     = url;
    remote->dial    = dial;
    remote->book    = gmq_tap_book_new();
    remote->lines   = g_ptr_array_new_with_free_func(free_line);
    remote->polled  = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    remote->asked   = g_ptr_array_new();
    remote->sources = g_ptr_array_new();
    remote->program = gmq_program_record_new();
    remote->room    = g_malloc(ROOM_SIZE);
    g_queue_init(&remote->speakers);
    return remote;
}

void
gmq_remote_free(GmqRemote *remote)
{
    if (remote == NULL)
        return;
    g_queue_clear(&remote->speakers);
    g_ptr_array_unref(remote->lines);
    g_array_unref(remote->polled);
    g_ptr_array_unref(remote->asked);
    g_ptr_array_unref(remote->sources);
    gmq_program_record_free(remote->program);
    gmq_tap_book_free(remote->book);
    g_free(remote->room);
    g_free(remote);
}

void
gmq_remote_introduce(const GmqRemote *remote, GmqClientConfig *config)
{
    config->user     = remote->url->user;
    config->password = remote->url->password;
    config->vhost    = remote->url->vhost;
}

GPtrArray *
gmq_remote_sources(GmqRemote *remote)
{
    return remote->sources;
}

GmqProgramRecord *
gmq_remote_program(GmqRemote *remote)
{
    return remote->program;
}

const GmqBrokerUrl *
gmq_remote_broker(const GmqRemote *remote)
{
    return remote->url;
}

GmqTapBook *
gmq_remote_book(GmqRemote *remote)
{
    return remote->book;
}

static bool
is_there(const GmqWorld *world)
{
    return !world->remote->is_over;
}

/* ---- the end of a line ---- */

static void
hang_up(GmqLine *line)
{
    if (line->fd >= 0)
        close(line->fd);
    line->fd = -1;
    g_queue_remove(&line->remote->speakers, line);
    gmq_tap_ended(line->tap);
}

/* The broker has ended the connection, or never took it. */
static void
lose(GmqLine *line, bool is_reset)
{
    GmqPeer *peer = line->peer;

    peer->world->cause = 0;
    hang_up(line);
    gmq_pipe_abandon(peer->to_broker);
    if (is_reset)
        gmq_pipe_reset(peer->from_broker, peer->world->cause);
    else
        gmq_pipe_end(peer->from_broker, peer->world->cause);
}

/* ---- to the broker ---- */

static void
write_out(GmqLine *line)
{
    while (line->out->len > 0 && !line->is_connecting) {
        gssize n = gmq_dial_write(line->fd, (GmqSlice){line->out->data, line->out->len});

        if (n == -1)
            return;
        if (n < 0) {
            lose(line, true);
            return;
        }
        g_byte_array_remove_range(line->out, 0, (unsigned)n);
    }
    if (line->is_connecting || line->unsaid->len > 0)
        return;
    gmq_pipe_set_held(line->peer->to_broker, GMQ_HELD_BY_READER, false);
    if (line->is_ended && !line->is_shut) {
        line->is_shut = true;
        gmq_dial_end(line->fd);
    }
}

/* Whether somebody waits for an answer, and others with him. */
static bool
is_waited_for(const GmqRemote *remote, const GmqLine *speaker)
{
    int64_t now_ns = gmq_dial_clock();

    for (unsigned i = 0; i < remote->lines->len; i++) {
        const GmqLine *line = remote->lines->pdata[i];

        if (line != speaker && line->fd >= 0 && !line->is_deaf && gmq_tap_due(line->tap) > 0 &&
            now_ns - line->asked_ns < PATIENCE_NS)
            return true;
    }
    return false;
}

static void
speak(GmqLine *line)
{
    bool was_due = gmq_tap_due(line->tap) > 0;

    line->peer->world->cause = 0;
    gmq_tap_sent(line->tap, (GmqSlice){line->unsaid->data, line->unsaid->len});
    g_byte_array_append(line->out, line->unsaid->data, line->unsaid->len);
    g_byte_array_set_size(line->unsaid, 0);
    if (!was_due)
        line->asked_ns = gmq_dial_clock();
    write_out(line);
}

/* Whose turn it is. */
static void
let_speak(GmqRemote *remote)
{
    while (remote->speakers.length > 0) {
        GmqLine *line = g_queue_peek_head(&remote->speakers);

        if (is_waited_for(remote, line))
            return;
        g_queue_pop_head(&remote->speakers);
        speak(line);
    }
}

static void
on_arrived(void *user, GmqSlice bytes, uint64_t cause)
{
    GmqLine *line = ((GmqPeer *)user)->line;

    (void)cause;
    if (line->fd < 0)
        return;
    if (line->unsaid->len == 0)
        g_queue_push_tail(&line->remote->speakers, line);
    g_byte_array_append(line->unsaid, bytes.data, (unsigned)bytes.size);
}

/* What cannot be said yet stays on the link, as with any socket that is full. */
static void
on_turn_ended(void *user)
{
    const GmqPeer *peer = user;
    const GmqLine *line = peer->line;

    if (line->fd < 0)
        return;
    let_speak(line->remote);
    if (line->fd >= 0 && (line->unsaid->len > 0 || line->out->len > 0))
        gmq_pipe_set_held(peer->to_broker, GMQ_HELD_BY_READER, true);
}

static void
on_ended(void *user, bool is_reset, uint64_t cause)
{
    GmqPeer *peer = user;
    GmqLine *line = peer->line;

    peer->world->cause = cause;
    if (line->fd < 0)
        return;
    line->is_ended = true;
    line->is_deaf  = true;
    if (line->unsaid->len > 0) {
        g_queue_remove(&line->remote->speakers, line);
        speak(line);
    }
    peer->world->cause = cause;
    if (line->fd >= 0)
        gmq_tap_ended(line->tap);
    if (is_reset && line->fd >= 0) {
        gmq_dial_reset(line->fd);
        line->fd = -1;
    } else if (line->fd >= 0) {
        write_out(line);
    }
    let_speak(line->remote);
}

static const GmqPipeEvents to_broker_events = {
    .arrived    = on_arrived,
    .turn_ended = on_turn_ended,
    .ended      = on_ended,
    .writable   = gmq_peer_has_room,
    .lost       = gmq_peer_lost_to_broker,
    .died       = gmq_peer_died_to_broker,
};

/* ---- from the broker ---- */

static void
pass_on(GmqLine *line)
{
    if (line->in->len == 0)
        return;
    size_t taken =
        gmq_pipe_write(line->peer->from_broker, (GmqSlice){line->in->data, line->in->len},
                       line->peer->world->cause);
    g_byte_array_remove_range(line->in, 0, (unsigned)taken);
}

static void
read_in(GmqLine *line)
{
    gssize n = gmq_dial_read(line->fd, line->remote->room, ROOM_SIZE);

    if (n == -1)
        return;
    if (line->is_deaf && n <= 0) {
        hang_up(line);
        return;
    }
    if (n <= 0) {
        lose(line, n < 0);
        return;
    }
    if (line->is_deaf)
        return;
    line->peer->world->cause = 0;
    gmq_tap_received(line->tap, (GmqSlice){line->remote->room, (size_t)n});
    g_byte_array_append(line->in, line->remote->room, (unsigned)n);
    pass_on(line);
}

static void
on_writable(GmqPeer *peer)
{
    if (peer->line->fd >= 0 && !peer->line->is_deaf)
        pass_on(peer->line);
}

/* ---- steps ---- */

static void
finish_connecting(GmqLine *line)
{
    line->is_connecting = false;
    if (gmq_dial_result(line->fd) != 0)
        lose(line, true);
    else
        write_out(line);
}

static void
on_step(void *data)
{
    GmqLine *line = data;

    line->is_due = false;
    if (line->fd >= 0 && line->is_connecting && line->ready != 0)
        finish_connecting(line);
    else if (line->fd >= 0 && (line->ready & POLLOUT) != 0)
        write_out(line);
    if (line->fd >= 0 && !line->is_connecting && (line->ready & (POLLIN | POLLHUP | POLLERR)) != 0)
        read_in(line);
    let_speak(line->remote);
}

static void
on_turn(void *data)
{
    let_speak(data);
}

static void
on_opened(GmqPeer *peer)
{
    GmqRemote *remote = peer->world->remote;
    GmqLine *line     = g_new0(GmqLine, 1);

    line->remote        = remote;
    line->peer          = peer;
    line->tap           = gmq_tap_new(remote->book, peer);
    line->fd            = gmq_dial_start(remote->dial);
    line->is_connecting = true;
    line->unsaid        = g_byte_array_new();
    line->out           = g_byte_array_new();
    line->in            = g_byte_array_new();
    peer->line          = line;
    g_ptr_array_add(remote->lines, line);
    if (line->fd < 0)
        lose(line, true);
}

static void
on_freed(GmqPeer *peer)
{
    g_queue_remove(&peer->world->remote->speakers, peer->line);
    g_ptr_array_remove(peer->world->remote->lines, peer->line);
}

const GmqBrokerEnd gmq_remote_end = {
    .is_there  = is_there,
    .to_broker = &to_broker_events,
    .opened    = on_opened,
    .writable  = on_writable,
    .freed     = on_freed,
    .begun     = gmq_remote_announce,
};

/* ---- waiting ---- */

static short
wanted(const GmqLine *line)
{
    short events = 0;

    if (line->is_connecting || line->out->len > 0)
        events |= POLLOUT;
    if (!line->is_connecting && (line->is_deaf || line->in->len == 0))
        events |= POLLIN;
    return events;
}

static void
collect(GmqRemote *remote)
{
    g_array_set_size(remote->polled, 0);
    g_ptr_array_set_size(remote->asked, 0);
    for (unsigned i = 0; i < remote->lines->len; i++) {
        GmqLine *line = remote->lines->pdata[i];

        if (line->fd < 0 || line->is_due || wanted(line) == 0)
            continue;
        struct pollfd polled = {.fd = line->fd, .events = wanted(line)};
        g_array_append_val(remote->polled, polled);
        g_ptr_array_add(remote->asked, line);
    }
}

void
gmq_remote_wait(GmqRemote *remote, GmqWorld *world, int64_t start_ns, int64_t wait_ns)
{
    int64_t most_ns      = remote->speakers.length > 0 ? PATIENCE_NS / 50 : PATIENCE_NS / 2;
    struct timespec wait = {.tv_nsec = CLAMP(wait_ns, 0, most_ns)};

    collect(remote);
    gmq_remote_collect_sources(remote->sources, remote->polled);
    if (ppoll((struct pollfd *)(void *)remote->polled->data, remote->polled->len, &wait, NULL) < 0)
        return;
    int64_t now_ns = start_ns == 0 ? 0 : gmq_dial_clock() - start_ns;
    for (unsigned i = 0; i < remote->asked->len; i++) {
        GmqLine *line = remote->asked->pdata[i];

        line->ready = g_array_index(remote->polled, struct pollfd, i).revents;
        if (line->ready == 0)
            continue;
        line->is_due = true;
        gmq_schedule_add(world->schedule, now_ns, GMQ_PHASE_NETWORK, "a socket is ready", on_step,
                         line);
    }
    gmq_remote_plan_sources(
        remote->sources, world,
        (const struct pollfd *)(const void *)remote->polled->data + remote->asked->len, now_ns);
    if (remote->speakers.length > 0)
        gmq_schedule_add(world->schedule, now_ns, GMQ_PHASE_NETWORK, "it is somebody's turn",
                         on_turn, remote);
}

void
gmq_remote_hang_up(GmqRemote *remote)
{
    remote->is_over = true;
    for (unsigned i = 0; i < remote->lines->len; i++) {
        GmqLine *line = remote->lines->pdata[i];

        if (line->fd >= 0)
            close(line->fd);
        line->fd = -1;
    }
}

void
gmq_remote_set_blind(GmqRemote *remote)
{
    remote->is_blind = true;
}

bool
gmq_remote_is_blind(const GmqRemote *remote)
{
    return remote->is_blind;
}
