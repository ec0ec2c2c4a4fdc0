#include "viz/fold.h"

#include <string.h>

#include "sim/tally.h"

/* The client of that name if it is one that is drawn: the invisible one that declares the topology
 * has a connection too. */
static GmqPictureClient *
find_client(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPlace place = gmq_picture_find(picture, GMQ_PLACE_CLIENT, event->who);

    if (place.kind == GMQ_PLACE_NONE)
        return NULL;
    picture->hop.place = place;
    return picture->clients->pdata[place.index];
}

static GmqPictureClient *
need_client(GmqPicture *picture, const GmqTraceEvent *event)
{
    return gmq_picture_need_client(picture, event->who, &picture->hop.place);
}

/* ---- life ---- */

/* Whether a client of that role takes messages out of a queue. */
static bool
receives(const char *role)
{
    static const char *const roles[] = {"consumer", "getter", "rpc-server", NULL};
    return g_strv_contains(roles, role);
}

GMQ_FOLD(client_added)
{
    GmqPictureClient *client = need_client(picture, event);

    client->role     = event->text;
    client->consumes = client->consumes || receives(event->text);
    client->prefetch = event->count;
    client->state    = GMQ_CLIENT_WAITING;
}

GMQ_FOLD(client_started)
{
    GmqPictureClient *client = need_client(picture, event);

    client->state = GMQ_CLIENT_STARTED;
    gmq_tokens_empty(&client->asked);
    gmq_tokens_empty(&client->held);
}

GMQ_FOLD(connection_opened)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    client->state = GMQ_CLIENT_CONNECTED;
    gmq_tokens_empty(&client->held);
}

/* A process that died stays dead in the picture, whatever becomes of its connection. */
static void
leave(GmqPictureClient *client)
{
    if (client->state == GMQ_CLIENT_CRASHED)
        return;
    client->state = GMQ_CLIENT_CLOSED;
    gmq_tokens_empty(&client->held);
}

/* The broker knows that the connection is gone; what was on its wires is gone with it. A client
 * that has connected again already is not touched. */
GMQ_FOLD(connection_closed)
{
    GmqPictureClient *client = find_client(picture, event);

    if (client == NULL)
        return;
    g_array_set_size(client->unconfirmed, 0);
    gmq_fold_empty_wires(picture, event->who, true);
    if (*client->role == '\0')
        leave(client);
}

/* What it sent still arrives, unless nobody is there. */
GMQ_FOLD(client_closed)
{
    leave(need_client(picture, event));
    gmq_fold_empty_wires(picture, event->who, picture->is_broker_down);
}

/* ---- faults ---- */

static bool
is_broker(const GmqTraceEvent *event)
{
    return strcmp(event->who, "broker") == 0;
}

/* Whatever it had in memory is gone, and its connections with it. Durable queues come back. */
static void
lose_broker(GmqPicture *picture)
{
    picture->is_broker_down   = true;
    picture->is_broker_frozen = false;
    for (unsigned i = 0; i < picture->queues->len; i++) {
        GmqPictureQueue *queue = picture->queues->pdata[i];
        gmq_tokens_empty(&queue->ready);
        gmq_tokens_empty(&queue->unacked);
        queue->ready_unseen   = 0;
        queue->unacked_unseen = 0;
        queue->is_passing     = false;
        queue->is_deleted |= (queue->flags & GMQ_FLAG_DURABLE) == 0;
    }
    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        gmq_tokens_empty(&edge->forth);
        gmq_tokens_empty(&edge->back);
        edge->consumers = 0;
    }
    for (unsigned i = 0; i < picture->clients->len; i++) {
        GmqPictureClient *client = picture->clients->pdata[i];
        g_array_set_size(client->unconfirmed, 0);
    }
}

GMQ_FOLD(crashed)
{
    GmqPictureClient *client = find_client(picture, event);

    if (is_broker(event))
        lose_broker(picture);
    if (client == NULL)
        return;
    client->state = GMQ_CLIENT_CRASHED;
    gmq_fold_empty_wires(picture, event->who, false);
}

GMQ_FOLD(stopped)
{
    if (is_broker(event))
        lose_broker(picture);
}

/* The client itself follows with an event of its own. */
GMQ_FOLD(started)
{
    if (is_broker(event))
        picture->is_broker_down = false;
}

