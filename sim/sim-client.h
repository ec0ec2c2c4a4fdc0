/* sim-client.h - a client of a scenario: its life from start to stop, whatever its role.
 *
 * It speaks AMQP by core/client over a peer. It starts, connects, is opened, does what its role
 * wants, and may be cut, crash, stop, and come back. It never looks into the broker. */
#pragma once

#include "core/client/client.h"
#include "core/client/send.h"
#include "sim/outgoing.h"
#include "sim/sim-peer.h"

G_BEGIN_DECLS

/* The only channel that clients use. */
#define GMQ_SIM_CHANNEL 1

/* Bytes of a heartbeat: all that a client that is ready sends besides publishes or acks. */
#define GMQ_HEARTBEAT_SIZE 8

typedef enum {
    GMQ_SIM_OFF,        /* not started, stopped, crashed, or without hope of another connection */
    GMQ_SIM_CONNECTING, /* until both ends know of the connection */
    GMQ_SIM_OPENING,    /* until the channel can be used */
    GMQ_SIM_READY,
    GMQ_SIM_CLOSING, /* on its own wish */
    GMQ_SIM_WAITING, /* for the time to connect again */
} GmqSimState;

/* What a role does; each is told the client. Entries may be NULL. */
typedef struct {
    void *(*make)(GmqSimClient *client);
    void (*free)(void *role);

    /* It starts; NULL for those that connect at once. Others dial when they like, and after the end
     * of a connection are GMQ_SIM_WAITING for that. */
    void (*started)(void *role);

    /* The channel can be used; and it cannot any more, which may be told more than once. */
    void (*ready)(void *role);
    void (*lost)(void *role);

    /* Everything that was to be sent is on its way. */
    void (*room)(void *role);

    /* The process is gone: everything in its hands is forgotten. */
    void (*died)(void *role);

    void (*replied)(void *role, const GmqMethod *method);
    void (*delivered)(void *role, const GmqBasicDeliver *deliver, const GmqClientContent *content);
    void (*got)(void *role, const GmqBasicGetOk *got, const GmqClientContent *content);
    void (*empty)(void *role); /* the answer to basic.get that there is nothing */
    void (*cancelled)(void *role, GmqSlice consumer_tag);
    void (*returned)(void *role, const GmqBasicReturn *method, const GmqClientContent *content);
    void (*confirmed)(void *role, uint64_t number, bool multiple, bool is_ack);

    /* Sends one message more, now. NULL for those that need remember nothing of it. */
    void (*publish)(void *role, const GmqMessageSpec *message);

    /* Whether it has something to do that is not done. */
    bool (*is_busy)(const void *role);

    /* All four or none, of a role that speaks no AMQP by itself: there is a connection, which stays
     * GMQ_SIM_OPENING; bytes came; the other end has gone; and it is the time to send, and to end
     * when that is so. */
    void (*opened)(void *role);
    void (*heard)(void *role, GmqSlice bytes);
    void (*hung_up)(void *role);
    void (*flush)(void *role);
} GmqRoleClass;

extern const GmqRoleClass gmq_producer_class;
extern const GmqRoleClass gmq_consumer_class;
extern const GmqRoleClass gmq_getter_class;
extern const GmqRoleClass gmq_rpc_server_class;
extern const GmqRoleClass gmq_admin_class;
extern const GmqRoleClass gmq_rpc_client_class;
extern const GmqRoleClass gmq_raw_class;

/* The invisible client: declares the topology, leaves, and lets the world begin. */
extern const GmqRoleClass gmq_setup_class;

struct GmqSimClient {
    GmqWorld *world;
    const GmqClientSpec *spec;
    GmqLinkSpec links[2]; /* to the broker, and from it, as they are now */
    const GmqRoleClass *class_;
    void *role;

    GmqSimState state;
    GmqClient *amqp;     /* NULL without a connection */
    GmqPeer *peer;       /* likewise */
    uint64_t generation; /* connections so far */
    bool is_leaving;     /* it was told to stop */
    uint64_t n_named;    /* messages so far, which are called "NAME-1" and so on */
    uint64_t attempts;   /* to connect, since it last succeeded */

    uint64_t ticket;      /* of the next step of its life; 0: none */
    uint64_t tick_ticket; /* of the next tick of its heartbeat; 0: none */
    int64_t tick_ns;

    GmqRandom jitter[2]; /* to the broker, and from it */
    GmqRandom loss[2];   /* likewise */
    unsigned cuts[2];    /* how often each direction is cut */
    unsigned clogs[2];   /* likewise */
    bool is_held;        /* its connecting waits for the end of that */
    int64_t knocked_ns;  /* when it began to connect */

    GmqOwner clock;     /* its time, which stands still while it is frozen */
    unsigned freezes;   /* how often it is frozen */
    bool owes_flush;    /* for when it thaws */
    bool is_stop_held;  /* likewise: it was told to stop */
    bool is_start_held; /* and then to start */
    uint64_t cause;     /* the event that made it connect */

