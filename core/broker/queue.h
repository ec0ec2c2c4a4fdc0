/* queue.h - messages waiting for a consumer, oldest first (AMQP.md 10, 13 to 16).
 *
 * A queue owns every message between push and take. Messages are handed to consumers in turn, as
 * far as these say that they can take more; a requeued message goes back to its old place. The
 * queue knows no channel: consumers are a small vtable (consumer.h). */
#pragma once

#include "core/base/host.h"
#include "core/broker/backlog.h"
#include "core/broker/binding.h"
#include "core/broker/consumer-line.h"
#include "core/broker/consumer.h"
#include "core/broker/dedup.h"
#include "core/broker/entry.h"
#include "core/broker/message.h"
#include "core/broker/policy.h"
#include "core/broker/queue-arguments.h"
#include "core/broker/timer.h"

G_BEGIN_DECLS

typedef struct GmqVhost GmqVhost;

struct GmqQueue {
    GmqVhost *vhost;
    GmqHost *host;
    GmqSlice name;      /* owned */
    GmqSlice arguments; /* the inside of the declaring field table; owned */
    bool is_durable;
    bool is_exclusive;
    bool is_auto_delete;
    bool is_gone;      /* deleted, and kept only while deliveries are out */
    bool is_owned;     /* exclusive, and its owner keeps it in mind, to delete it in the end */
    bool is_queued;    /* stands in the broker's list of queues to dispatch */
    bool is_paused;    /* hands out nothing (E3) */
    bool is_watched;   /* by the pager, if there is one (pager.h) */
    bool is_stuck;     /* its next message is out and could not be read */
    uint32_t refs;     /* one of the virtual host, one per unacked delivery and consumer */
    uint32_t number;   /* in the journal; 0: nothing of it is kept there */
    uint64_t record;   /* of its definition (definition.h); 0: none */
    const void *owner; /* of an exclusive queue */
    GmqQueueSettings settings; /* what holds: the arguments, and policies (25.3) */
    GmqQueueSettings declared; /* from the arguments; texts owned */
    const GmqPolicy *policies[GMQ_N_POLICY_KINDS]; /* those that apply; NULL: none; lent */
    GmqDedup *dedup;      /* drops messages that it has seen (E4); NULL: none */
    GmqBacklog backlog;   /* what is ready */
    bool may_expire;      /* some ready message has a deadline */
    GmqTimer expiry;      /* of the next message (17.2) */
    GmqTimer lease;       /* of the queue itself (17.7) */
    uint64_t place;       /* of the next message that comes in */
    uint64_t unacked;     /* deliveries that are out */
    uint64_t stamp;       /* of the last route that reached it, see route.h */
    GQueue consumers;     /* of GmqConsumer, in order of creation; intrusive */
    GmqConsumerLine line; /* those that can take a message */
    GmqConsumer *exclusive_consumer;
    GmqConsumer *single;  /* the one that gets messages, of a single-active queue (15.6) */
    int32_t priority_top; /* no consumer has a higher one */
    GQueue bindings;      /* of GmqBinding; intrusive */
    GList link;           /* in the virtual host's list */
    GList dispatch_link;
    GList pager_link; /* without data while the pager does not have the queue */
};

/* Takes a reference; the last one frees the queue. */
GmqQueue *gmq_queue_ref(GmqQueue *queue);
void gmq_queue_unref(GmqQueue *queue);

/* Appends the message, or hands it to a waiting consumer at once (15.7). Takes its own reference.
 * Returns false when the queue is full and refuses it (18.3); with reject-publish-dlx it was
 * dead-lettered then. */
bool gmq_queue_publish(GmqQueue *queue, GmqMessage *message);

/* Takes the next message for basic.get; false when there is none. The entry is the caller's. What
 * stands in front then may have expired: the caller drops that when it has told of this one. */
bool gmq_queue_get(GmqQueue *queue, GmqEntry *entry);

/* A delivery that was out is settled: its message is gone, is dead-lettered or dropped (19.1), or
 * comes back to its old place with redelivered set (16.4), unless that happened too often (E1). All
 * take over the entry. On a queue that is gone all drop it. said is why it is rejected, in the
 * words of its consumer (E2); empty: it says nothing. */
void gmq_queue_settle(GmqQueue *queue, GmqEntry *entry);
void gmq_queue_reject(GmqQueue *queue, GmqEntry *entry, GmqSlice said);
void gmq_queue_requeue(GmqQueue *queue, GmqEntry *entry);

