#include "sim/check.h"

#include "sim/check-asked.h"
#include "sim/check-death.h"
#include "sim/check-route.h"
#include "sim/recorder.h"

/* ---- making ---- */

void
gmq_check_message_free(GmqCheckMessage *message)
{
    if (message == NULL)
        return;
    g_free(message->exchange);
    g_free(message->holder);
    g_free(message->key);
    g_ptr_array_unref(message->routes);
    g_clear_pointer(&message->copies, g_ptr_array_unref);
    g_clear_pointer(&message->letters, g_ptr_array_unref);
    g_clear_pointer(&message->refused, g_ptr_array_unref);
    g_clear_pointer(&message->holds, g_ptr_array_unref);
    gmq_check_deaths_free(message->deaths);
    gmq_check_walk_free(message->walk);
    g_free(message);
}

static void
free_message(void *message)
{
    gmq_check_message_free(message);
}

static void
free_queue(void *data)
{
    GmqCheckQueue *queue = data;

    g_free(queue->name);
    gmq_check_ready_clear(queue);
    g_free(queue->levels);
    gmq_check_clear_settings(&queue->settings);
    g_ptr_array_unref(queue->consumers);
    g_hash_table_unref(queue->last_of);
    g_free(queue);
}

static void
free_connection(void *data)
{
    GmqCheckConnection *connection = data;

    g_free(connection->name);
    g_ptr_array_unref(connection->sent);
    g_ptr_array_unref(connection->deliveries);
    g_array_unref(connection->handed);
    g_ptr_array_unref(connection->confirms);
    g_clear_pointer(&connection->owned, g_ptr_array_unref);
    g_ptr_array_unref(connection->pending);
    g_free(connection);
}

GmqCheck *
gmq_check_new(const GmqScenario *scenario, GmqCheckBroken broken, void *user)
{
    GmqCheck *check = g_new0(GmqCheck, 1);

    check->scenario        = scenario;
    check->broken          = broken;
    check->user            = user;
    check->queues          = g_hash_table_new(g_str_hash, g_str_equal);
    check->all_queues      = g_ptr_array_new_with_free_func(free_queue);
    check->connections     = g_hash_table_new(g_str_hash, g_str_equal);
    check->all_connections = g_ptr_array_new_with_free_func(free_connection);
    check->messages        = g_ptr_array_new_with_free_func(free_message);
    check->watched         = g_ptr_array_new();
    check->turn            = g_ptr_array_new();
    check->moved           = g_ptr_array_new();
    check->held            = g_ptr_array_new();
    check->owed            = g_ptr_array_new_with_free_func(gmq_check_free_owed);
    check->ended           = g_ptr_array_new();
    check->room            = g_string_new(NULL);
    check->asked           = gmq_check_asked_new();
    check->routes          = gmq_check_routes_new();
    check->replaced        = g_ptr_array_new_with_free_func(free_message);
    check->things          = gmq_check_things_new();
    check->contents        = gmq_check_contents_new();
    check->wires           = gmq_check_wires_new();
    check->consumers       = gmq_check_consumers_new();
    check->deserted        = g_ptr_array_new();
    check->live            = gmq_check_live_new(scenario);
    return check;
}

void
gmq_check_free(GmqCheck *check)
{
    if (check == NULL)
        return;
    g_hash_table_unref(check->queues);
    g_ptr_array_unref(check->all_queues);
    g_hash_table_unref(check->connections);
    g_ptr_array_unref(check->all_connections);
    g_ptr_array_unref(check->messages);
    g_ptr_array_unref(check->watched);
    g_ptr_array_unref(check->turn);
    g_ptr_array_unref(check->moved);
    g_ptr_array_unref(check->held);
    g_ptr_array_unref(check->owed);
    g_ptr_array_unref(check->ended);
    g_string_free(check->room, TRUE);
    g_ptr_array_unref(check->replaced);
    gmq_check_asked_free(check->asked);
    gmq_check_things_free(check->things);
    gmq_check_routes_free(check->routes);
    gmq_check_contents_free(check->contents);
    gmq_check_wires_free(check->wires);
    gmq_check_remote_free(check->remote);
    g_ptr_array_unref(check->consumers);
    g_ptr_array_unref(check->deserted);
    gmq_check_live_free(check->live);
    g_free(check);
}

void
gmq_check_set_disk(GmqCheck *check, const GmqSimDisk *disk)
{
    check->disk = disk;
}

