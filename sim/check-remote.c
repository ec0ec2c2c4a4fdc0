/* What clients alone can judge of a broker that nobody sees into: S3, S4, S5, S8 and S9, by what
 * they get and settle. S2, S11 and S18 need no other eyes than those that they have. */
#include "sim/check-private.h"

/* A broker elsewhere takes its time for a confirm. */
#define ANSWER_NS INT64_C(1000000000)

/* A message in a queue, by what came out of it. */
typedef struct {
    uint64_t n_fresh;  /* deliveries that were not marked redelivered */
    uint64_t n_open;   /* deliveries that somebody has */
    uint64_t acked_at; /* event of its last ack; 0: none */
} Copy;

struct GmqCheckRemote {
    GHashTable *copies;   /* of "queue\nmessage" to Copy; owned, look-up only */
    GHashTable *emptied;  /* queues that had something unsettled put back; names, look-up only */
    bool has_letters;     /* some queue sends on what dies, so that it comes as something new */
    int64_t published_ns; /* when a message was last published */
};

GmqCheckRemote *
gmq_check_remote_new(const GmqScenario *scenario)
{
    GmqCheckRemote *remote = g_new0(GmqCheckRemote, 1);

    remote->copies  = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    remote->emptied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < scenario->queues->len; i++)
        remote->has_letters |= ((const GmqQueueLine *)scenario->queues->pdata[i])->dead_to != NULL;
    return remote;
}

void
gmq_check_remote_free(GmqCheckRemote *remote)
{
    if (remote == NULL)
        return;
    g_hash_table_unref(remote->copies);
    g_hash_table_unref(remote->emptied);
    g_free(remote);
}

static Copy *
copy_of(GmqCheck *check, const GmqEvent *event)
{
    g_autofree char *name = g_strdup_printf("%.*s\n%.*s", (int)event->who.size, event->who.data,
                                            (int)event->message_id.size, event->message_id.data);
    Copy *copy            = g_hash_table_lookup(check->remote->copies, name);

    if (copy == NULL) {
        copy = g_new0(Copy, 1);
        g_hash_table_insert(check->remote->copies, g_steal_pointer(&name), copy);
    }
    return copy;
}

/* How often clients sent a message of that name. */
static uint64_t
times_sent(const GmqCheck *check, const char *name)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < check->all_connections->len; i++) {
        const GmqCheckConnection *connection = check->all_connections->pdata[i];

        for (unsigned j = 0; j < connection->sent->len; j++)
            n += strcmp(((const GmqCheckContent *)connection->sent->pdata[j])->name, name) == 0;
    }
    return n;
}

/* More deliveries as if for the first time than there were messages. */
static void
check_fresh(GmqCheck *check, const Copy *copy, const GmqEvent *event, const char *client)
{
    g_autofree char *queue = gmq_slice_dup(event->who);
    g_autofree char *name  = gmq_slice_dup(event->message_id);

    if (check->remote->has_letters || copy->n_fresh <= times_sent(check, name))
        return;
    if (copy->n_open > 0)
        gmq_check_break(check, queue,
                        "S4 broken: queue %s gave message %s to %s although somebody has it.",
                        queue, name, client);
    else if (copy->acked_at > 0)
        gmq_check_break(check, queue,
                        "S3 broken: queue %s gave message %s to %s as if it were new, although it "
                        "was acked at event %" G_GUINT64_FORMAT ".",
                        queue, name, client, (guint64)copy->acked_at);
    else
        gmq_check_break(check, client,
                        "S5 broken: message %s went to %s with redelivered=0, but it was already "
                        "requeued.",
                        name, client);
}

/* Whoever left may have had messages that did not reach him. */
static void
check_marked(GmqCheck *check, const Copy *copy, const GmqEvent *event, const char *client)
{
    const char *queue = gmq_check_text(check, event->who);

    if (copy->n_fresh > 0 || g_hash_table_contains(check->remote->emptied, queue))
        return;
    g_autofree char *name = gmq_slice_dup(event->message_id);
    gmq_check_break(check, client,
                    "S5 broken: message %s went to %s with redelivered=1, but it was never "
                    "requeued.",
                    name, client);
}

static void
on_delivered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    g_autofree char *client        = g_strdup(gmq_check_client(check, connection));
    Copy *copy                     = copy_of(check, event);

    gmq_check_tag(check, connection, event, client);
    g_ptr_array_add(connection->deliveries, copy);
    copy->n_fresh += !event->redelivered;
    if (event->redelivered)
        check_marked(check, copy, event, client);
    else
        check_fresh(check, copy, event, client);
    copy->n_open++;
    connection->n_unacked++;
    gmq_check_prefetch(check, connection, client);
}

static void
on_settled(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    Copy *copy                     = copy_of(check, event);

    connection->n_unacked -= connection->n_unacked > 0;
    copy->n_open -= copy->n_open > 0;
    if (event->kind != GMQ_EVENT_REJECTED)
        copy->acked_at = check->event;
}

/* A rejected one was settled before, and nobody has it. */
static void
on_put_back(GmqCheck *check, const GmqEvent *event)
{
    Copy *copy = copy_of(check, event);

    copy->n_open -= copy->n_open > 0;
    g_hash_table_add(check->remote->emptied, gmq_slice_dup(event->who));
}

static void
on_consumer_left(GmqCheck *check, const GmqEvent *event)
{
    g_hash_table_add(check->remote->emptied, gmq_slice_dup(event->who));
}

bool
gmq_check_remote_is_due(const GmqCheck *check)
{
    return check->scenario->stop_ns - check->remote->published_ns > ANSWER_NS;
}

void
gmq_check_remote_add(GmqCheck *check, const GmqEvent *event)
{
    switch (event->kind) {
    case GMQ_EVENT_PUBLISHED:
        check->remote->published_ns = event->time_ns;
        gmq_check_published(check, event);
        return;
    case GMQ_EVENT_RETURNED:
        gmq_check_returned(check, event);
        return;
    case GMQ_EVENT_CONFIRMED:
    case GMQ_EVENT_NACKED:
        gmq_check_confirmed(check, event);
        return;
    case GMQ_EVENT_DELIVERED:
    case GMQ_EVENT_GOT:
        on_delivered(check, event);
        return;
    case GMQ_EVENT_ACKED:
    case GMQ_EVENT_REJECTED:
    case GMQ_EVENT_SETTLED_UNSEEN:
        on_settled(check, event);
        return;
    case GMQ_EVENT_REQUEUED:
        on_put_back(check, event);
        return;
    case GMQ_EVENT_CONSUMER_REMOVED:
        on_consumer_left(check, event);
        return;
    case GMQ_EVENT_CONNECTION_CLOSED:
    case GMQ_EVENT_CHANNEL_CLOSED:
        gmq_check_connection(check, event->who)->is_over = true;
        return;
    default:
        return;
    }
}
