#include "core/amqp/tx.h"

#include "core/amqp/gate.h"
#include "core/base/site.h"
#include "core/broker/storage.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqMessage *message; /* owned */
    GPtrArray *queues;   /* of GmqQueue, referenced */
    GArray *keepers;     /* of GmqSlice: names of exchanges, owned; NULL: none */
    bool is_mandatory;
} Publish;

typedef struct {
    uint64_t tag;
    GmqUnacked unacked; /* owned */
    GmqOutcome outcome;
} Settlement;

struct GmqTx {
    GmqChannel *channel;
    GArray *publishes;   /* of Publish, in order */
    GArray *settlements; /* of Settlement, in order */
};

static void
clear_publish(void *data)
{
    Publish *publish = data;

    gmq_message_unref(publish->message);
    g_ptr_array_unref(publish->queues);
    g_clear_pointer(&publish->keepers, g_array_unref);
}

GmqTx *
gmq_tx_new(GmqChannel *channel)
{
    GmqTx *tx = g_new0(GmqTx, 1);

    tx->channel     = channel;
    tx->publishes   = g_array_new(FALSE, FALSE, sizeof(Publish));
    tx->settlements = g_array_new(FALSE, FALSE, sizeof(Settlement));
    g_array_set_clear_func(tx->publishes, clear_publish);
    return tx;
}

static void
free_name(void *name)
{
    g_free((void *)((GmqSlice *)name)->data);
}

/* An exchange may be deleted before the commit, so that only its name is sure. */
static GArray *
copy_names(const GPtrArray *exchanges)
{
    if (exchanges == NULL || exchanges->len == 0)
        return NULL;

    GArray *names = g_array_new(FALSE, FALSE, sizeof(GmqSlice));
    g_array_set_clear_func(names, free_name);
    for (unsigned i = 0; i < exchanges->len; i++) {
        GmqSlice name = gmq_slice_own(((GmqExchange *)g_ptr_array_index(exchanges, i))->name);

        g_array_append_val(names, name);
    }
    return names;
}

void
gmq_tx_add_publish(GmqTx *tx, GmqMessage *message, bool is_mandatory, const GPtrArray *queues,
                   const GPtrArray *keepers)
{
    Publish publish = {.message = gmq_message_ref(message),
                       .queues = g_ptr_array_new_full(queues->len, (GDestroyNotify)gmq_queue_unref),
                       .keepers      = copy_names(keepers),
                       .is_mandatory = is_mandatory};

    for (unsigned i = 0; i < queues->len; i++)
        g_ptr_array_add(publish.queues, gmq_queue_ref(g_ptr_array_index(queues, i)));
    g_array_append_val(tx->publishes, publish);
}

void
gmq_tx_add_settlement(GmqTx *tx, uint64_t tag, const GmqUnacked *unacked, GmqOutcome outcome)
{
    Settlement settlement = {.tag = tag, .unacked = *unacked, .outcome = outcome};

    g_array_append_val(tx->settlements, settlement);
}

/* The publishes are dropped, and what was settled is out again as if nothing had been said
 * (12.5). */
static void
roll_back(GmqTx *tx)
{
    g_array_set_size(tx->publishes, 0);
    for (unsigned i = 0; i < tx->settlements->len; i++) {
        const Settlement *settlement = &g_array_index(tx->settlements, Settlement, i);

        gmq_unacked_restore(&tx->channel->unacked, settlement->tag, &settlement->unacked);
    }
    g_array_set_size(tx->settlements, 0);
}

void
gmq_tx_free(GmqTx *tx)
{
    roll_back(tx);
    g_array_unref(tx->publishes);
    g_array_unref(tx->settlements);
    g_free(tx);
}

/* A message was routed to names: a queue that was deleted meanwhile counts no more, and one that
 * was made anew takes its place. */
