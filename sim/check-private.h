/* check-private.h - the naive picture that the files check-*.c keep of a broker. */
#pragma once

#include "sim/check.h"

G_BEGIN_DECLS

typedef struct GmqCheckQueue GmqCheckQueue;
typedef struct GmqCheckMessage GmqCheckMessage;
typedef struct GmqCheckConnection GmqCheckConnection;
typedef struct GmqCheckRoutes GmqCheckRoutes;
typedef struct GmqCheckContents GmqCheckContents;
typedef struct GmqCheckContent GmqCheckContent;
typedef struct GmqCheckWires GmqCheckWires;
typedef struct GmqCheckThings GmqCheckThings;
typedef struct GmqCheckAsked GmqCheckAsked;
typedef struct GmqCheckDeaths GmqCheckDeaths;
typedef struct GmqCheckWalk GmqCheckWalk;
typedef struct GmqCheckRemote GmqCheckRemote;
typedef struct GmqCheckLive GmqCheckLive;

/* Where a copy is. */
typedef enum {
    GMQ_CHECK_READY,
    GMQ_CHECK_HANDED, /* enqueued for a consumer, and delivered next */
    GMQ_CHECK_UNACKED,
    GMQ_CHECK_REFUSED, /* rejected, to be requeued */
    GMQ_CHECK_GONE,
    GMQ_CHECK_AWAY, /* with a broker that is no more; it may come back with the next */
} GmqCheckPlace;

/* Somebody who takes messages from a queue. */
typedef struct {
    GmqCheckConnection *connection;
    char *tag;
    uint64_t limit; /* of unacked messages; 0: none */
    uint64_t n_unacked;
    uint64_t since; /* event with which it came */
} GmqCheckConsumer;

/* A message is ready, and somebody would take it. */
typedef struct {
    bool is_on;
    int64_t since_ns;
    uint64_t event;
    const GmqCheckMessage *message;
    const GmqCheckConsumer *taker;
} GmqCheckWait;

/* One message in one queue. */
typedef struct {
    GmqCheckMessage *message;
    GmqCheckQueue *queue;
    GmqCheckPlace where;
    GmqCheckPlace was;   /* before it was away */
    uint64_t gone_at;    /* event with which it left for good */
    uint64_t gone_syncs; /* of the disk until then */
    int64_t gone_ns;
    uint64_t place;     /* 1, 2, 3 ... in the order of entering the queue */
    uint64_t station;   /* event with which it came to where it is */
    uint64_t since;     /* event with which it became ready */
    int64_t expires_ns; /* INT64_MAX: never */
    uint64_t failures;  /* deliveries that came back */
    unsigned level;     /* its priority in the queue */
    bool was_requeued;
    bool was_delivered;             /* at least once */
    bool was_recovered;             /* came back with a later broker */
    GmqCheckConnection *connection; /* while it is unacked */
    GmqCheckConsumer *consumer;     /* likewise; NULL: it was got */
    uint64_t tag;
} GmqCheckCopy;

/* A message that was published: by a client, or by a queue in which it died, which makes it a
 * letter. Letters have the number of the message that they come from, their root. */