/* A paused queue takes messages and hands out none: its consumers stay and wait, and get finds
 * nothing. Time and limits go on (E3). Both do nothing when it is so already. A queue whose next
 * message cannot be read from the disk pauses itself; resuming it is another try. */
void gmq_queue_pause(GmqQueue *queue);
void gmq_queue_resume(GmqQueue *queue);

/* Drops the ready messages and returns their number (10.8). */
uint64_t gmq_queue_purge(GmqQueue *queue);

/* Adds and removes a consumer. Removing the last one deletes an auto-delete queue (10.9). */
void gmq_queue_add_consumer(GmqQueue *queue, GmqConsumer *consumer);
void gmq_queue_remove_consumer(GmqQueue *queue, GmqConsumer *consumer);

/* The consumer can take messages again: it joins the others at the end of the line (15.4), and
 * the queue is dispatched with the turn. */
void gmq_queue_activate(GmqQueue *queue, GmqConsumer *consumer);

/* The consumer can take none for now, other than by its own deliver(): it leaves the line. */
void gmq_queue_deactivate(GmqQueue *queue, GmqConsumer *consumer);

/* Hands out messages while there are any and somebody takes them. */
void gmq_queue_dispatch(GmqQueue *queue);

/* The same for those who look at what is ready, or at who takes it, before the turn is over: what
 * came before them has had its effect (3.9). */
static inline void
gmq_queue_catch_up(GmqQueue *queue)
{
    if (queue->is_queued)
        gmq_queue_dispatch(queue);
}

static inline uint64_t
gmq_queue_ready_count(const GmqQueue *queue)
{
    return queue->backlog.length;
}

/* Somebody uses the queue: its lease begins anew (17.7). */
void gmq_queue_renew_lease(GmqQueue *queue);

/* The policies of the virtual host have changed: the queue looks which ones apply to it, and does
 * what they say at once (25.4): a new lease begins, the next message is looked at again (17.8), and
 * a queue above a new limit is trimmed (18.5). */
void gmq_queue_apply_policies(GmqQueue *queue);

/* ---- between the files of the queue ---- */

/* The line of consumers that can take a message (queue-line.c): whether there is one, and giving
 * an entry to the first of them. */
static inline bool
gmq_queue_has_taker(const GmqQueue *queue)
{
    return queue->line.consumers.length > 0;
}
void gmq_queue_hand_over(GmqQueue *queue, const GmqEntry *entry);

/* Takes the next ready message, which is read back when it was out of memory. False when there is
 * none, or it cannot be read: it stays, and the queue is paused. */
bool gmq_queue_take(GmqQueue *queue, GmqEntry *entry);

/* The message is gone from the queue for good, in memory and on the disk. Every entry that a queue
 * had ends here, whether its message is out or not. */
void gmq_queue_let_go(GmqQueue *queue, GmqEntry *entry);

/* Lets go of all that is ready. */
void gmq_queue_clear(GmqQueue *queue);

/* Limits have changed: drops what is above them or has expired, after consumers had their turn. */
void gmq_queue_trim(GmqQueue *queue);

/* Drops or dead-letters what has expired at the front, and sets the timer for the next. */
void gmq_queue_drop_expired(GmqQueue *queue);

/* Announces the entry; added says that it is not in the backlog yet, but about to be. Returns the
 * event's number, 0 when nobody looks. */
uint64_t gmq_queue_announce(const GmqQueue *queue, GmqEventKind kind, const GmqEntry *entry,
                            unsigned added, uint64_t cause, const char *text);

static inline uint64_t
gmq_queue_note(const GmqQueue *queue, GmqEventKind kind, const GmqEntry *entry, unsigned added,
               uint64_t cause, const char *text)
{
    return gmq_host_is_unheard(queue->host)
               ? 0
               : gmq_queue_announce(queue, kind, entry, added, cause, text);
}

/* Only for the virtual host: makes a queue with one reference, and ends one: its ready messages are
 * dropped, its consumers are told, and what is out may still be settled. */
GmqQueue *gmq_queue_new(GmqVhost *vhost, GmqSlice name, GmqSlice arguments,
                        const GmqQueueSettings *settings);
void gmq_queue_end(GmqQueue *queue);

/* Takes the consumer out of all lists; the caller still holds the queue. */
void gmq_queue_detach_consumer(GmqQueue *queue, GmqConsumer *consumer);

G_END_DECLS
