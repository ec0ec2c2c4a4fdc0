#include "core/amqp/state.h"

#include "core/amqp/snapshot.h"

#define CONNECTION_MOVE(name, from, to, cause, answer)
#define CHANNEL_MOVE(name, from, to, cause, answer)
#define CHANNEL_STATE(name, word, text)
#define CONNECTION_STATE(name, word, text) {#name, word, text},
static const GmqStateView states[] = {
#include "core/amqp/state.def"
};
#undef CONNECTION_STATE
#undef CHANNEL_STATE

#define CONNECTION_STATE(name, word, text)
#define CHANNEL_STATE(name, word, text) {#name, word, text},
static const GmqStateView channel_states[] = {
#include "core/amqp/state.def"
};
#undef CHANNEL_STATE
#undef CONNECTION_MOVE

#define CHANNEL_STATE(name, word, text)
#define IN(name) (1u << GMQ_STATE_##name)
#define CONNECTION_MOVE(name, from, to, cause, answer) {from, GMQ_STATE_##to, cause, answer},
static const GmqMoveView moves[] = {
#include "core/amqp/state.def"
};
#undef CONNECTION_MOVE
#undef CHANNEL_MOVE
#undef IN

#define CONNECTION_MOVE(name, from, to, cause, answer)
#define IN(name) (1u << GMQ_CHANNEL_STATE_##name)
#define CHANNEL_MOVE(name, from, to, cause, answer) {from, GMQ_CHANNEL_STATE_##to, cause, answer},
static const GmqMoveView channel_moves[] = {
#include "core/amqp/state.def"
};
#undef IN

G_STATIC_ASSERT(G_N_ELEMENTS(states) == GMQ_N_STATES);
G_STATIC_ASSERT(G_N_ELEMENTS(channel_states) == GMQ_N_CHANNEL_STATES);
G_STATIC_ASSERT(G_N_ELEMENTS(moves) == GMQ_N_MOVES);
G_STATIC_ASSERT(G_N_ELEMENTS(channel_moves) == GMQ_N_CHANNEL_MOVES);

GmqConnectionState
gmq_connection_state_after(GmqConnectionState state, GmqConnectionMove move)
{
    g_assert(moves[move].from & (1u << state));

    return (GmqConnectionState)moves[move].to;
}

GmqChannelState
gmq_channel_state_after(GmqChannelState state, GmqChannelMove move)
{
    g_assert(channel_moves[move].from & (1u << state));

    return (GmqChannelState)channel_moves[move].to;
}

const char *
gmq_connection_state_word(GmqConnectionState state)
{
    return states[state].word;
}

const GmqMachineView *
gmq_snapshot_machines(size_t *n)
{
    static const GmqMachineView machines[] = {
        {"connection", states, G_N_ELEMENTS(states), moves, G_N_ELEMENTS(moves)},
        {"channel", channel_states, G_N_ELEMENTS(channel_states), channel_moves,
         G_N_ELEMENTS(channel_moves)},
    };

    *n = G_N_ELEMENTS(machines);
    return machines;
}