struct GmqCheckMessage {
    const char *name;               /* the content's */
    const GmqCheckContent *content; /* as its client sent it */
    GmqCheckMessage *root;          /* what a client published; of that itself */
    GmqCheckConnection *connection;
    uint64_t sequence;      /* 1, 2, 3 ... of its connection; 0 of a letter */
    uint64_t confirm;       /* its number there; 0: none */
    uint64_t event;         /* of its publish or death */
    char *exchange;         /* that it is published to; owned */
    char *key;              /* owned */
    GPtrArray *routes;      /* of texts: the queues that it must reach; owned */
    GPtrArray *copies;      /* of a root, of GmqCheckCopy: with those of its letters; owned */
    GPtrArray *letters;     /* of a root, of GmqCheckMessage; owned, NULL without any */
    GPtrArray *refused;     /* of GmqCheckQueue, that did not take it; owned, NULL without any */
    GmqCheckDeaths *deaths; /* what its x-death header says; owned, NULL: not read */
    GmqCheckCopy *died;     /* of a letter: what it was; NULL: it never came in */
    GmqCheckQueue *died_in; /* of a letter */
    const char *reason;     /* of a letter: of what it died; NULL of a root */
    GmqCheckWalk *walk;     /* its way, while an exchange has a choice; owned, else NULL */
    char *holder;           /* of a letter: the exchange that held it back; owned, NULL: none */
    GPtrArray *holds;       /* of texts: exchanges that are to hold it back; owned, NULL: none */
    uint64_t confirmed_at;  /* event of its confirm; 0: none */
    int64_t published_ns;
    int64_t ttl_ms;     /* -1: none */
    int64_t waited_ms;  /* of a letter that an exchange held back: so long; 0: none did */
    int64_t due_ns;     /* and until then */
    int64_t overdue_ns; /* when that was first seen to be over; 0: it was not */
    bool is_held;       /* it is still there */
    bool is_waiting;    /* for it, a letter waits in an exchange, or did */
    bool is_routed;     /* routes are known */
    bool is_mandatory;
    bool is_returned;
    bool is_persistent;
    bool is_pending;  /* its transaction is not committed */
    bool is_away;     /* with a broker that is no more */
    bool is_doubtful; /* of a root: it was in a queue more than once, and came back to it after a
                       * crash; nobody can tell with which of its deaths */
};

typedef enum {
    GMQ_CHECK_DROP_HEAD,
    GMQ_CHECK_REJECT_PUBLISH,
    GMQ_CHECK_REJECT_PUBLISH_DLX,
} GmqCheckOverflow;

/* What a queue was asked to be; -1 and NULL: nothing said. */
typedef struct {
    int64_t ttl_ms;
    int64_t expires_ms;
    int64_t length_max;
    int64_t bytes_max;
    int64_t delivery_limit;
    unsigned priority_max;
    GmqCheckOverflow overflow;
    char *dead_letter_exchange; /* owned */
    char *dead_letter_key;      /* owned */
    bool is_single_active;
} GmqCheckSettings;

struct GmqCheckQueue {
    char *name;
    GmqCheckSettings settings;
    GQueue *levels; /* of GmqCheckCopy, by place: what is ready, one list for each priority */
    uint64_t n_ready;
    uint64_t bytes_ready;
    uint64_t n_entered;
    GPtrArray *consumers;      /* of GmqCheckConsumer, in the order of coming; lent */
    GmqCheckConsumer *active;  /* the one that is served when there may be one; NULL: none */
    GmqCheckWait wait;         /* since something was given out, if anything could be */
    GmqCheckWait backlog;      /* since it was drained, likewise */
    uint64_t left_at;          /* event with which the last consumer left */
    int64_t used_ns;           /* when somebody used it last, as far as that is told */
    int64_t overdue_ns;        /* when its head was first seen to be too old; 0: it is not */
    uint64_t deleted_at;       /* event */
    GmqCheckConnection *owner; /* whose alone it is; NULL: nobody's, or nobody knows whose */
    uint64_t owned_at;         /* event */
    GHashTable *last_of;       /* of GmqCheckConnection to the sequence of its last message here */
    bool is_there;             /* declared */
    bool is_durable;
    bool is_auto_delete;
    bool is_paused;
    bool is_gone;
    bool is_watched; /* stands in the list of those that are looked at after each turn */
};

/* A delivery under its tag. */
typedef struct {
    GmqCheckCopy *copy; /* NULL: of nothing that we know */
    uint64_t failures;
} GmqCheckHanded;

