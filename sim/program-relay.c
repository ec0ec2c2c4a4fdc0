#include "sim/program-relay.h"

#include <poll.h>
#include <unistd.h>

#include "sim/real-dial.h"
#include "sim/world-private.h"

#define ROOM_SIZE 16384

/* What does not fit waits where it is. */
static void
look_at_socket(GmqProgramRelay *relay)
{
    bool is_on = relay->socket.fd >= 0 && relay->wire != NULL && relay->client->freezes == 0;
    short in   = relay->said->len == 0 && !relay->has_left ? POLLIN : 0;
    short out  = relay->heard->len > 0 ? POLLOUT : 0;

    relay->socket.events = is_on ? (short)(in | out) : 0;
}

/* To the program, as much as it takes. */
static void
pass_heard(GmqProgramRelay *relay)
{
    if (relay->heard->len == 0)
        return;
    gssize n = gmq_dial_write(relay->socket.fd, (GmqSlice){relay->heard->data, relay->heard->len});
    if (n == -2) {
        relay->has_left = true;
        g_byte_array_set_size(relay->heard, 0);
    } else if (n > 0) {
        g_byte_array_remove_range(relay->heard, 0, (unsigned)n);
    }
    gmq_pipe_set_held(relay->client->peer->from_broker, GMQ_HELD_BY_READER, relay->heard->len > 0);
}

/* From the program, as much as the link takes. */
static void
pass_said(GmqProgramRelay *relay)
{
    if (relay->said->len == 0)
        return;
    size_t taken =
        gmq_sim_peer_send(relay->client->peer, (GmqSlice){relay->said->data, relay->said->len});
    g_byte_array_remove_range(relay->said, 0, (unsigned)taken);
}

static void
end_if_over(GmqProgramRelay *relay)
{
    bool is_lost = relay->is_over && relay->heard->len == 0;
    const char *text;
    unsigned code = gmq_program_wire_end(relay->wire, &text);

    if (!is_lost && (!relay->has_left || relay->said->len > 0))
        return;
    g_autofree char *how = g_strdup(code != 0 ? text : is_lost ? "connection lost" : "closed");
    gmq_sim_client_end(relay->client, code, how);
}

void
gmq_program_relay_flush(void *data)
{
    GmqProgramRelay *relay = data;

    if (relay->wire == NULL)
        return;
    pass_heard(relay);
    pass_said(relay);
    end_if_over(relay);
    look_at_socket(relay);
}

static void
read_said(GmqProgramRelay *relay)
{
    uint8_t room[ROOM_SIZE];
    gssize n = gmq_dial_read(relay->socket.fd, room, sizeof room);

    if (n == -1)
        return;
    if (n <= 0)
        relay->has_left = true;
    else
        gmq_program_wire_said(relay->wire, (GmqSlice){room, (size_t)n}, relay->said);
}

static void
on_socket(void *data)
{
    GmqProgramRelay *relay = data;

    if (relay->wire == NULL || relay->client->peer == NULL)
        return;
    relay->client->world->cause = 0;
    if (relay->client->freezes == 0 && (relay->socket.ready & ~POLLOUT) != 0)
        read_said(relay);
    gmq_sim_client_flush(relay->client);
    look_at_socket(relay);
}

/* ---- its life ---- */

void
gmq_program_relay_init(GmqProgramRelay *relay, GmqSimClient *client)
{
    *relay = (GmqProgramRelay){
        .client = client,
        .socket = {.fd = -1, .action = on_socket, .data = relay},
        .said   = g_byte_array_new(),
        .heard  = g_byte_array_new(),
    };
}

static void
hang_up(GmqProgramRelay *relay, bool is_reset)
{
    int fd = relay->socket.fd;

    gmq_remote_forget(relay->client->world, &relay->socket);
    if (fd >= 0 && is_reset)
        gmq_dial_reset(fd);
    else if (fd >= 0)
        close(fd);
    g_clear_pointer(&relay->wire, gmq_program_wire_free);
    g_byte_array_set_size(relay->said, 0);
    g_byte_array_set_size(relay->heard, 0);
    relay->has_left = relay->is_over = false;
}

void
gmq_program_relay_clear(GmqProgramRelay *relay)
{
    hang_up(relay, false);
    g_byte_array_unref(relay->said);
    g_byte_array_unref(relay->heard);
}

void
gmq_program_relay_begin(GmqProgramRelay *relay, int socket)
{
    relay->socket.fd     = socket;
    relay->socket.events = 0;
    gmq_remote_watch(relay->client->world, &relay->socket);
    gmq_sim_client_dial(relay->client);
}

void
gmq_program_relay_opened(void *data)
{
    GmqProgramRelay *relay = data;

    relay->wire = gmq_program_wire_new(relay->client);
    look_at_socket(relay);
}

void
gmq_program_relay_heard(void *data, GmqSlice bytes)
{
    GmqProgramRelay *relay = data;

    gmq_program_wire_heard(relay->wire, bytes);
    g_byte_array_append(relay->heard, bytes.data, (unsigned)bytes.size);
}

void
gmq_program_relay_hung_up(void *data)
{
    ((GmqProgramRelay *)data)->is_over = true;
}

void
gmq_program_relay_lost(void *data)
{
    GmqProgramRelay *relay = data;
    const GmqPeer *peer    = relay->client->peer;

    hang_up(relay, peer != NULL && peer->is_broken);
}

/* ---- a second connection ---- */

static void *
make(GmqSimClient *client)
{
    GmqProgramRelay *relay = g_new0(GmqProgramRelay, 1);

    gmq_program_relay_init(relay, client);
    return relay;
}

static void
free_relay(void *role)
{
    gmq_program_relay_clear(role);
    g_free(role);
}

static bool
is_busy(const void *role)
{
    (void)role;
    return false;
}

const GmqRoleClass gmq_program_extra_class = {
    .make    = make,
    .free    = free_relay,
    .lost    = gmq_program_relay_lost,
    .died    = gmq_program_relay_lost,
    .opened  = gmq_program_relay_opened,
    .heard   = gmq_program_relay_heard,
    .hung_up = gmq_program_relay_hung_up,
    .flush   = gmq_program_relay_flush,
    .is_busy = is_busy,
};