static void
find_again(const GmqVhost *vhost, GPtrArray *queues)
{
    for (unsigned i = 0; i < queues->len;) {
        GmqQueue *queue = g_ptr_array_index(queues, i);
        GmqQueue *found = queue->is_gone ? gmq_vhost_find_queue(vhost, queue->name) : queue;

        if (found == NULL) {
            g_ptr_array_remove_index(queues, i);
            continue;
        }
        g_ptr_array_index(queues, i++) = gmq_queue_ref(found);
        gmq_queue_unref(queue);
    }
}

static void
keep(const GmqVhost *vhost, const Publish *publish)
{
    for (unsigned i = 0; publish->keepers != NULL && i < publish->keepers->len; i++) {
        GmqExchange *exchange =
            gmq_vhost_find_exchange(vhost, g_array_index(publish->keepers, GmqSlice, i));

        if (exchange != NULL)
            gmq_exchange_keep(exchange, publish->message);
    }
}

/* Returns whether every queue took every message. */
static bool
hand_out(GmqTx *tx)
{
    bool is_accepted = true;

    for (unsigned n = 0; n < tx->publishes->len; n++) {
        unsigned i =
            GMQ_BUG(tx->channel->connection->host, TX_REVERSE) ? tx->publishes->len - 1 - n : n;
        const Publish *publish = &g_array_index(tx->publishes, Publish, i);

        keep(tx->channel->vhost, publish);
        find_again(tx->channel->vhost, publish->queues);
        is_accepted &= gmq_channel_hand_out(tx->channel, publish->message, publish->is_mandatory,
                                            publish->queues);
    }
    g_array_set_size(tx->publishes, 0);
    return is_accepted;
}

static void
settle(GmqTx *tx)
{
    for (unsigned i = 0; i < tx->settlements->len; i++) {
        Settlement *settlement = &g_array_index(tx->settlements, Settlement, i);

        gmq_channel_settle(tx->channel, settlement->tag, &settlement->unacked, settlement->outcome);
    }
    g_array_set_size(tx->settlements, 0);
}

/* ---- methods ---- */

static void
note_end(const GmqChannel *channel, GmqEventKind kind)
{
    GmqHost *host = channel->connection->host;

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind    = kind,
                                     .vhost   = &channel->vhost->name,
                                     .who     = gmq_slice_of(channel->connection->name),
                                     .channel = channel->number,
                                     .count   = channel->tx->publishes->len});
}

bool
gmq_on_tx_select(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    if (channel->is_confirming)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "cannot switch from confirm to tx mode");
    if (channel->tx == NULL)
        channel->tx = gmq_tx_new(channel);
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_TX_SELECT_OK});
    return true;
}

static bool
refuse_plain(GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "channel is not transactional");
}

/* What is committed is on the disk when the client hears of it. One who only acks goes on when the
 * disk has failed, as other consumers do. */
static void
await_disk(const GmqChannel *channel, bool has_publishes)
{
    const GmqStorage *storage = gmq_broker_storage(channel->connection->broker);

    if (storage != NULL && (has_publishes || !gmq_storage_has_failed(storage)))
        gmq_connection_await_all(channel->connection);
}

bool
gmq_on_tx_commit(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    if (channel->tx == NULL)
        return refuse_plain(fault);

    bool has_publishes = channel->tx->publishes->len > 0;
    note_end(channel, GMQ_EVENT_COMMITTED);
    bool is_accepted = hand_out(channel->tx);
    settle(channel->tx);
    await_disk(channel, has_publishes);
    if (!is_accepted)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "partial tx completion");
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_TX_COMMIT_OK});
    return true;
}

bool
gmq_on_tx_rollback(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    if (channel->tx == NULL)
        return refuse_plain(fault);
    note_end(channel, GMQ_EVENT_ROLLED_BACK);
    if (GMQ_BUG(channel->connection->host, ROLLBACK_KEEPS))
        hand_out(channel->tx);
    roll_back(channel->tx);
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_TX_ROLLBACK_OK});
    return true;
}