/* A channel of a client; clients have one, and so a connection stands for it. */
struct GmqCheckConnection {
    char *name;
    const GmqClientSpec *spec; /* NULL for a name that the scenario does not know */
    GPtrArray *sent;           /* of GmqCheckContent: messages that its client sent, in order */
    uint64_t n_published;
    GPtrArray *deliveries; /* of GmqCheckCopy by tag - 1; NULL when it is settled */
    GArray *handed;        /* of GmqCheckHanded by tag - 1 */
    unsigned first_open;   /* all deliveries before this one are settled */
    uint64_t n_unacked;
    GPtrArray *pending;  /* of GmqCheckMessage: in its transaction */
    GPtrArray *confirms; /* of GmqCheckMessage by number - 1; NULL when it is answered */
    unsigned first_awaited;
    GPtrArray *owned; /* of GmqCheckQueue: made as exclusive ones; NULL: none */
    bool is_clogged;  /* it takes no more bytes for now */
    bool is_over;
    bool is_closed; /* not one of its channels alone */
};

struct GmqCheck {
    const GmqScenario *scenario;
    GmqCheckBroken broken;
    void *user;
    size_t n_broken;
    size_t n_tolerated; /* that the scenario allows or expects */

    GHashTable *queues;      /* of names to GmqCheckQueue; look-up only */
    GPtrArray *all_queues;   /* owned */
    GPtrArray *watched;      /* of GmqCheckQueue, with limits of time or length */
    GHashTable *connections; /* of names to GmqCheckConnection; look-up only */
    GPtrArray *all_connections;
    GPtrArray *messages;  /* of GmqCheckMessage by the broker's number; owned */
    GPtrArray *turn;      /* of GmqCheckMessage: published in this turn */
    GPtrArray *moved;     /* of GmqCheckCopy: on their way somewhere in this turn */
    GPtrArray *held;      /* of GmqCheckMessage: what exchanges hold back */
    GPtrArray *owed;      /* of deaths that a letter must follow (check-death.c); owned */
    GPtrArray *ended;     /* of GmqCheckConnection: ended in this turn */
    const char *speaker;  /* name of the connection that the broker listens to; NULL: none */
    GString *room;        /* for names that need a NUL */
    uint64_t event;       /* number of the event being looked at */
    int64_t now_ns;       /* of the last one */
    GPtrArray *consumers; /* of GmqCheckConsumer, all that ever were; owned */
    GPtrArray *deserted;  /* of GmqCheckQueue: auto-delete, and left in this turn */

    const GmqSimDisk *disk; /* NULL: nobody knows of one */
    bool was_clean;         /* the last broker ended in an orderly way */
    bool is_starting;       /* the next one finds what there is */
    bool has_disk_failed;   /* or may have */
    uint64_t gone_syncs;    /* of the disk until the last broker was gone */
    int64_t gone_ns;
    GPtrArray *replaced; /* of GmqCheckMessage, whose numbers others have now; owned */

    GmqCheckAsked *asked;
    GmqCheckLive *live;
    GmqCheckThings *things;
    GmqCheckRemote *remote; /* NULL: the broker is seen */
    GmqCheckRoutes *routes;
    GmqCheckContents *contents;
    GmqCheckWires *wires;
};

/* ---- check.c ---- */

