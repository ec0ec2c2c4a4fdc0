#include "sim/check-private.h"

/* ---- publishing ---- */

static void
free_copy(void *copy)
{
    g_free(copy);
}

static GmqCheckMessage *
message_new(GmqCheck *check, GmqCheckConnection *connection, const GmqEvent *event)
{
    GmqCheckMessage *message       = g_new0(GmqCheckMessage, 1);
    g_autofree char *exchange      = gmq_slice_dup(event->to);
    const GmqCheckContent *content = NULL;

    message->name         = gmq_slice_dup(event->message_id);
    message->connection   = connection;
    message->sequence     = ++connection->n_published;
    message->confirm      = event->tag;
    message->event        = check->event;
    message->routes       = g_ptr_array_new_with_free_func(g_free);
    message->copies       = g_ptr_array_new_with_free_func(free_copy);
    content               = gmq_check_contents_find(check->contents, message->name);
    message->is_mandatory = content != NULL && content->is_mandatory;
    gmq_check_routes_find(check->routes, exchange, event->key,
                          content == NULL ? NULL : content->headers, check->queues,
                          message->routes);
    return message;
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
    else if (strcmp(connection->sent->pdata[message->sequence - 1], message->name) != 0)
        gmq_check_break(
            check, client, "S7 broken: message %s of %s was taken before %s, which was sent first.",
            message->name, client, (const char *)connection->sent->pdata[message->sequence - 1]);
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

void
gmq_check_published(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->who);
    GmqCheckMessage *message       = message_new(check, connection, event);

    if (check->messages->len <= event->message)
        g_ptr_array_set_size(check->messages, (int)event->message + 1);
    if (check->messages->pdata[event->message] != NULL)
        gmq_check_break(check, message->name, "S2 broken: two messages have the number %u.",
                        (unsigned)event->message);
    else
        check->messages->pdata[event->message] = message;
    g_ptr_array_add(check->turn, message);
    check_order(check, connection, message);
    check_number(check, connection, message);
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
    for (uint64_t number = first; number <= event->tag; number++)
        connection->confirms->pdata[number - 1] = NULL;
    while (connection->first_awaited < connection->confirms->len &&
           connection->confirms->pdata[connection->first_awaited] == NULL)
        connection->first_awaited++;
}

void
gmq_check_all_confirmed(GmqCheck *check, const GmqCheckConnection *connection)
{
    const char *client = gmq_check_client(check, connection);

    if (connection->is_over || connection->first_awaited == connection->confirms->len)
        return;
    const GmqCheckMessage *message = connection->confirms->pdata[connection->first_awaited];
    gmq_check_break(check, client,
                    "S11 broken: message %s of %s was published at event %" G_GUINT64_FORMAT
                    " and was never confirmed.",
                    message->name, client, (guint64)message->event);
}