void
gmq_check_set_remote(GmqCheck *check)
{
    check->remote = gmq_check_remote_new(check->scenario);
}

/* ---- finding ---- */

const char *
gmq_check_text(GmqCheck *check, GmqSlice slice)
{
    g_string_truncate(check->room, 0);
    g_string_append_len(check->room, (const char *)slice.data, (gssize)slice.size);
    return check->room->str;
}

static GmqCheckConnection *
connection_new(GmqCheck *check, GmqSlice name)
{
    GmqCheckConnection *connection = g_new0(GmqCheckConnection, 1);
    const char *client             = gmq_check_text(check, gmq_client_of_connection(name));

    connection->spec       = gmq_scenario_find_client(check->scenario, client);
    connection->name       = gmq_slice_dup(name);
    connection->sent       = g_ptr_array_new();
    connection->deliveries = g_ptr_array_new();
    connection->handed     = g_array_new(FALSE, FALSE, sizeof(GmqCheckHanded));
    connection->confirms   = g_ptr_array_new();
    connection->pending    = g_ptr_array_new();
    g_hash_table_insert(check->connections, connection->name, connection);
    g_ptr_array_add(check->all_connections, connection);
    return connection;
}

GmqCheckConnection *
gmq_check_connection(GmqCheck *check, GmqSlice name)
{
    GmqCheckConnection *connection =
        g_hash_table_lookup(check->connections, gmq_check_text(check, name));

    return connection == NULL ? connection_new(check, name) : connection;
}

GmqCheckQueue *
gmq_check_queue(GmqCheck *check, GmqSlice name)
{
    GmqCheckQueue *queue = g_hash_table_lookup(check->queues, gmq_check_text(check, name));

    if (queue == NULL) {
        queue            = g_new0(GmqCheckQueue, 1);
        queue->name      = gmq_slice_dup(name);
        queue->last_of   = g_hash_table_new(NULL, NULL);
        queue->consumers = g_ptr_array_new();
        gmq_check_read_settings(GMQ_SLICE(""), &queue->settings);
        gmq_check_ready_init(queue);
        g_hash_table_insert(check->queues, queue->name, queue);
        g_ptr_array_add(check->all_queues, queue);
    }
    return queue;
}

GmqCheckMessage *
gmq_check_message(GmqCheck *check, uint64_t number)
{
    GmqCheckMessage *message =
        number < check->messages->len ? check->messages->pdata[number] : NULL;

    if (message != NULL && !message->is_away)
        return message;
    gmq_check_break(check, "", "S2 broken: nobody published message number %" G_GUINT64_FORMAT ".",
                    (guint64)number);
    return NULL;
}

const char *
gmq_check_client(GmqCheck *check, const GmqCheckConnection *connection)
{
    return gmq_check_text(check, gmq_client_of_connection(gmq_slice_of(connection->name)));
}

/* ---- events ---- */

static void
on_exchange_deleted(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_thing_deleted(check, "exchange", event->who);
    gmq_check_holder_gone(check, event->who);
    gmq_check_routes_drop_exchange(check->routes, gmq_check_text(check, event->who));
}

static void
on_over(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->who);

    connection->is_over = true;
    g_ptr_array_add(check->ended, connection);
    connection->is_closed = event->kind == GMQ_EVENT_CONNECTION_CLOSED;
    if (connection->is_closed)
        gmq_check_client_left(check, event);
}

static void
on_bound(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue_used(check, event);
    gmq_check_bound(check, event);
}

static void
on_got(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue_used(check, event);
    gmq_check_delivered(check, event);
}

static void
on_consumer_added(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue_used(check, event);
    gmq_check_consumer_added(check, event);
}

static void
on_purged(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue_used(check, event);
    gmq_check_emptied(check, event);
}

static void
on_queue_deleted(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue_used(check, event);
    gmq_check_owner_left(check, event);
    gmq_check_auto_deleted(check, event);
    gmq_check_emptied(check, event);
}

static void
on_paused(GmqCheck *check, const GmqEvent *event)
{
    gmq_check_queue(check, event->who)->is_paused = event->kind == GMQ_EVENT_QUEUE_PAUSED;
}

static void
on_disk_fault(GmqCheck *check, const GmqEvent *event)
{
    (void)event;
    check->has_disk_failed = true;
    gmq_check_harmed_broker(check, event);
}

typedef void (*OnEvent)(GmqCheck *check, const GmqEvent *event);