/* Tells that something is broken. */
void gmq_check_break(GmqCheck *check, const char *who, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Lends the text of a slice until the next call. */
const char *gmq_check_text(GmqCheck *check, GmqSlice slice);

GmqCheckConnection *gmq_check_connection(GmqCheck *check, GmqSlice name);
GmqCheckQueue *gmq_check_queue(GmqCheck *check, GmqSlice name);

/* The message of that number; breaks and returns NULL when nobody published it (S2). */
GmqCheckMessage *gmq_check_message(GmqCheck *check, uint64_t number);

/* Every exit of a message's life is freed with its root. */
void gmq_check_message_free(GmqCheckMessage *message);

/* "w1": a connection's client. */
const char *gmq_check_client(GmqCheck *check, const GmqCheckConnection *connection);

/* ---- check-queue.c: S4 to S9, S17 ---- */

void gmq_check_enqueued(GmqCheck *check, const GmqEvent *event);
void gmq_check_delivered(GmqCheck *check, const GmqEvent *event);
void gmq_check_settled_unseen(GmqCheck *check, const GmqEvent *event);
void gmq_check_acked(GmqCheck *check, const GmqEvent *event);
void gmq_check_rejected(GmqCheck *check, const GmqEvent *event);
void gmq_check_requeued(GmqCheck *check, const GmqEvent *event);

/* The copy is no longer in the hands of whoever had it (S4, S5). */
void gmq_check_come_back(GmqCheck *check, const GmqEvent *event, GmqCheckCopy *copy);

/* A connection that ended has nothing unacked any more. */
void gmq_check_connection_over(GmqCheck *check, GmqCheckConnection *connection);

/* What was on its way in this turn has arrived (S17). */
void gmq_check_all_arrived(GmqCheck *check);

/* ---- check-ready.c: what waits in a queue, and who is first ---- */

void gmq_check_ready_init(GmqCheckQueue *queue);
void gmq_check_ready_clear(GmqCheckQueue *queue);

/* To its place: before all of its priority that entered later. */
void gmq_check_ready_add(GmqCheckCopy *copy);
void gmq_check_ready_remove(GmqCheckCopy *copy);

/* The oldest of the highest priority; NULL when nothing is ready. And the last of a priority. */
GmqCheckCopy *gmq_check_ready_head(const GmqCheckQueue *queue);
GmqCheckCopy *gmq_check_ready_tail(const GmqCheckQueue *queue, unsigned level);

/* What the broker says waits in a queue is what we count (S17). */
void gmq_check_ready(GmqCheck *check, const GmqCheckQueue *queue, uint64_t ready);

/* ---- check-copy.c: which copy an event is about ---- */

/* The message that a queue takes or refuses: what a client published, or the letter that the event
 * follows; breaks and returns NULL when there is none (S2). */
GmqCheckMessage *gmq_check_publish_of(GmqCheck *check, const GmqEvent *event);

/* The copy that is about to leave its queue, or to come back; breaks and returns NULL when the
 * queue never had it (S4). */
GmqCheckCopy *gmq_check_leaving_copy(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue);
GmqCheckCopy *gmq_check_returning_copy(GmqCheck *check, const GmqEvent *event,
                                       GmqCheckQueue *queue);

/* The copy of that message, and of no other letter of the same root, in a queue; NULL without. */
GmqCheckCopy *gmq_check_find_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue);

/* A copy that may come back with a new broker: the first one of several that were there, or else
 * the last one that had left the queue; NULL without. Of several the root becomes doubtful. */
GmqCheckCopy *gmq_check_find_away(GmqCheckMessage *root, const GmqCheckQueue *queue);

/* It has left for good. */
void gmq_check_set_gone(const GmqCheck *check, GmqCheckCopy *copy);

/* Only what is in the queue can leave it, to one place at a time (S4). whom is "gave" to. */
void gmq_check_is_there(GmqCheck *check, const GmqCheckCopy *copy, const char *whom);

/* ---- check-settings.c: what a queue was asked to be, and its end ---- */

void gmq_check_read_settings(GmqSlice arguments, GmqCheckSettings *settings);
void gmq_check_clear_settings(GmqCheckSettings *settings);

/* A queue is new, with what was asked for. */
void gmq_check_queue_made(GmqCheck *check, GmqCheckQueue *queue);

/* A queue that was there before, and perhaps deleted, is there again after a start; NULL: there was
 * none of that name. */
GmqCheckQueue *gmq_check_queue_again(GmqCheck *check, GmqSlice name);

/* Its ready messages are gone, and perhaps the queue. */
void gmq_check_emptied(GmqCheck *check, const GmqEvent *event);

/* ---- check-delay.c: S10 of what waits in an exchange (more in check-route.h) ---- */

/* Something happens to a letter: if an exchange held it, it goes on from there. */
void gmq_check_let_go(GmqCheck *check, GmqCheckMessage *letter);

/* ---- check-expiry.c: S14 ---- */

/* When a message that enters now expires. */
int64_t gmq_check_expiry_of(GmqCheck *check, GmqCheckQueue *queue, const GmqCheckMessage *message);
void gmq_check_expired(GmqCheck *check, const GmqEvent *event);