/* One thing that befalls a client or all of them, and how it is now. */
static void
set_trouble(GmqPicture *picture, const GmqTraceEvent *event, GmqTrouble trouble, bool is_so)
{
    bool is_all = strcmp(event->who, "all") == 0;

    for (unsigned i = 0; i < picture->clients->len; i++) {
        GmqPictureClient *client = picture->clients->pdata[i];

        if (!is_all && strcmp(client->name, event->who) != 0)
            continue;
        client->troubles = is_so ? client->troubles | trouble : client->troubles & ~trouble;
        if (trouble == GMQ_TROUBLE_CUT)
            client->cut_only = event->text;
    }
}

GMQ_FOLD(cut)
{
    set_trouble(picture, event, GMQ_TROUBLE_CUT, true);
}

GMQ_FOLD(healed)
{
    set_trouble(picture, event, GMQ_TROUBLE_CUT, false);
}

GMQ_FOLD(clogged)
{
    set_trouble(picture, event, GMQ_TROUBLE_LATE, true);
}

GMQ_FOLD(unclogged)
{
    set_trouble(picture, event, GMQ_TROUBLE_LATE, false);
}

GMQ_FOLD(frozen)
{
    picture->is_broker_frozen = picture->is_broker_frozen || is_broker(event);
    set_trouble(picture, event, GMQ_TROUBLE_FROZEN, true);
}

GMQ_FOLD(thawed)
{
    picture->is_broker_frozen = picture->is_broker_frozen && !is_broker(event);
    set_trouble(picture, event, GMQ_TROUBLE_FROZEN, false);
}

/* A fault that ends tells so with no words about the line. */
GMQ_FOLD(line_changed)
{
    set_trouble(picture, event, GMQ_TROUBLE_SLOW, *event->text != '\0');
}

GMQ_FOLD(calmed)
{
    set_trouble(picture, event, GMQ_TROUBLE_CUT | GMQ_TROUBLE_LATE | GMQ_TROUBLE_FROZEN, false);
    set_trouble(picture, event, GMQ_TROUBLE_SLOW, false);
    picture->is_broker_frozen = false;
}

/* ---- work ---- */

/* What is sent once more is waited for once. */
static void
ask(GmqPictureClient *client, const char *message)
{
    if (gmq_tokens_find(&client->asked, message, NULL) == client->asked.length)
        gmq_tokens_push_tail(&client->asked, (GmqToken){.message = message});
}

static void
ask_no_more(GmqPictureClient *client, const char *message)
{
    size_t index = gmq_tokens_find(&client->asked, message, NULL);

    if (index < client->asked.length)
        gmq_tokens_take(&client->asked, index);
}

GMQ_FOLD(client_sent)
{
    GmqPlace from, to;
    int index;
    GmqPictureClient *client     = gmq_picture_need_client(picture, event->who, &from);
    GmqPictureExchange *exchange = gmq_picture_need_exchange(picture, event->to, &to);
    GmqPictureEdge *edge = gmq_picture_need_edge(picture, GMQ_EDGE_PUBLISH, from, to, &index);

    client->sent++;
    if (strcmp(client->role, "rpc-client") == 0)
        ask(client, event->message);
    client->publish_edge = index;
    exchange->is_used    = true;
    gmq_tokens_push_tail(&edge->forth, (GmqToken){.message = event->message});
    gmq_fold_hop(picture, index, false, event);
    picture->hop.place = from;
}

GMQ_FOLD(client_received)
{
    int index;
    GmqPictureClient *client = need_client(picture, event);
    GmqPictureEdge *edge     = gmq_fold_consume_edge(picture, event, &index);
    GmqToken token           = {.message     = event->message,
                                .tag         = event->tag,
                                .work_ns     = (int64_t)event->count * 1000000,
                                .redelivered = event->redelivered};

    if (edge != NULL) {
        gmq_fold_take(&edge->forth, event, NULL);
        gmq_fold_hop(picture, index, false, event);
    }
    if (client->held.length == 0)
        client->work_since_ns = event->time_ns;
    gmq_tokens_push_tail(&client->held, token);
    client->received++;
}

