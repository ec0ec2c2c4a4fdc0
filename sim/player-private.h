/* player-private.h - the inside of a player, for the files that make it up. */
#pragma once

#include "sim/player.h"
#include "sim/recorder.h"

G_BEGIN_DECLS

/* A connection of the recording. */
struct GmqPeer {
    uint64_t number;
    GmqConnection *connection;
    GList link; /* in the player's order */
};

struct GmqPlayer {
    GmqHost host; /* the broker's; first */
    GmqDisk disk; /* likewise, when it had one */
    GmqRecordingFile *file;
    GmqTrace *trace;
    GmqRecorder *recorder;
    GmqServed *served;   /* NULL before the start */
    GHashTable *peers;   /* of GmqPeer by their number; look-up only */
    GQueue order;        /* of the same, in that of opened; intrusive */
    GHashTable *numbers; /* of small numbers of messages, by the broker's; likewise */
    GHashTable *ids;     /* of messages that are names; likewise */
    GHashTable *tickets; /* of appends that are not answered yet; likewise */
    GString *bytes;      /* of the input that is handled */
    GPtrArray *mended;   /* texts of the event that is traced */
    int64_t now_ns;
    int64_t wall_ms;
    uint64_t n_made_up; /* random numbers that no recording holds */
    bool is_over;
    bool is_last_batch;
    char *parted;
    GmqPlayed played;
};

/* The answer that the recording has next, of that kind. NULL when it has none: the runs part. */
const GmqRecorded *gmq_player_answer(GmqPlayer *player, GmqRecordedKind kind);

/* The runs part here: takes the sentence, which is freed. The first one stands. */
void gmq_player_part(GmqPlayer *player, char *sentence);

/* Who makes brokers; lent. */
const GmqServer *gmq_player_server(void);

/* ---- player-event.c ---- */

/* The broker announces something; returns its number. */
uint64_t gmq_player_note(GmqPlayer *player, const GmqEvent *event);

/* ---- player-input.c ---- */

/* The next record is an input: tells the broker. */
void gmq_player_handle(GmqPlayer *player, const GmqRecorded *next);

/* The clock moves on. False, and the runs part, when it cannot. */
bool gmq_player_take_time(GmqPlayer *player, const GmqRecorded *input);

/* The connection is gone. */
void gmq_player_forget_peer(GmqPlayer *player, GmqPeer *peer);

/* ---- player-disk.c ---- */

/* Fills in the broker's disk. */
void gmq_player_init_disk(GmqPlayer *player);

G_END_DECLS
