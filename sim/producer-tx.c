/* What a producer does with transactions: one after the other, each with so many messages. */
#include "sim/producer.h"

static bool
is_to_be_rolled_back(const GmqProducer *producer)
{
    const GmqNumbers *numbers = &producer->spec->tx_rollback;
    uint64_t n                = producer->n_batches;

    return numbers->step > 0 && n >= numbers->first && n <= numbers->last &&
           (n - numbers->first) % numbers->step == 0;
}

/* Asks the broker to commit or to roll back, and waits for its answer. */
static void
end_batch(GmqProducer *producer)
{
    producer->n_batches++;
    bool is_rollback = is_to_be_rolled_back(producer);

    producer->is_ending = true;
    producer->ending    = is_rollback ? GMQ_TX_ROLLBACK : GMQ_TX_COMMIT;
    gmq_sim_client_note(
        producer->client,
        (GmqEvent){.kind  = is_rollback ? GMQ_EVENT_CLIENT_ROLLS_BACK : GMQ_EVENT_CLIENT_COMMITS,
                   .count = producer->batch->len});
    gmq_client_send(producer->client->amqp, GMQ_SIM_CHANNEL, &(GmqMethod){.id = producer->ending});
}

void
gmq_batch_add(GmqProducer *producer, uint64_t n)
{
    if (producer->spec->tx_every == 0)
        return;
    g_array_append_val(producer->batch, n);
    if (producer->batch->len == producer->spec->tx_every || !gmq_producer_has_more(producer))
        end_batch(producer);
}

void
gmq_batch_forget(GmqProducer *producer)
{
    g_array_set_size(producer->batch, 0);
    producer->is_ending = false;
}

/* Now it knows what became of each of them. */
static void
tell_all(GmqProducer *producer, GmqEventKind kind, uint64_t cause)
{
    for (unsigned i = 0; i < producer->batch->len; i++)
        gmq_producer_note(producer, kind, g_array_index(producer->batch, uint64_t, i), 0, cause);
}

void
gmq_batch_replied(GmqProducer *producer, GmqMethodId method)
{
    if (method != GMQ_TX_COMMIT_OK && method != GMQ_TX_ROLLBACK_OK)
        return;
    uint64_t cause = gmq_sim_peer_take_sent(producer->client->peer, GMQ_SENT_TX);

    tell_all(producer,
             method == GMQ_TX_COMMIT_OK ? GMQ_EVENT_CLIENT_CONFIRMED : GMQ_EVENT_CLIENT_TAKEN_BACK,
             cause);
    gmq_batch_forget(producer);
    gmq_producer_plan_step(producer);
}

/* What was not committed is not there, that is sure; of a commit without an answer nothing is. */
void
gmq_batch_lost(GmqProducer *producer)
{
    if (!producer->is_ending || producer->ending != GMQ_TX_COMMIT)
        tell_all(producer, GMQ_EVENT_CLIENT_TAKEN_BACK, 0);
    gmq_batch_forget(producer);
}
