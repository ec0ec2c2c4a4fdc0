#include "sim/check.h"
#include "sim/tally-private.h"

/* ---- making ---- */

static void
free_client(void *data)
{
    g_ptr_array_unref(((GmqClientTally *)data)->waiting);
    g_free(data);
}

GmqTally *
gmq_tally_new(const GmqScenario *scenario, const GmqTrace *trace)
{
    GmqTally *tally = g_new0(GmqTally, 1);

    tally->scenario = scenario;
    tally->names    = gmq_trace_names(trace);
    tally->named    = g_array_new(FALSE, TRUE, sizeof(GmqNamedTally));
    tally->messages = g_ptr_array_new();
    tally->queues   = g_ptr_array_new_with_free_func(g_free);
    tally->clients  = g_ptr_array_new_with_free_func(free_client);
    tally->broken   = g_ptr_array_new();
    return tally;
}

void
gmq_tally_free(GmqTally *tally)
{
    if (tally == NULL)
        return;
    g_array_unref(tally->named);
    gmq_arena_clear(&tally->arena);
    g_ptr_array_unref(tally->messages);
    g_ptr_array_unref(tally->queues);
    g_ptr_array_unref(tally->clients);
    g_ptr_array_unref(tally->broken);
    g_free(tally);
}

/* ---- finding ---- */

/* Where what a name stands for is kept, for changing it. */
static GmqNamedTally *
place_of(GmqTally *tally, const char *name)
{
    uint32_t number = gmq_name_number(name);

    if (number >= tally->named->len)
        g_array_set_size(tally->named, number + 1);
    return &g_array_index(tally->named, GmqNamedTally, number);
}

GmqQueueTally *
gmq_tally_queue_of(GmqTally *tally, const char *name)
{
    GmqQueueTally *queue = gmq_tally_named(tally, name).queue;

    if (queue == NULL) {
        queue                        = g_new0(GmqQueueTally, 1);
        queue->name                  = name;
        place_of(tally, name)->queue = queue;
        g_ptr_array_add(tally->queues, queue);
    }
    return queue;
}

GmqClientTally *
gmq_tally_client_of(GmqTally *tally, const char *name)
{
    GmqClientTally *client = gmq_tally_named(tally, name).client;

    if (client == NULL) {
        client                        = g_new0(GmqClientTally, 1);
        client->name                  = name;
        client->spec                  = gmq_scenario_find_client(tally->scenario, name);
        client->waiting               = g_ptr_array_new();
        place_of(tally, name)->client = client;
        g_ptr_array_add(tally->clients, client);
    }
    return client;
}

GmqMessageTally *
gmq_tally_message_of(GmqTally *tally, const char *name)
{
    GmqMessageTally *message = gmq_tally_named(tally, name).message;

    if (message == NULL) {
        message                        = gmq_arena_new(&tally->arena, GmqMessageTally);
        message->name                  = name;
        message->late_ns               = -1;
        place_of(tally, name)->message = message;
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

    GmqSlice text            = {(const uint8_t *)name, (size_t)(at - name)};
    const char *base         = gmq_names_find(tally->names, text);
    GmqMessageTally *message = base == NULL ? NULL : gmq_tally_named(tally, base).message;
    return message == NULL ? gmq_tally_message_of(tally, name) : message;
}

/* The copy of a message in a queue. A single copy has the message's own name. Equal names are one
 * pointer. */
GmqCopyTally *
gmq_tally_copy_of(GmqTally *tally, const char *name, const char *queue)
{
    GmqCopyTally *copy = gmq_tally_named(tally, name).copy;

    if (copy != NULL && copy->queue->name == queue)
        return copy;

    GmqMessageTally *message = message_of_copy(tally, name);
    GmqCopyTally **last      = &message->copies;
    for (; *last != NULL; last = &(*last)->next) {
        if ((*last)->queue->name == queue)
            return *last;
    }
    copy                        = gmq_arena_new(&tally->arena, GmqCopyTally);
    copy->queue                 = gmq_tally_queue_of(tally, queue);
    copy->message               = message;
    *last                       = copy;
    place_of(tally, name)->copy = copy;
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
    for (const GmqCopyTally *copy = message->copies; copy != NULL; copy = copy->next) {
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

/* What any text stands for. */
static GmqNamedTally
find(const GmqTally *tally, const char *text)
{
    const char *name = gmq_names_find(tally->names, gmq_slice_of(text));

    return name == NULL ? (GmqNamedTally){0} : gmq_tally_named(tally, name);
}

const GmqQueueTally *
gmq_tally_queue(const GmqTally *tally, const char *name)
{
    return find(tally, name).queue;
}

const GmqClientTally *
gmq_tally_client(const GmqTally *tally, const char *name)
{
    return find(tally, name).client;
}

const GmqMessageTally *
gmq_tally_message(const GmqTally *tally, const char *name)
{
    return find(tally, name).message;
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
