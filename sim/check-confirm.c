#include "sim/check-route.h"

/* ---- publishing ---- */

static const GmqCheckContent *
find_content(GmqCheck *check, const GmqCheckConnection *connection, GmqSlice name)
{
    uint64_t sequence              = connection->n_published;
    const GmqCheckContent *content = NULL;

    if (sequence <= connection->sent->len)
        content = connection->sent->pdata[sequence - 1];
    if (content == NULL || !gmq_slice_equal(gmq_slice_of(content->name), name))
        content = gmq_check_contents_find(check->contents, gmq_check_text(check, name));
    return content != NULL ? content : gmq_check_contents_make(check->contents, name);
}

static GmqCheckMessage *
message_new(GmqCheck *check, GmqCheckConnection *connection, const GmqEvent *event)
{
    GmqCheckMessage *message = g_new0(GmqCheckMessage, 1);

    message->sequence      = ++connection->n_published;
    message->content       = find_content(check, connection, event->message_id);
    message->name          = message->content->name;
    message->root          = message;
    message->connection    = connection;
    message->confirm       = event->tag;
    message->event         = check->event;
    message->exchange      = gmq_slice_dup(event->to);
    message->key           = gmq_slice_dup(event->key);
    message->published_ns  = check->now_ns;
    message->routes        = g_ptr_array_new_with_free_func(g_free);
    message->copies        = g_ptr_array_new_with_free_func(g_free);
    message->ttl_ms        = message->content->ttl_ms;
    message->is_mandatory  = message->content->is_mandatory;
    message->is_persistent = message->content->is_persistent;
    gmq_check_find_routes(check, message);
    return message;
}

static const char *
sent_name(const GmqCheckConnection *connection, const GmqCheckMessage *message)
{
    return ((const GmqCheckContent *)connection->sent->pdata[message->sequence - 1])->name;
}

/* What arrives on a channel is what its client sent there, in that order. */
static void
check_order(GmqCheck *check, const GmqCheckConnection *connection, const GmqCheckMessage *message)
{
    const char *client = gmq_check_client(check, connection);

    if (message->sequence > connection->sent->len)
        gmq_check_break(check, client,
                        "S2 broken: message \"%s\" came from %s, which did not send it.",
                        message->name, client);
    else if (strcmp(sent_name(connection, message), message->name) != 0)
        gmq_check_break(check, client,
                        "S7 broken: message %s of %s was taken before %s, which was sent first.",
                        message->name, client, sent_name(connection, message));
}

static void
check_number(GmqCheck *check, GmqCheckConnection *connection, GmqCheckMessage *message)
{
    if (message->confirm == 0)
        return;
    g_ptr_array_add(connection->confirms, message);
    if (message->confirm != connection->confirms->len)
        gmq_check_break(check, message->name,
                        "S11 broken: publish %s has the confirm number %" G_GUINT64_FORMAT
                        ", and should have %u.",
                        message->name, (guint64)message->confirm, connection->confirms->len);
}

/* A number may be given again when the message that had it went with its broker. */
static void
take_number(GmqCheck *check, uint64_t number)
{
    GmqCheckMessage *other = check->messages->pdata[number];

    if (other == NULL)
        return;
    g_ptr_array_add(check->replaced, other);
    if (!other->is_away)
        gmq_check_break(check, other->name,
                        "S2 broken: two messages have the number %" G_GUINT64_FORMAT ".",
                        (guint64)number);
}

void
gmq_check_published(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->who);
    GmqCheckMessage *message       = message_new(check, connection, event);

    if (check->messages->len <= event->message)
        g_ptr_array_set_size(check->messages, (int)event->message + 1);
    take_number(check, event->message);
    check->messages->pdata[event->message] = message;
    message->is_pending = connection->spec != NULL && connection->spec->tx_every > 0;
    g_ptr_array_add(message->is_pending ? connection->pending : check->turn, message);
    check_order(check, connection, message);
    check_number(check, connection, message);
}

/* All messages of a transaction go their ways at once. */
void
gmq_check_committed(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->who);

    for (unsigned i = 0; i < connection->pending->len; i++) {
        GmqCheckMessage *message = connection->pending->pdata[i];

        message->is_pending = false;
        g_ptr_array_add(check->turn, message);
    }
    g_ptr_array_set_size(connection->pending, 0);
}

/* None of them may be seen from now on. */
void
gmq_check_rolled_back(GmqCheck *check, const GmqEvent *event)
{
    g_ptr_array_set_size(gmq_check_connection(check, event->who)->pending, 0);
}

void
gmq_check_returned(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckMessage *message = gmq_check_message(check, event->message);

    if (message == NULL)
        return;
    message->is_returned = true;
    if (message->confirm == 0 || message->confirm > message->connection->confirms->len)
        return;
    if (message->connection->confirms->pdata[message->confirm - 1] == NULL)
        gmq_check_break(check, message->name,
                        "S11 broken: message %s was returned after it had been confirmed.",
                        message->name);
}

/* ---- confirms ---- */

static bool
is_awaited(const GmqCheckConnection *connection, uint64_t number)
{
    return number >= 1 && number <= connection->confirms->len &&
           connection->confirms->pdata[number - 1] != NULL;
}

/* Whether it still is in a queue that must keep it. */
static bool
is_to_be_kept(const GmqCheckMessage *message)
{
    for (unsigned i = 0; i < message->copies->len && message->is_persistent; i++) {
        const GmqCheckCopy *copy = message->copies->pdata[i];

        if (copy->where != GMQ_CHECK_GONE && copy->queue->is_durable && !copy->queue->is_gone &&
            gmq_check_is_promised(copy->message))
            return true;
    }
    return false;
}

/* The truth about the disk is what is durable there: a message's id stands among its properties,
 * with its length in front. */
static bool
is_on_disk(const GmqCheck *check, const char *name)
{
    g_autoptr(GString) id = g_string_new(NULL);

    g_string_append_c(id, (char)strlen(name));
    g_string_append(id, name);
    return gmq_sim_disk_has(check->disk, (GmqSlice){(const uint8_t *)id->str, id->len});
}

/* A confirm promises that the message is stored (S12), and that holds from then on (S1). */
static void
take_promise(GmqCheck *check, GmqCheckMessage *message)
{
    message->confirmed_at = check->event;
    if (check->disk != NULL && is_to_be_kept(message) && !is_on_disk(check, message->name))
        gmq_check_break(check, message->name,
                        "S12 broken: message %s was confirmed at event %" G_GUINT64_FORMAT
                        ", and is not on the disk.",
                        message->name, (guint64)check->event);
}

void
gmq_check_confirmed(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->who);
    const char *client             = gmq_check_client(check, connection);

    if (!is_awaited(connection, event->tag)) {
        gmq_check_break(check, client,
                        "S11 broken: %s got a confirm for number %" G_GUINT64_FORMAT
                        ", which it does not wait for.",
                        client, (guint64)event->tag);
        return;
    }
    uint64_t first = event->count != 0 ? connection->first_awaited + 1 : event->tag;
    for (uint64_t number = first; number <= event->tag; number++) {
        GmqCheckMessage *message = connection->confirms->pdata[number - 1];

        if (message != NULL)
            gmq_check_answer(check, message, event->kind == GMQ_EVENT_CONFIRMED);
        if (message != NULL && event->kind == GMQ_EVENT_CONFIRMED)
            take_promise(check, message);
        connection->confirms->pdata[number - 1] = NULL;
    }
    while (connection->first_awaited < connection->confirms->len &&
           connection->confirms->pdata[connection->first_awaited] == NULL)
        connection->first_awaited++;
}