static const OnEvent handlers[GMQ_N_EVENTS] = {
    [GMQ_EVENT_EXCHANGE_DECLARED] = gmq_check_exchange_declared,
    [GMQ_EVENT_QUEUE_DECLARED]    = gmq_check_queue_declared,
    [GMQ_EVENT_BOUND]             = on_bound,
    [GMQ_EVENT_UNBOUND]           = gmq_check_unbound,
    [GMQ_EVENT_RECOVERED]         = gmq_check_recovered,
    [GMQ_EVENT_STARTED]           = gmq_check_started,
    [GMQ_EVENT_QUEUE_DELETED]     = on_queue_deleted,
    [GMQ_EVENT_QUEUE_PAUSED]      = on_paused,
    [GMQ_EVENT_QUEUE_RESUMED]     = on_paused,
    [GMQ_EVENT_CONSUMER_ADDED]    = on_consumer_added,
    [GMQ_EVENT_CONSUMER_REMOVED]  = gmq_check_consumer_removed,
    [GMQ_EVENT_CONNECTION_OPENED] = gmq_check_client_came,
    [GMQ_EVENT_CLIENT_STARTED]    = gmq_check_client_started,
    [GMQ_EVENT_CLIENT_CLOSED]     = gmq_check_client_left,
    [GMQ_EVENT_FAULT_CRASH]       = gmq_check_client_ended,
    [GMQ_EVENT_FAULT_STOP]        = gmq_check_client_ended,
    [GMQ_EVENT_FAULT_CUT]         = gmq_check_harmed_network,
    [GMQ_EVENT_FAULT_CLOG]        = gmq_check_harmed_network,
    [GMQ_EVENT_FAULT_RESET]       = gmq_check_harmed_network,
    [GMQ_EVENT_FAULT_CLOSE]       = gmq_check_harmed_network,
    [GMQ_EVENT_FAULT_LINK]        = gmq_check_harmed_network,
    [GMQ_EVENT_FAULT_FREEZE]      = gmq_check_harmed_broker,
    [GMQ_EVENT_QUEUE_PURGED]      = on_purged,
    [GMQ_EVENT_EXCHANGE_DELETED]  = on_exchange_deleted,
    [GMQ_EVENT_CONNECTION_CLOSED] = on_over,
    [GMQ_EVENT_CHANNEL_CLOSED]    = on_over,
    [GMQ_EVENT_PUBLISHED]         = gmq_check_published,
    [GMQ_EVENT_RETURNED]          = gmq_check_returned,
    [GMQ_EVENT_COMMITTED]         = gmq_check_committed,
    [GMQ_EVENT_ROLLED_BACK]       = gmq_check_rolled_back,
    [GMQ_EVENT_CONFIRMED]         = gmq_check_confirmed,
    [GMQ_EVENT_NACKED]            = gmq_check_confirmed,
    [GMQ_EVENT_ENQUEUED]          = gmq_check_enqueued,
    [GMQ_EVENT_DELIVERED]         = gmq_check_delivered,
    [GMQ_EVENT_GOT]               = on_got,
    [GMQ_EVENT_SETTLED_UNSEEN]    = gmq_check_settled_unseen,
    [GMQ_EVENT_ACKED]             = gmq_check_acked,
    [GMQ_EVENT_REJECTED]          = gmq_check_rejected,
    [GMQ_EVENT_REQUEUED]          = gmq_check_requeued,
    [GMQ_EVENT_EXPIRED]           = gmq_check_expired,
    [GMQ_EVENT_DROPPED]           = gmq_check_dropped,
    [GMQ_EVENT_DEAD_LETTERED]     = gmq_check_dead_lettered,
    [GMQ_EVENT_HELD]              = gmq_check_held,
    [GMQ_EVENT_ROUTED]            = gmq_check_hop,
    [GMQ_EVENT_UNROUTABLE]        = gmq_check_hop,
    [GMQ_EVENT_ALTERNATE_SET]     = gmq_check_alternate_set,
    [GMQ_EVENT_ALTERNATE_CLEARED] = gmq_check_alternate_set,
    [GMQ_EVENT_FAULT_DISK]        = on_disk_fault,
};

