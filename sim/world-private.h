/* world-private.h - the inside of a world, for the files that make it up.
 *
 * Each input of the broker is one turn: gmq_world_begin_turn(), the input, gmq_world_end_turn().
 * In between the world is inside the core, and nothing that the core is told may happen there. */
#pragma once

#include "core/amqp/amqp.h"
#include "core/broker/storage.h"
#include "sim/check.h"
#include "sim/disk.h"
#include "sim/recorder.h"
#include "sim/schedule.h"
#include "sim/sim-client.h"
#include "sim/sim-peer.h"
#include "sim/streams.h"
#include "sim/timeline.h"
#include "sim/wire-log.h"
#include "sim/world.h"

G_BEGIN_DECLS

/* Limits of a run: of lines, of steps, of bytes (limit.h). */
#define GMQ_N_RUN_LIMITS 3

struct GmqWorld {
    GmqHost host; /* the world as the core sees it */
    const GmqScenario *scenario;
    uint64_t seed;
    GmqSchedule *schedule;
    GmqTrace *trace;
    GmqRecorder *recorder;
    GmqTally *tally;
    GmqTimeline *timeline;
    GmqCheck *check;       /* NULL: nobody looks */
    GmqWireLog *wire_log;  /* NULL: only the story is traced */
    const GmqWatch *watch; /* of the wires; NULL: nobody looks */
    void *watcher;
    GmqStreams *streams; /* all that anyone here draws from */
    GmqRandom core[GMQ_N_STREAMS];
    GmqRandom chunks;
    GmqRandom ties;
    struct GmqSites *sites; /* NULL but in the build for tests */
    GmqSimDisk *disk;       /* outlives the broker */
    bool is_damaged;        /* the disk lies, or a bit of it was turned over */

    const struct GmqBrokerEnd *end; /* of all connections */
    GmqRemote *remote;              /* NULL: the broker is one of our own */

    /* The broker; both are NULL while it is down. */
    GmqBroker *broker;
    GmqAmqp *amqp;
    bool is_inside;       /* the core, which must not be told anything now */
    bool is_stopping;     /* the broker leaves when its last connection has */
    bool is_last_batch;   /* and it has gone: the rest is being written */
    uint64_t wake_ticket; /* 0: no wake-up is asked for */
    unsigned freezes;     /* how often it is frozen */
    bool is_wake_held;    /* for when it thaws, as are the next two */
    bool is_stop_held;
    bool is_start_held;   /* it was told to start while it was still stopping */
    GArray *held_answers; /* of what the disk has done; see freeze.c */

    GPtrArray *clients;       /* of GmqSimClient, in the order of the file */
    GPtrArray *peers;         /* of GmqPeer, in the order of connecting */
    GmqNames *connections;    /* their names */
    GPtrArray *by_name;       /* of GmqPeer, by the number of its name; NULL: none */
    GmqClientSpec setup_spec; /* of the client that declares the topology */
    GmqSimClient *setup;
    int64_t look_ns; /* when the broker's bounds are looked at next */
    bool has_begun;  /* the topology stands */

    GPtrArray *link_sets; /* of what deed-link.c has set, oldest first; lent by the scenario */

    uint64_t cause; /* the event that led to what is being done now; 0: none */
    uint64_t limits[GMQ_N_RUN_LIMITS];
    uint64_t body_bytes; /* that clients have sent */
    bool is_cut_short;   /* by one of the limits */
    bool is_over;
    GmqVerdict verdict;
    GArray *outcomes; /* of GmqOutcome, after the end */
};

/* ---- world.c ---- */

int64_t gmq_world_now(const GmqWorld *world);

/* Announces an event at this time; without a cause of its own, that of the world. Returns its
 * number and makes it the cause of what follows. */
uint64_t gmq_world_note(GmqWorld *world, const GmqEvent *event);

/* The same because of that event, whatever it says itself. */
uint64_t gmq_world_note_because(GmqWorld *world, const GmqEvent *event, uint64_t cause);

/* The sentence of a check that broke, as an event. */
void gmq_world_break(GmqWorld *world, const char *who, const char *sentence);

GmqSimClient *gmq_world_find_client(const GmqWorld *world, const char *name);

/* Somebody who is not seen does that (setup.c). */
void gmq_world_order(GmqWorld *world, const GmqDeed *deed);

/* The topology stands: clients start and time goes on. */
void gmq_world_begin(GmqWorld *world);

/* ---- host.c: the broker's side ---- */

void gmq_world_init_host(GmqWorld *world);

/* A new connection, which is the world's from now on, and is found by its name. */
void gmq_world_add_peer(GmqWorld *world, GmqPeer *peer);

void gmq_world_begin_turn(GmqWorld *world, uint64_t cause);
void gmq_world_end_turn(GmqWorld *world);

/* The disk has done an append. */
void gmq_world_stored(void *world, uint64_t ticket, GmqDiskResult result);

/* Looks at what the broker holds, after a turn and now and then (bounds.c). */
void gmq_world_look_at_bounds(GmqWorld *world);

/* Starts a broker with what is on the disk, if it can read that. When one is still stopping it
 * starts after that; any other goes on as it is. */
void gmq_world_start_broker(GmqWorld *world);

/* It is gone at once with all that it knew, and says nothing any more; the disk loses that too. */
void gmq_world_crash_broker(GmqWorld *world, GmqDiskLoss loss, bool is_torn);

/* It closes all connections, writes the rest, and is gone. */
void gmq_world_stop_broker(GmqWorld *world);

/* A connection has gone from the broker's side, or the disk has done something. */
void gmq_world_check_stopped(GmqWorld *world);

/* ---- deed-disk.c, deed-link.c: all that was done to them is undone ---- */

void gmq_world_calm_disk(GmqWorld *world);
void gmq_world_calm_links(GmqWorld *world);

/* ---- freeze.c ---- */

void gmq_world_init_freeze(GmqWorld *world);
void gmq_world_clear_freeze(GmqWorld *world);

/* A frozen broker is told nothing, and its timers do not run; its clock goes on. Until it thaws
 * connections are made without it, and what comes waits. */
void gmq_world_freeze_broker(GmqWorld *world);
void gmq_world_thaw_broker(GmqWorld *world);

/* It is gone, frozen or not. */
void gmq_world_forget_freeze(GmqWorld *world);

/* While it is frozen: keeps what the disk has done for later. */
bool gmq_world_hold_answer(GmqWorld *world, uint64_t ticket, GmqDiskResult result);

/* The wake-up that it asked for is due. */
void gmq_world_wake_broker(void *world);

G_END_DECLS