    GPtrArray *orders; /* of GmqDeed: what the timeline wants of it, and is not answered yet */
    unsigned n_orders_sent;

    size_t n_waiting;       /* bytes that its link had no room for */
    uint64_t waiting_cause; /* why they are sent */

    unsigned end_code; /* why the broker ended its channel; 0: it did not */
    char *end_text;
};

/* Returns a client that is off. All is lent and must outlive it. */
GmqSimClient *gmq_sim_client_new(GmqWorld *world, const GmqClientSpec *spec,
                                 const GmqLinkSpec *links, const GmqRoleClass *class_);
void gmq_sim_client_free(GmqSimClient *client);

/* What the timeline does with it. A start of what runs and a stop of what does not are nothing. */
void gmq_sim_client_start(GmqSimClient *client);
void gmq_sim_client_stop(GmqSimClient *client);
void gmq_sim_client_crash(GmqSimClient *client);
void gmq_sim_client_cut(GmqSimClient *client, GmqCutSide side);
void gmq_sim_client_heal(GmqSimClient *client, GmqCutSide side);
void gmq_sim_client_clog(GmqSimClient *client, GmqCutSide side);
void gmq_sim_client_unclog(GmqSimClient *client, GmqCutSide side);

/* A frozen client neither reads nor writes, and its time stands still; what arrives waits in front
 * of it. What is off cannot freeze. */
void gmq_sim_client_freeze(GmqSimClient *client);
void gmq_sim_client_thaw(GmqSimClient *client);

/* Whatever of this befell it is over. */
void gmq_sim_client_calm(GmqSimClient *client);

/* Its links have changed: its pipes hear of it. */
void gmq_sim_client_links_changed(GmqSimClient *client);

/* Its start, when the scenario says. */
void gmq_sim_client_plan_start(GmqSimClient *client);

/* What the timeline wants it to do, as soon as it can; see orders.h. The deed is lent. */
void gmq_sim_client_order(GmqSimClient *client, const GmqDeed *deed);

/* Its channel can be used; a method came that may answer an order, true when it does; all that was
 * sent is lost. */
void gmq_sim_client_send_orders(GmqSimClient *client);
bool gmq_sim_client_take_answer(GmqSimClient *client, const GmqMethod *method);
void gmq_sim_client_lose_orders(GmqSimClient *client);

/* What its peer tells. */
void gmq_sim_client_received(GmqSimClient *client, GmqSlice bytes, uint64_t cause);
void gmq_sim_client_turn_ended(GmqSimClient *client);
void gmq_sim_client_writable(GmqSimClient *client);
void gmq_sim_client_lost(GmqSimClient *client);

/* For roles: the time as the client knows it, and a step of its own so long from now: it comes
 * later when the client is frozen meanwhile. Returns a ticket of the world's schedule. */
int64_t gmq_sim_client_now(const GmqSimClient *client);
uint64_t gmq_sim_client_plan(GmqSimClient *client, int64_t delay_ns, GmqPhase phase,
                             const char *what, GmqAction action, void *target);

/* For roles: after anything that sends outside of an input of the client. */
void gmq_sim_client_flush(GmqSimClient *client);

/* For roles that are started() and are off or waiting: connects now. */
void gmq_sim_client_dial(GmqSimClient *client);

/* Asks the broker for a connection, over a line on which that waits so long. */
void gmq_sim_client_knock(GmqSimClient *client, int64_t wait_ns);

/* Both ends know of a new connection: AMQP begins. */
void gmq_sim_client_open(GmqSimClient *client);

/* After an end: connects again, if that was asked for, or is off. */
void gmq_sim_client_come_back(GmqSimClient *client);

/* Sends a message and announces that; the client must be ready. Flush when all is said. */
bool gmq_sim_client_publish(GmqSimClient *client, const GmqOutgoing *outgoing);

/* Likewise one that is said so, under the next name of the client, and flushes. */
void gmq_sim_client_publish_spec(GmqSimClient *client, const GmqMessageSpec *message);

/* The connection is at its end, with that code of the broker, 0 without one; it may come back. */
void gmq_sim_client_end(GmqSimClient *client, unsigned code, const char *how);

/* Ends the connection without a word; it may come back. */
void gmq_sim_client_drop(GmqSimClient *client, const char *how);

/* For roles: closes the connection in an orderly way, in the middle of everything. It may come
 * back. */
void gmq_sim_client_close(GmqSimClient *client, const char *why);

/* Notes an event of the client; who is filled in. */
uint64_t gmq_sim_client_note(GmqSimClient *client, GmqEvent event);

/* Whether it has, or may get, something to do. */
bool gmq_sim_client_is_busy(const GmqSimClient *client);

G_END_DECLS
