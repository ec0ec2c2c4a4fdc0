/* What must happen, and in time: L1 to L5. Only a broker that nothing harms owes it: from the
 * beginning until something does, and again after the calm. */
#include "sim/check-private.h"

#include "core/base/hash.h"
#include "sim/recorder.h"
#include "sim/units.h"

#define NS_PER_S INT64_C(1000000000)

/* L4: a message waits no longer for somebody who would take it. */
#define LONGEST_WAIT_NS NS_PER_S

/* L2: an answer comes so much later than the disk takes. */
#define SYNCS_MAX 4

/* L3: for going back and forth over a line until a connection is open. */
#define TRIPS_MAX 20

/* ... with no more bytes than that in one direction. */
#define HANDSHAKE_BYTES 1024

/* ... if nothing is lost on it. */
#define RESENDS_NS (30 * NS_PER_S)

/* L5: the broker may wake so often in a second, and so often for each thing that happens. */
#define WAKES_MAX 100000
#define WAKES_PER_EVENT 100

#define NEVER INT64_MAX

/* A client, as far as it is to be connected. */
typedef struct {
    const GmqClientSpec *spec;
    bool is_wanted; /* it has started and was not ended by the timeline */
    bool is_connected;
    uint64_t connection; /* hash of the name of its latest one */
    int64_t lost_ns;
    uint64_t lost_at; /* event */
} Client;

struct GmqCheckLive {
    GArray *clients;       /* of Client, in the order of the file */
    int64_t broker_ns;     /* nothing harms the broker since; NEVER: something does */
    int64_t network_ns;    /* likewise, what is between it and its clients */
    int64_t started_ns;    /* there is a broker since; NEVER: there is none */
    int64_t second_ns;     /* when the present second began */
    uint64_t second_event; /* the event before it */
    uint64_t n_wakes;      /* in it */
    bool has_told;         /* of too many of them */
};

GmqCheckLive *
gmq_check_live_new(const GmqScenario *scenario)
{
    GmqCheckLive *live = g_new0(GmqCheckLive, 1);

    live->clients = g_array_new(FALSE, TRUE, sizeof(Client));
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        Client client = {.spec = scenario->clients->pdata[i]};
        g_array_append_val(live->clients, client);
    }
    return live;
}

void
gmq_check_live_free(GmqCheckLive *live)
{
    g_array_unref(live->clients);
    g_free(live);
}

/* ---- harm and calm ---- */

void
gmq_check_harmed_broker(GmqCheck *check, const GmqEvent *event)
{
    (void)event;
    check->live->broker_ns = check->live->network_ns = NEVER;
}

void
gmq_check_harmed_network(GmqCheck *check, const GmqEvent *event)
{
    (void)event;
    check->live->network_ns = NEVER;
}

void
gmq_check_calm(GmqCheck *check)
{
    if (check == NULL)
        return;
    check->live->broker_ns = check->live->network_ns = check->now_ns;
}

/* How long something that began then has lasted without harm; -1: there was some. */
static int64_t
time_since(const GmqCheck *check, int64_t began_ns, int64_t calm_ns)
{
    return calm_ns == NEVER ? -1 : check->now_ns - MAX(began_ns, calm_ns);
}

/* ---- L1 and L4: queues ---- */

/* Nothing left the queue although somebody was there for it. */
static void
judge_wait(GmqCheck *check, GmqCheckQueue *queue)
{
    const GmqCheckWait *wait = &queue->wait;
    int64_t waited_ns        = time_since(check, wait->since_ns, check->live->broker_ns);

    if (waited_ns <= LONGEST_WAIT_NS)
        return;
    g_autofree char *text = gmq_duration_text(waited_ns);
    gmq_check_break(check, queue->name,
                    "L4 broken: queue %s gave out nothing for %s since event %" G_GUINT64_FORMAT
                    ", although message %s was ready and %s free to take it.",
                    queue->name, text, (guint64)wait->event, wait->message->name,
                    gmq_check_client(check, wait->taker->connection));
}

static void
begin_wait(const GmqCheck *check, const GmqCheckQueue *queue, const GmqCheckConsumer *taker,
           GmqCheckWait *wait)
{
    const GmqCheckCopy *head = gmq_check_ready_head(queue);

    *wait = (GmqCheckWait){.is_on    = true,
                           .since_ns = check->now_ns,
                           .event    = check->event,
                           .message  = head->message,
                           .taker    = taker};
}

