/* client.h - an AMQP 0-9-1 client without I/O: told bytes, it gives bytes and events.
 *
 * The host carries gmq_client_output() to the server and hands what comes back to
 * gmq_client_received(), in pieces of any size; gmq_client_tick() keeps the heartbeats. What to
 * send is said by the functions of send.h, what came is told by those of events.h.
 *
 * The client is strict: a server that sends what AMQP does not allow at that point ends the
 * connection with a sentence about it. It shares no code with the broker but the codec. */
#pragma once

#include "core/client/config.h"
#include "core/client/events.h"

G_BEGIN_DECLS

typedef struct GmqClient GmqClient;

typedef enum {
    GMQ_CLIENT_HANDSHAKING, /* from the start until `opened` */
    GMQ_CLIENT_OPEN,
    GMQ_CLIENT_CLOSING, /* connection.close was sent; no events but `closed` follow */
    GMQ_CLIENT_CLOSED,  /* when the output is written, the transport may go */
} GmqClientState;

/* Returns a client whose output is the protocol header. The config is copied, the events are lent
 * and must outlive the client, user is handed to each of them. */
GmqClient *gmq_client_new(const GmqClientConfig *config, const GmqClientEvents *events, void *user);
void gmq_client_free(GmqClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqClient, gmq_client_free)

/* Takes bytes from the server. They are lent for the call. */
void gmq_client_received(GmqClient *client, GmqSlice bytes);

/* The bytes that wait to be sent; valid until the next call of any function. Say by
 * gmq_client_wrote() how many of them the transport took. */
GmqSlice gmq_client_output(const GmqClient *client);
void gmq_client_wrote(GmqClient *client, size_t size);

/* Says that the transport has gone away. */
void gmq_client_lost(GmqClient *client);

/* Says what time it is, and returns when to say so again; INT64_MAX when there is no need. A
 * heartbeat is sent when nothing was written for half the heartbeat time, and the connection ends
 * when nothing was received for twice that time. Bytes count as of the tick that follows them, so
 * a host that ticks after each turn has it exactly. */
int64_t gmq_client_tick(GmqClient *client, int64_t now_ns);

/* Sends connection.close. Returns false when the connection is not open; a host that gives up
 * during the handshake just drops the transport. */
bool gmq_client_close(GmqClient *client, uint16_t code, const char *text);

GmqClientState gmq_client_state(const GmqClient *client);

/* How the connection ended; valid once it is closed. */
const GmqClientEnd *gmq_client_end(const GmqClient *client);

/* What was agreed on in the handshake; zeros before. A frame_max or channel_max of 0 is no limit,
 * a heartbeat of 0 is none. */
uint32_t gmq_client_frame_max(const GmqClient *client);
uint16_t gmq_client_channel_max(const GmqClient *client);
uint16_t gmq_client_heartbeat_s(const GmqClient *client);

/* Octets that came after the connection had ended. After a close that both agreed on, a server
 * sends none. */
uint64_t gmq_client_late_octets(const GmqClient *client);

G_END_DECLS