/* It goes to a client, and is not too old for that. */
void gmq_check_is_alive(GmqCheck *check, const GmqCheckCopy *copy, const char *client);

/* A queue that nobody used is gone. */
void gmq_check_lease_over(GmqCheck *check, const GmqCheckQueue *queue);

/* After a turn: nothing too old stands in front. */
void gmq_check_is_fresh(GmqCheck *check, GmqCheckQueue *queue);

/* ---- check-limit.c: S15 ---- */

/* It is about to enter, and the queue may take it. */
void gmq_check_has_room(GmqCheck *check, const GmqCheckQueue *queue,
                        const GmqCheckMessage *message);
void gmq_check_dropped(GmqCheck *check, const GmqEvent *event);

/* After a turn: the queue is within its limits. */
void gmq_check_is_within(GmqCheck *check, const GmqCheckQueue *queue);

/* A publish was answered: acked, though a queue refused it; nacked, though none did. */
void gmq_check_answer(GmqCheck *check, const GmqCheckMessage *message, bool is_ack);

/* Whether a queue did not take the message. */
bool gmq_check_was_refused(const GmqCheckMessage *message, const char *queue);

/* ---- check-consumer.c: S16 ---- */

GPtrArray *gmq_check_consumers_new(void);

/* Consumers come and go, which puts off the end of a queue that expires (S14). */
void gmq_check_consumer_added(GmqCheck *check, const GmqEvent *event);
void gmq_check_consumer_removed(GmqCheck *check, const GmqEvent *event);
void gmq_check_auto_deleted(GmqCheck *check, const GmqEvent *event);

/* With the broker; and the queues that were left in this turn are gone. */
void gmq_check_consumers_gone(GmqCheck *check);
void gmq_check_deserted_gone(GmqCheck *check);

/* Whoever gets the copy; NULL when nobody is known. */
GmqCheckConsumer *gmq_check_consumer_took(GmqCheck *check, const GmqEvent *event,
                                          const GmqCheckCopy *copy);

/* Somebody who would take a message from the queue now; NULL when nobody would. */
const GmqCheckConsumer *gmq_check_free_consumer(const GmqCheckQueue *queue);

/* ---- check-exclusive.c: S16 of a queue that is one connection's own ---- */

/* A queue was declared, for whoever the broker listens to when it is exclusive. */
void gmq_check_own_queue(GmqCheck *check, GmqCheckQueue *queue, bool is_exclusive);

/* A queue was used in the way that the event tells, and only its owner may. */
void gmq_check_queue_used(GmqCheck *check, const GmqEvent *event);

/* A queue ended because its owner left, which he has; and one that left has none any more. */
void gmq_check_owner_left(GmqCheck *check, const GmqEvent *event);
void gmq_check_owned_gone(GmqCheck *check, const GmqCheckConnection *connection);

/* ---- check-live.c: L1 to L5 ---- */

GmqCheckLive *gmq_check_live_new(const GmqScenario *scenario);
void gmq_check_live_free(GmqCheckLive *live);

/* Something has changed with the queue; has_given says that it gave a message out. */
void gmq_check_look(GmqCheck *check, GmqCheckQueue *queue, bool has_given);

void gmq_check_harmed_broker(GmqCheck *check, const GmqEvent *event);
void gmq_check_harmed_network(GmqCheck *check, const GmqEvent *event);
void gmq_check_client_came(GmqCheck *check, const GmqEvent *event);
void gmq_check_client_left(GmqCheck *check, const GmqEvent *event);
void gmq_check_client_started(GmqCheck *check, const GmqEvent *event);
void gmq_check_client_ended(GmqCheck *check, const GmqEvent *event);

/* There is a broker from now on, or none. */
void gmq_check_live_broker(GmqCheck *check, bool is_there);

void gmq_check_live_finish(GmqCheck *check);

/* ---- check-confirm.c: S7, S11 ---- */