static void
count_processed(GmqPicture *picture, const char *message)
{
    char *stem = g_strndup(message, gmq_picture_stem(picture, message));

    picture->totals.processed += g_hash_table_add(picture->processed, stem);
}

/* A reply is all that was to be done, unless nobody waits for it. */
GMQ_FOLD(client_replied)
{
    int index;
    GmqPictureClient *client = need_client(picture, event);
    GmqPictureEdge *edge     = gmq_fold_consume_edge(picture, event, &index);

    if (edge != NULL) {
        gmq_fold_take(&edge->forth, event, NULL);
        gmq_fold_hop(picture, index, false, event);
    }
    client->received++;
    ask_no_more(client, event->key);
    if (strcmp(event->text, GMQ_REPLY_IN_TIME) == 0)
        count_processed(picture, event->message);
}

/* A confirm that is given up has a number, a reply has none. */
GMQ_FOLD(client_gave_up)
{
    if (event->tag == 0)
        ask_no_more(need_client(picture, event), event->message);
}

/* A copy that is finished a second time was processed twice, however often it happens. */
static void
count_finished(GmqPicture *picture, const GmqTraceEvent *event)
{
    void *before = g_hash_table_lookup(picture->finished, event->message);
    unsigned n   = GPOINTER_TO_UINT(before) + 1;

    g_hash_table_insert(picture->finished, (char *)event->message, GUINT_TO_POINTER(n));
    picture->totals.processed_twice += n == 2;
}

/* A message is processed once its ack is on its way, which may be later and with others. */
static void
answer(GmqPicture *picture, GmqPictureClient *client, const GmqTraceEvent *event,
       GmqProcessed processed)
{
    if (processed == GMQ_PROCESSED_ALONE)
        count_processed(picture, event->message);
    if (processed == GMQ_PROCESSED_ALONE || processed == GMQ_PROCESSED_NOT)
        return;
    if (processed == GMQ_PROCESSED_NEVER) {
        gmq_tokens_empty(&client->unanswered);
        return;
    }
    gmq_tokens_push_tail(&client->unanswered, (GmqToken){.message = event->message});
    if (processed == GMQ_PROCESSED_LATER)
        return;
    for (size_t i = 0; i < client->unanswered.length; i++)
        count_processed(picture, gmq_tokens_at(&client->unanswered, i)->message);
    gmq_tokens_empty(&client->unanswered);
}

GMQ_FOLD(client_finished)
{
    int index;
    GmqPictureClient *client = need_client(picture, event);
    GmqPictureEdge *edge     = gmq_fold_consume_edge(picture, event, &index);
    const GmqFinish *finish  = gmq_finish_find(event->text);

    gmq_fold_take(&client->held, event, NULL);
    client->work_since_ns = event->time_ns;
    if (finish->is_done) {
        client->finished++;
        count_finished(picture, event);
    }
    answer(picture, client, event, finish->processed);
    if (edge == NULL || !finish->has_ack)
        return;
    gmq_tokens_push_tail(&edge->back,
                         (GmqToken){.message = event->message, .tag = event->tag, .what = "ack"});
    gmq_fold_hop(picture, index, true, event);
}

/* ---- answers ---- */

/* Takes an answer to a publish off the wire it came on. */
static GmqPictureClient *
answered(GmqPicture *picture, const GmqTraceEvent *event)
{
    GmqPictureClient *client = need_client(picture, event);
    GmqPlace place           = picture->hop.place;

    for (unsigned i = 0; i < picture->edges->len; i++) {
        GmqPictureEdge *edge = picture->edges->pdata[i];
        if (edge->kind != GMQ_EDGE_PUBLISH || edge->from.index != place.index)
            continue;
        size_t at = gmq_tokens_find(&edge->back, event->message, NULL);
        if (at == edge->back.length)
            continue;
        gmq_tokens_take(&edge->back, at);
        gmq_fold_hop(picture, (int)i, true, event);
        break;
    }
    return client;
}

GMQ_FOLD(client_confirmed)
{
    answered(picture, event)->confirmed++;
    picture->totals.confirmed++;
}

GMQ_FOLD(client_nacked)
{
    answered(picture, event)->nacked++;
}

GMQ_FOLD(client_returned)
{
    answered(picture, event)->returned++;
    picture->totals.returned++;
}
