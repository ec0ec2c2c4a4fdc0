/* state.h - where a connection or a channel stands in its life, as state.def says.
 *
 * For the files of this folder; pictures see gmq_snapshot_machines(). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CHANNEL_STATE(name, word, text)
#define CONNECTION_MOVE(name, from, to, cause, answer)
#define CHANNEL_MOVE(name, from, to, cause, answer)
#define CONNECTION_STATE(name, word, text) GMQ_STATE_##name,
typedef enum {
#include "core/amqp/state.def"
    GMQ_N_STATES,
} GmqConnectionState;
#undef CONNECTION_STATE
#undef CHANNEL_STATE

#define CONNECTION_STATE(name, word, text)
#define CHANNEL_STATE(name, word, text) GMQ_CHANNEL_STATE_##name,
typedef enum {
#include "core/amqp/state.def"
    GMQ_N_CHANNEL_STATES,
} GmqChannelState;
#undef CHANNEL_STATE
#undef CONNECTION_MOVE

#define CHANNEL_STATE(name, word, text)
#define CONNECTION_MOVE(name, from, to, cause, answer) GMQ_MOVE_##name,
typedef enum {
#include "core/amqp/state.def"
    GMQ_N_MOVES,
} GmqConnectionMove;
#undef CONNECTION_MOVE
#undef CHANNEL_MOVE

#define CONNECTION_MOVE(name, from, to, cause, answer)
#define CHANNEL_MOVE(name, from, to, cause, answer) GMQ_CHANNEL_MOVE_##name,
typedef enum {
#include "core/amqp/state.def"
    GMQ_N_CHANNEL_MOVES,
} GmqChannelMove;
#undef CONNECTION_STATE
#undef CHANNEL_STATE
#undef CONNECTION_MOVE
#undef CHANNEL_MOVE

/* The state after that move, which must be one that may start in this state. */
GmqConnectionState gmq_connection_state_after(GmqConnectionState state, GmqConnectionMove move);
GmqChannelState gmq_channel_state_after(GmqChannelState state, GmqChannelMove move);

/* "running", as lists of connections call a state. */
const char *gmq_connection_state_word(GmqConnectionState state);

G_END_DECLS
