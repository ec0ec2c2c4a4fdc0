/* A consumer that answers: to the queue that a request names as its reply-to, with the request's
 * correlation-id, before it acks. A request that names no queue is only acked. */
#include "sim/outgoing.h"
#include "sim/receiver.h"
#include "sim/world-private.h"

typedef struct {
    GmqReceiver receiver;
    GmqSimClient *client;
    GmqOutgoing outgoing; /* the answer */
} Server;

/* ---- answering ---- */

/* Its name is the next one of the server. */
static void
fill_answer(Server *server, const GmqProperties *request)
{
    GmqOutgoing *answer = &server->outgoing;

    gmq_outgoing_set_name(answer->name, server->client->spec->name, ++server->client->n_named);
    g_string_truncate(answer->key, 0);
    g_string_append_len(answer->key, (const char *)request->reply_to.data,
                        (gssize)request->reply_to.size);
    g_string_assign(answer->body, "answer to ");
    g_string_append_len(answer->body, (const char *)request->message_id.data,
                        (gssize)request->message_id.size);
    answer->exchange   = "";
    answer->properties = (GmqProperties){
        .present        = GMQ_PROPERTY_BIT(GMQ_PROPERTY_MESSAGE_ID),
        .message_id     = gmq_slice_of(answer->name->str),
        .correlation_id = request->correlation_id,
    };
    if (GMQ_HAS_PROPERTY(request, CORRELATION_ID))
        answer->properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_CORRELATION_ID);
}

static void
on_answer(void *role, const GmqJob *job)
{
    Server *server            = role;
    GmqSimClient *client      = server->client;
    const GmqOutgoing *answer = &server->outgoing;
    GmqProperties request;
    GmqFault fault;

    if (!gmq_properties_decode((GmqSlice){job->header->data, job->header->len}, &request, &fault) ||
        request.reply_to.size == 0)
        return;
    fill_answer(server, &request);
    gmq_check_sent(client->world->check, client->peer->name, answer);
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_SENT,
                                           .key        = gmq_slice_of(answer->key->str),
                                           .message_id = gmq_slice_of(answer->name->str),
                                           .text       = gmq_slice_of(answer->body->str)});
    gmq_client_publish(client->amqp, GMQ_SIM_CHANNEL,
                       &(GmqBasicPublish){.routing_key = request.reply_to}, &answer->properties,
                       gmq_slice_of(answer->body->str));
}

static const GmqHandsClass hands_class = {.keeps_content = true, .answer = on_answer};

/* ---- life ---- */

static void *
make(GmqSimClient *client)
{
    Server *server = g_new0(Server, 1);

    server->client = client;
    gmq_receiver_init(&server->receiver, client, &hands_class);
    gmq_outgoing_init(&server->outgoing);
    return server;
}

static void
free_server(void *role)
{
    Server *server = role;

    gmq_receiver_clear(&server->receiver);
    gmq_outgoing_clear(&server->outgoing);
    g_free(server);
}

const GmqRoleClass gmq_rpc_server_class = {
    .make      = make,
    .free      = free_server,
    .ready     = gmq_receiver_ready,
    .lost      = gmq_receiver_lost,
    .died      = gmq_receiver_died,
    .delivered = gmq_receiver_delivered,
    .cancelled = gmq_receiver_cancelled,
    .is_busy   = gmq_receiver_is_busy,
};
