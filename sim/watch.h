/* watch.h - what passes on the wires of a world, told to whoever looks.
 *
 * A watcher changes nothing: it has no random numbers, plans nothing, and the run with it is the
 * run without it, byte for byte. */
#pragma once

#include "sim/scenario.h"

G_BEGIN_DECLS

typedef struct GmqWorld GmqWorld;
typedef struct GmqPipe GmqPipe;

typedef enum {
    GMQ_TO_BROKER,
    GMQ_FROM_BROKER,
    GMQ_N_SIDES,
} GmqWireSide;

/* A connection that both ends know of from now on. All is lent, as long as the world lives. */
typedef struct {
    const char *name;
    const GmqClientSpec *client;
    const GmqLinkSpec *links; /* to the broker, and from it, as they are now and will be */
    GmqPipe *pipes[GMQ_N_SIDES];
    int64_t knocked_ns; /* when the client began to connect */
} GmqWireConnection;

/* The connection is named "w1", and "w1#2" when its client comes again. Bytes are lent. */
typedef struct {
    /* A link took bytes from their sender. */
    void (*sent)(void *user, const char *connection, GmqWireSide side, GmqSlice bytes);

    /* Bytes reached their reader. */
    void (*arrived)(void *user, const char *connection, GmqWireSide side, GmqSlice bytes);

    /* There is a connection; or there is none, because no broker is there. Either may be NULL. */
    void (*connected)(void *user, const GmqWireConnection *connection);
    void (*refused)(void *user, const GmqClientSpec *client);
} GmqWatch;

/* From now on these are told, instead of those before. The watch is lent; NULL: nobody looks. */
void gmq_world_watch(GmqWorld *world, const GmqWatch *watch, void *user);

G_END_DECLS
