/* watch.h - what passes on the wires of a world, told to whoever looks.
 *
 * A watcher changes nothing: it has no random numbers, plans nothing, and the run with it is the
 * run without it, byte for byte. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqWorld GmqWorld;

typedef enum {
    GMQ_TO_BROKER,
    GMQ_FROM_BROKER,
    GMQ_N_SIDES,
} GmqWireSide;

/* The connection is named "w1", and "w1#2" when its client comes again. Bytes are lent. */
typedef struct {
    /* A link took bytes from their sender. */
    void (*sent)(void *user, const char *connection, GmqWireSide side, GmqSlice bytes);

    /* Bytes reached their reader. */
    void (*arrived)(void *user, const char *connection, GmqWireSide side, GmqSlice bytes);
} GmqWatch;

/* From now on these are told, instead of those before. The watch is lent; NULL: nobody looks. */
void gmq_world_watch(GmqWorld *world, const GmqWatch *watch, void *user);

G_END_DECLS
