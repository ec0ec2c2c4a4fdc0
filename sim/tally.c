#include "sim/check.h"
#include "sim/tally-private.h"

/* ---- making ---- */

static void
free_message(void *data)
{
    GmqMessageTally *message = data;

    g_ptr_array_unref(message->route);
    g_ptr_array_unref(message->copies);
    g_free(message);
}

static void
free_client(void *data)
{
    g_ptr_array_unref(((GmqClientTally *)data)->waiting);
    g_free(data);
}

GmqTally *
gmq_tally_new(const GmqScenario *scenario)
{
    GmqTally *tally = g_new0(GmqTally, 1);

    tally->scenario       = scenario;
    tally->by_name        = g_hash_table_new(g_str_hash, g_str_equal);
    tally->copies         = g_hash_table_new(NULL, NULL);
    tally->queue_by_name  = g_hash_table_new(g_str_hash, g_str_equal);
    tally->client_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    tally->messages       = g_ptr_array_new_with_free_func(free_message);
    tally->queues         = g_ptr_array_new_with_free_func(g_free);
    tally->clients        = g_ptr_array_new_with_free_func(free_client);
    tally->broken         = g_ptr_array_new();
    return tally;
}

void
gmq_tally_free(GmqTally *tally)
{
    if (tally == NULL)
        return;
    g_hash_table_unref(tally->by_name);
    g_hash_table_unref(tally->copies);
    g_hash_table_unref(tally->queue_by_name);
    g_hash_table_unref(tally->client_by_name);
    g_ptr_array_unref(tally->messages);
    g_ptr_array_unref(tally->queues);
    g_ptr_array_unref(tally->clients);
    g_ptr_array_unref(tally->broken);
    g_free(tally);
}

/* ---- finding ---- */

GmqQueueTally *
gmq_tally_queue_of(GmqTally *tally, const char *name)
{
    GmqQueueTally *queue = g_hash_table_lookup(tally->queue_by_name, name);

    if (queue == NULL) {
        queue       = g_new0(GmqQueueTally, 1);
        queue->name = name;
        g_hash_table_insert(tally->queue_by_name, (char *)name, queue);
        g_ptr_array_add(tally->queues, queue);
    }
    return queue;
}

GmqClientTally *
gmq_tally_client_of(GmqTally *tally, const char *name)
{
    GmqClientTally *client = g_hash_table_lookup(tally->client_by_name, name);

    if (client == NULL) {
        client          = g_new0(GmqClientTally, 1);
        client->name    = name;
        client->spec    = gmq_scenario_find_client(tally->scenario, name);
        client->waiting = g_ptr_array_new();
        g_hash_table_insert(tally->client_by_name, (char *)name, client);
        g_ptr_array_add(tally->clients, client);
    }
    return client;
}

GmqMessageTally *
gmq_tally_message_of(GmqTally *tally, const char *name)
{
    GmqMessageTally *message = g_hash_table_lookup(tally->by_name, name);

    if (message == NULL) {
        message          = g_new0(GmqMessageTally, 1);
        message->name    = name;
        message->route   = g_ptr_array_new();
        message->copies  = g_ptr_array_new_with_free_func(g_free);
        message->late_ns = -1;
        g_hash_table_insert(tally->by_name, (char *)name, message);
        g_ptr_array_add(tally->messages, message);
    }
    return message;
}

/* "p1-5" of "p1-5@audit". */
static GmqMessageTally *
message_of_copy(GmqTally *tally, const char *name)
{
    const char *at = strchr(name, '@');

    if (at == NULL)
        return gmq_tally_message_of(tally, name);
    g_autofree char *base    = g_strndup(name, (size_t)(at - name));
    GmqMessageTally *message = g_hash_table_lookup(tally->by_name, base);
    return message == NULL ? gmq_tally_message_of(tally, name) : message;
}

/* The copy of a message in a queue. A single copy has the message's own name. */
GmqCopyTally *
gmq_tally_copy_of(GmqTally *tally, const char *name, const char *queue)
{
    GmqCopyTally *copy = g_hash_table_lookup(tally->copies, name);

    if (copy != NULL && strcmp(copy->queue->name, queue) == 0)
        return copy;

    GmqMessageTally *message = message_of_copy(tally, name);
    for (unsigned i = 0; i < message->copies->len; i++) {
        copy = message->copies->pdata[i];
        if (strcmp(copy->queue->name, queue) == 0)
            return copy;
    }
    copy          = g_new0(GmqCopyTally, 1);
    copy->queue   = gmq_tally_queue_of(tally, queue);
    copy->message = message;
    g_ptr_array_add(message->copies, copy);
    g_hash_table_insert(tally->copies, (char *)name, copy);
    return copy;
}

/* ---- answers ---- */

void
gmq_tally_saw(GmqTally *tally, GmqSometimes what)
{
    tally->seen |= 1u << what;
}

bool
gmq_tally_has_seen(const GmqTally *tally, GmqSometimes what)
{
    return (tally->seen & 1u << what) != 0;
}

bool
gmq_tally_has_broken(const GmqTally *tally, const char *check)
{
    for (unsigned i = 0; i < tally->broken->len; i++) {
        if (gmq_check_is_about(tally->broken->pdata[i], check))
            return true;
    }
    return false;
}

/* Only what was promised can be lost: persistent messages in durable queues. */
static bool
is_lost(const GmqMessageTally *message)
{
    for (unsigned i = 0; i < message->copies->len; i++) {
        const GmqCopyTally *copy = message->copies->pdata[i];

        if (copy->lost > 0 && copy->live == 0 && copy->acked == 0 && copy->queue->is_durable)
            return message->is_confirmed && message->is_persistent;
    }
    return false;
}

GmqTotals
gmq_tally_totals(const GmqTally *tally)
{
    GmqTotals totals = tally->totals;

    for (unsigned i = 0; i < tally->messages->len; i++)
        totals.lost += is_lost(tally->messages->pdata[i]);
    return totals;
}

const GmqQueueTally *
gmq_tally_queue(const GmqTally *tally, const char *name)
{
    return g_hash_table_lookup(tally->queue_by_name, name);
}

const GmqClientTally *
gmq_tally_client(const GmqTally *tally, const char *name)
{
    return g_hash_table_lookup(tally->client_by_name, name);
}

const GmqMessageTally *
gmq_tally_message(const GmqTally *tally, const char *name)
{
    return g_hash_table_lookup(tally->by_name, name);
}

const GPtrArray *
gmq_tally_queues(const GmqTally *tally)
{
    return tally->queues;
}

int64_t
gmq_tally_last_work(const GmqTally *tally)
{
    return tally->last_work_ns;
}

static int
compare_times(const void *a, const void *b)
{
    int64_t one   = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

int64_t
gmq_tally_latency(const GmqTally *tally, unsigned percent)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (unsigned i = 0; i < tally->messages->len; i++) {
        const GmqMessageTally *message = tally->messages->pdata[i];

        if (message->late_ns >= 0)
            g_array_append_val(times, message->late_ns);
    }
    if (times->len == 0)
        return -1;
    g_array_sort(times, compare_times);
    unsigned rank = (times->len * percent + 99) / 100;
    return g_array_index(times, int64_t, MAX(rank, 1) - 1);
}
