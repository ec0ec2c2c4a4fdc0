/* player.h - lets a broker do again what a recording says, on virtual time.
 *
 * The player is the host of the broker: it tells it the inputs of the recording at their times, and
 * answers it as it was answered. So the broker announces the same events again, whose story
 * fingerprint must be the recorded one. Where it asks for something else than it did, the runs part
 * and the player ends. */
#pragma once

#include "core/amqp/amqp.h"
#include "sim/recording-file.h"
#include "sim/trace.h"

G_BEGIN_DECLS

typedef struct GmqServed GmqServed;

/* How glassmq serve makes its broker and does commands: the simulator does not know the server, so
 * whoever knows both hands it in (core/server/served.h). */
typedef struct {
    GmqServed *(*make)(GmqHost *host, GmqSlice settings, const GmqSlice *users, GError **error);
    void (*free)(GmqServed *served);
    GmqBroker *(*broker)(const GmqServed *served);
    GmqAmqp *(*amqp)(const GmqServed *served);
    void (*command)(GmqServed *served, GmqSlice line);
} GmqServer;

/* For all players of the process; the struct is lent. */
void gmq_player_set_server(const GmqServer *server);

typedef struct GmqPlayer GmqPlayer;

/* Both are lent. Events that the trace has no room for are left out of it, but count. */
GmqPlayer *gmq_player_new(GmqRecordingFile *file, GmqTrace *trace);
void gmq_player_free(GmqPlayer *player);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPlayer, gmq_player_free)

/* Lets the next input happen. False at the end. */
bool gmq_player_step(GmqPlayer *player);

/* At the end. */
typedef struct {
    uint64_t n_inputs; /* that the broker was told */
    uint64_t n_events;
    uint64_t n_left_out; /* of those, of the trace */
    uint64_t story;      /* their fingerprint */
    int64_t end_ns;
    bool is_whole;           /* the recording was brought to its end ... */
    uint64_t recorded_story; /* ... and says this */
    uint64_t recorded_events;
    const char *parted; /* a sentence about where the runs part; NULL: they do not. Lent */
} GmqPlayed;

void gmq_player_result(const GmqPlayer *player, GmqPlayed *played);

G_END_DECLS