void
gmq_check_look(GmqCheck *check, GmqCheckQueue *queue, bool has_given)
{
    const GmqCheckConsumer *taker =
        queue->n_ready == 0 || queue->is_gone ? NULL : gmq_check_free_consumer(queue);

    if (queue->wait.is_on && check->now_ns - queue->wait.since_ns > LONGEST_WAIT_NS) {
        judge_wait(check, queue);
        queue->wait.is_on = false;
    }
    if (taker == NULL) {
        queue->wait.is_on = queue->backlog.is_on = false;
        return;
    }
    if (!queue->wait.is_on || has_given)
        begin_wait(check, queue, taker, &queue->wait);
    if (!queue->backlog.is_on)
        begin_wait(check, queue, taker, &queue->backlog);
}

/* Whoever would take all leaves nothing behind. */
static void
judge_backlog(GmqCheck *check, const GmqCheckQueue *queue)
{
    const GmqCheckWait *wait = &queue->backlog;

    if (!wait->is_on ||
        time_since(check, wait->since_ns, check->live->broker_ns) <= LONGEST_WAIT_NS)
        return;
    gmq_check_break(check, queue->name,
                    "L1 broken: queue %s ends with %" G_GUINT64_FORMAT
                    " ready, and %s was free to take more since event %" G_GUINT64_FORMAT ".",
                    queue->name, (guint64)queue->n_ready,
                    gmq_check_client(check, wait->taker->connection), (guint64)wait->event);
}

void
gmq_check_clogged(GmqCheck *check, const char *name, bool is_clogged)
{
    if (check == NULL)
        return;

    GmqCheckConnection *connection = gmq_check_connection(check, gmq_slice_of(name));
    if (connection->is_clogged == is_clogged)
        return;
    connection->is_clogged = is_clogged;
    for (unsigned i = 0; i < check->all_queues->len; i++) {
        GmqCheckQueue *queue = check->all_queues->pdata[i];

        if (queue->consumers->len > 0)
            gmq_check_look(check, queue, false);
    }
}

/* ---- L2: answers ---- */

static void
judge_answers(GmqCheck *check, const GmqCheckConnection *connection)
{
    const char *client = gmq_check_client(check, connection);
    int64_t longest_ns = NS_PER_S + SYNCS_MAX * check->scenario->broker.sync_ns;

    if (connection->is_over || connection->first_awaited == connection->confirms->len)
        return;
    const GmqCheckMessage *message = connection->confirms->pdata[connection->first_awaited];
    if (time_since(check, message->published_ns, check->live->broker_ns) <= longest_ns)
        return;
    gmq_check_break(check, client,
                    "L2 broken: message %s of %s was published at event %" G_GUINT64_FORMAT
                    " and was never confirmed.",
                    message->name, client, (guint64)message->event);
}

/* ---- L3: clients ---- */

static Client *
find_client(const GmqCheck *check, GmqSlice name)
{
    for (unsigned i = 0; i < check->live->clients->len; i++) {
        Client *client = &g_array_index(check->live->clients, Client, i);

        if (gmq_slice_equal(gmq_slice_of(client->spec->name), name))
            return client;
    }
    return NULL;
}

/* How long a thin line takes for what is said until a connection is open: so many bits at its rate,
 * and one way for each time that its buffer is full. */
static int64_t
thin_line_ns(const GmqLinkSpec *link)
{
    int64_t fills  = (int64_t)(HANDSHAKE_BYTES / MAX(link->buffer, 1));
    int64_t way_ns = link->latency_ns + link->jitter_ns;
    int64_t ns     = link->rate == 0 ? 0 : HANDSHAKE_BYTES * 8 * NS_PER_S / (int64_t)link->rate;

    if (way_ns > 0 && fills > NEVER / 4 / way_ns)
        return NEVER / 4;
    return ns + fills * way_ns;
}

/* Twice its heartbeat, until it knows that it is alone, its delay, and the way there. */
static int64_t
longest_absence(const GmqCheck *check, const Client *client)
{
    const GmqLinkSpec *links =
        &g_array_index(check->scenario->links, GmqLinkSpec, 2 * client->spec->index);
    int64_t trip_ns =
        links[0].latency_ns + links[0].jitter_ns + links[1].latency_ns + links[1].jitter_ns;
    int64_t beat_ns = MAX(client->spec->heartbeat_ns, check->scenario->broker.heartbeat_ns);

    bool is_lossy = links[0].loss > 0 || links[1].loss > 0;

    return 2 * beat_ns + client->spec->reconnect_ns + TRIPS_MAX * trip_ns +
           thin_line_ns(&links[0]) + thin_line_ns(&links[1]) + (is_lossy ? RESENDS_NS : NS_PER_S);
}