void gmq_check_published(GmqCheck *check, const GmqEvent *event);
void gmq_check_committed(GmqCheck *check, const GmqEvent *event);
void gmq_check_rolled_back(GmqCheck *check, const GmqEvent *event);
void gmq_check_returned(GmqCheck *check, const GmqEvent *event);
void gmq_check_confirmed(GmqCheck *check, const GmqEvent *event);

/* The tag that an event gives to a delivery is the next one (S9), and its consumer has no more than
 * his prefetch (S8). */
void gmq_check_tag(GmqCheck *check, const GmqCheckConnection *connection, const GmqEvent *event,
                   const char *client);
void gmq_check_prefetch(GmqCheck *check, const GmqCheckConnection *connection, const char *client);

/* ---- check-remote.c: what clients can know ---- */

GmqCheckRemote *gmq_check_remote_new(const GmqScenario *scenario);
void gmq_check_remote_free(GmqCheckRemote *remote);
void gmq_check_remote_add(GmqCheck *check, const GmqEvent *event);

/* Whether the last publish was so long before the end that its answer must have come. */
bool gmq_check_remote_is_due(const GmqCheck *check);

/* ---- check-durable.c: S1, S3, S5 and S21 of a start ---- */

GmqCheckThings *gmq_check_things_new(void);
void gmq_check_things_free(GmqCheckThings *things);

/* Whether the confirm of its publish speaks of it: a letter is spoken of when what died was to be
 * on the disk. */
bool gmq_check_is_promised(const GmqCheckMessage *message);

/* Syncs that the disk has done. */
uint64_t gmq_check_syncs(const GmqCheck *check);
int64_t gmq_check_now(const GmqCheck *check);

void gmq_check_exchange_declared(GmqCheck *check, const GmqEvent *event);
void gmq_check_queue_declared(GmqCheck *check, const GmqEvent *event);
void gmq_check_bound(GmqCheck *check, const GmqEvent *event);
void gmq_check_unbound(GmqCheck *check, const GmqEvent *event);
void gmq_check_thing_deleted(GmqCheck *check, const char *kind, GmqSlice name);

/* Whoever declared what there is has got his answer. */
void gmq_check_all_answered(GmqCheck *check);

void gmq_check_recovered(GmqCheck *check, const GmqEvent *event);
void gmq_check_started(GmqCheck *check, const GmqEvent *event);

/* The broker is gone, with all its messages. */
void gmq_check_take_all_away(GmqCheck *check, bool was_clean);

/* ---- check-content.c: S2 ---- */

GmqCheckContents *gmq_check_contents_new(void);
void gmq_check_contents_free(GmqCheckContents *contents);

/* What is known of a message that was sent. */
struct GmqCheckContent {
    uint64_t hash; /* of its content header and body */
    uint64_t body_hash;
    uint64_t body_size;
    bool is_mandatory;
    bool is_persistent;
    int64_t ttl_ms; /* -1: none */
    unsigned priority;
    GmqSlice headers; /* the inside of a field table, empty without any; owned, as is the next */
    GmqSlice header;  /* the payload of its content header */
    const char *name;
};

/* Returns it; it lives as long as the contents. */
GmqCheckContent *gmq_check_contents_add(GmqCheckContents *contents, const GmqOutgoing *message);

/* The same for one that was received, and is sent on as it is. */
GmqCheckContent *gmq_check_contents_forward(GmqCheckContents *contents,
                                            const GmqProperties *properties, GmqSlice body);

/* The last one of that name; NULL when none was sent. And what stands for one of which nothing is
 * known but the name. */
/* Bytes of the longest body that was sent. */
uint64_t gmq_check_longest_body(const GmqCheckContents *contents);

const GmqCheckContent *gmq_check_contents_find(const GmqCheckContents *contents, const char *name);
const GmqCheckContent *gmq_check_contents_make(GmqCheckContents *contents, GmqSlice name);

/* ---- check-wire.c: S18 ---- */

GmqCheckWires *gmq_check_wires_new(void);
void gmq_check_wires_free(GmqCheckWires *wires);

G_END_DECLS