/* What changes what is ready in a queue, or who would take it. */
static const bool is_of_queue[GMQ_N_EVENTS] = {
    [GMQ_EVENT_QUEUE_PURGED] = true,     [GMQ_EVENT_QUEUE_PAUSED] = true,
    [GMQ_EVENT_QUEUE_RESUMED] = true,    [GMQ_EVENT_CONSUMER_ADDED] = true,
    [GMQ_EVENT_CONSUMER_REMOVED] = true, [GMQ_EVENT_ENQUEUED] = true,
    [GMQ_EVENT_DELIVERED] = true,        [GMQ_EVENT_GOT] = true,
    [GMQ_EVENT_SETTLED_UNSEEN] = true,   [GMQ_EVENT_ACKED] = true,
    [GMQ_EVENT_REJECTED] = true,         [GMQ_EVENT_REQUEUED] = true,
    [GMQ_EVENT_EXPIRED] = true,          [GMQ_EVENT_DROPPED] = true,
};

void
gmq_check_add(GmqCheck *check, const GmqEvent *event, const GmqTraceEvent *traced)
{
    if (check == NULL)
        return;

    check->event  = traced->number;
    check->now_ns = event->time_ns;
    if (check->remote != NULL)
        gmq_check_remote_add(check, event);
    else if (handlers[event->kind] != NULL)
        handlers[event->kind](check, event);
    if (!is_of_queue[event->kind] || check->remote != NULL)
        return;
    /* What is told of a queue after its end does not bring it back. */
    GmqCheckQueue *queue = g_hash_table_lookup(check->queues, gmq_check_text(check, event->who));
    if (queue != NULL)
        gmq_check_look(check, queue, event->kind == GMQ_EVENT_DELIVERED);
}

void
gmq_check_begin(GmqCheck *check)
{
    if (check == NULL)
        return;

    gmq_check_all_answered(check);
}

void
gmq_check_sent(GmqCheck *check, const char *connection, const GmqOutgoing *message)
{
    if (check == NULL)
        return;

    GmqCheckConnection *from = gmq_check_connection(check, gmq_slice_of(connection));

    g_ptr_array_add(from->sent, gmq_check_contents_add(check->contents, message));
}

void
gmq_check_forwarded(GmqCheck *check, const char *connection, const GmqProperties *properties,
                    GmqSlice body)
{
    if (check == NULL)
        return;

    GmqCheckConnection *from = gmq_check_connection(check, gmq_slice_of(connection));

    g_ptr_array_add(from->sent, gmq_check_contents_forward(check->contents, properties, body));
}

static void
look_at_queues(GmqCheck *check)
{
    for (unsigned i = 0; i < check->watched->len; i++) {
        GmqCheckQueue *queue = check->watched->pdata[i];

        if (queue->is_gone)
            continue;
        gmq_check_is_within(check, queue);
        gmq_check_is_fresh(check, queue);
    }
}

void
gmq_check_turn_ended(GmqCheck *check)
{
    if (check == NULL)
        return;

    for (unsigned i = 0; i < check->turn->len; i++)
        gmq_check_routed(check, check->turn->pdata[i]);
    g_ptr_array_set_size(check->turn, 0);
    gmq_check_all_letters_written(check);
    gmq_check_all_arrived(check);
    look_at_queues(check);
    for (unsigned i = 0; i < check->ended->len; i++) {
        gmq_check_connection_over(check, check->ended->pdata[i]);
        gmq_check_owned_gone(check, check->ended->pdata[i]);
    }
    check->speaker = NULL;
    g_ptr_array_set_size(check->ended, 0);
    gmq_check_held_are_due(check);
    if (check->deserted->len > 0)
        gmq_check_deserted_gone(check);
}

void
gmq_check_broker_gone(GmqCheck *check, bool was_clean)
{
    if (check == NULL)
        return;

    gmq_check_take_all_away(check, was_clean);
    gmq_check_consumers_gone(check);
    gmq_check_live_broker(check, false);
    g_ptr_array_set_size(check->turn, 0);
    g_ptr_array_set_size(check->moved, 0);
    g_ptr_array_set_size(check->held, 0);
    g_ptr_array_set_size(check->owed, 0);
    g_ptr_array_set_size(check->ended, 0);
    for (unsigned i = 0; i < check->all_connections->len; i++) {
        GmqCheckConnection *connection = check->all_connections->pdata[i];

        connection->is_over = true;
        g_ptr_array_set_size(connection->deliveries, 0);
        g_ptr_array_set_size(connection->confirms, 0);
        connection->first_open = connection->first_awaited = 0;
        connection->n_unacked                              = 0;
    }
}

void
gmq_check_finish(GmqCheck *check)
{
    if (check == NULL || (check->remote != NULL && !gmq_check_remote_is_due(check)))
        return;

    check->now_ns = check->scenario->stop_ns;
    gmq_check_live_finish(check);
}