static void
judge_absence(GmqCheck *check, const Client *client)
{
    int64_t since_ns = MAX(client->lost_ns, check->live->started_ns);
    bool comes_back  = client->spec->reconnect_ns >= 0 &&
                      client->spec->reconnect_times == UINT64_MAX &&
                      client->spec->then != GMQ_THEN_STOP && client->spec->role != GMQ_ROLE_RAW;

    if (!client->is_wanted || client->is_connected || !comes_back ||
        check->live->started_ns == NEVER ||
        time_since(check, since_ns, check->live->network_ns) <= longest_absence(check, client))
        return;
    g_autofree char *text = gmq_duration_text(check->now_ns - since_ns);
    gmq_check_break(check, client->spec->name,
                    "L3 broken: %s has no connection since event %" G_GUINT64_FORMAT ", for %s.",
                    client->spec->name, (guint64)client->lost_at, text);
}

static void
set_lost(const GmqCheck *check, Client *client)
{
    client->is_connected = false;
    client->lost_ns      = check->now_ns;
    client->lost_at      = check->event;
}

void
gmq_check_client_came(GmqCheck *check, const GmqEvent *event)
{
    Client *client = find_client(check, gmq_client_of_connection(event->who));

    if (client == NULL)
        return;
    judge_absence(check, client);
    client->is_connected = true;
    client->connection   = gmq_hash_bytes(event->who);
}

void
gmq_check_client_left(GmqCheck *check, const GmqEvent *event)
{
    Client *client = find_client(check, gmq_client_of_connection(event->who));

    /* The broker may learn late that an older one is no more. */
    if (client == NULL || !client->is_connected ||
        (event->kind == GMQ_EVENT_CONNECTION_CLOSED &&
         client->connection != gmq_hash_bytes(event->who)))
        return;
    set_lost(check, client);
}

void
gmq_check_client_started(GmqCheck *check, const GmqEvent *event)
{
    Client *client = find_client(check, event->who);

    if (client == NULL)
        return;
    client->is_wanted = true;
    set_lost(check, client);
}

void
gmq_check_client_ended(GmqCheck *check, const GmqEvent *event)
{
    Client *client = find_client(check, event->who);

    if (client != NULL)
        client->is_wanted = false;
}

void
gmq_check_live_broker(GmqCheck *check, bool is_there)
{
    check->live->started_ns = is_there ? check->now_ns : NEVER;
    for (unsigned i = 0; i < check->live->clients->len && !is_there; i++)
        set_lost(check, &g_array_index(check->live->clients, Client, i));
    for (unsigned i = 0; i < check->all_queues->len; i++) {
        GmqCheckQueue *queue = check->all_queues->pdata[i];
        queue->wait.is_on = queue->backlog.is_on = false;
    }
}

/* ---- L5: wake-ups ---- */

void
gmq_check_woken(GmqCheck *check, int64_t now_ns)
{
    if (check == NULL)
        return;

    GmqCheckLive *live = check->live;
    uint64_t n_events  = check->event - live->second_event;

    if (now_ns - live->second_ns >= NS_PER_S) {
        live->second_ns    = now_ns - now_ns % NS_PER_S;
        live->second_event = check->event;
        live->n_wakes      = 0;
    }
    live->n_wakes++;
    if (live->has_told || live->n_wakes <= WAKES_MAX + WAKES_PER_EVENT * n_events)
        return;
    live->has_told        = true;
    g_autofree char *text = gmq_duration_text(live->second_ns);
    gmq_check_break(check, "broker",
                    "L5 broken: the broker woke up %" G_GUINT64_FORMAT
                    " times in the second that began at %s, in which %" G_GUINT64_FORMAT
                    " things happened.",
                    (guint64)live->n_wakes, text, (guint64)n_events);
}

/* ---- the end ---- */

void
gmq_check_live_finish(GmqCheck *check)
{
    for (unsigned i = 0; i < check->all_queues->len; i++)
        judge_backlog(check, check->all_queues->pdata[i]);
    for (unsigned i = 0; i < check->all_connections->len; i++)
        judge_answers(check, check->all_connections->pdata[i]);
    for (unsigned i = 0; i < check->live->clients->len; i++)
        judge_absence(check, &g_array_index(check->live->clients, Client, i));
}
