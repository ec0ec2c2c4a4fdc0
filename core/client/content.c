/* Messages on their way in: a method, a content header, and as many body frames as it takes. */
#include "core/base/limits.h"
#include "core/client/inside.h"
#include "core/wire/properties.h"

void
gmq_client_arrival_clear(GmqClientArrival *arrival)
{
    gmq_buffer_clear(&arrival->head);
    gmq_buffer_clear(&arrival->body);
    arrival->stage = GMQ_CLIENT_NO_CONTENT;
}

/* Remembers that the channel has lent from the input. */
static void
note_unsaved(GmqClient *client, GmqClientChannel *channel)
{
    if (channel->is_unsaved)
        return;
    channel->is_unsaved   = true;
    channel->next_unsaved = client->unsaved;
    client->unsaved       = channel;
}

/* The head may move as it grows, so both slices and the method are made anew from it. */
static void
save(GmqClientArrival *arrival)
{
    GmqBuffer *head = &arrival->head;
    GmqFault fault;

    if (head->size == 0)
        gmq_buffer_add(head, arrival->payload.data, arrival->payload.size);
    if (head->size == arrival->payload.size)
        gmq_buffer_add(head, arrival->header.data, arrival->header.size);

    arrival->payload.data = head->data;
    arrival->header.data  = head->data + arrival->payload.size;
    bool decoded          = gmq_method_decode(arrival->payload, &arrival->method, &fault);
    g_assert(decoded);
}

void
gmq_client_save_arrivals(GmqClient *client)
{
    while (client->unsaved != NULL) {
        GmqClientChannel *channel = client->unsaved;

        client->unsaved     = channel->next_unsaved;
        channel->is_unsaved = false;
        if (channel->arrival.stage != GMQ_CLIENT_NO_CONTENT)
            save(&channel->arrival);
    }
}

void
gmq_client_expect_content(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
                          GmqSlice payload)
{
    GmqClientArrival *arrival = &channel->arrival;

    arrival->stage     = GMQ_CLIENT_WANT_HEADER;
    arrival->method    = *method;
    arrival->payload   = payload;
    arrival->header    = (GmqSlice){NULL, 0};
    arrival->head.size = 0;
    note_unsaved(client, channel);
}

static void
tell(GmqClient *client, const GmqClientChannel *channel, GmqSlice body)
{
    const GmqClientEvents *events  = client->events;
    const GmqMethod *method        = &channel->arrival.method;
    const GmqClientContent content = {channel->arrival.header, body};

    if (!gmq_client_is_telling(client, channel))
        return;
    if (method->id == GMQ_BASIC_RETURN) {
        if (events->returned != NULL)
            events->returned(client->user, channel->number, &method->basic_return, &content);
    } else if (events->delivered != NULL) {
        events->delivered(client->user, channel->number, method, &content);
    }
}

/* A large body's room is given back: the next one may be long in coming. */
static void
complete(GmqClient *client, GmqClientChannel *channel, GmqSlice body)
{
    GmqClientArrival *arrival = &channel->arrival;

    arrival->stage = GMQ_CLIENT_NO_CONTENT;
    tell(client, channel, body);
    arrival->body.size = 0;
    if (arrival->body.capacity > GMQ_BODY_TRUST)
        gmq_buffer_clear(&arrival->body);
}

static bool
take_header(GmqClient *client, GmqClientChannel *channel, GmqSlice payload, GmqFault *fault)
{
    GmqClientArrival *arrival = &channel->arrival;
    GmqProperties properties;

    if (arrival->stage != GMQ_CLIENT_WANT_HEADER)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "content header on channel %u, where none is due", channel->number);
    if (!gmq_content_header_check(payload, &arrival->body_left, fault) ||
        !gmq_properties_decode(payload, &properties, fault))
        return false;

    arrival->header = payload;
    arrival->stage  = GMQ_CLIENT_WANT_BODY;
    if (arrival->body_left == 0)
        complete(client, channel, (GmqSlice){NULL, 0});
    else
        note_unsaved(client, channel);
    return true;
}

/* The body of one frame is told where it lies, that of several is put together. No room is made for
 * more than GMQ_BODY_TRUST bytes before they come. */
static bool
take_body(GmqClient *client, GmqClientChannel *channel, GmqSlice payload, GmqFault *fault)
{
    GmqClientArrival *arrival = &channel->arrival;

    if (arrival->stage != GMQ_CLIENT_WANT_BODY)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "body frame on channel %u, where none is due", channel->number);
    if (payload.size > arrival->body_left)
        return gmq_fault_set(
            fault, GMQ_REPLY_FRAME_ERROR,
            "body on channel %u is longer than its header said by %" G_GUINT64_FORMAT " octets",
            channel->number, payload.size - arrival->body_left);

    if (arrival->body.size == 0 && payload.size == arrival->body_left) {
        complete(client, channel, payload);
        return true;
    }
    if (arrival->body.size == 0)
        gmq_buffer_reserve(&arrival->body, MIN(arrival->body_left, GMQ_BODY_TRUST));
    gmq_buffer_add(&arrival->body, payload.data, payload.size);
    arrival->body_left -= payload.size;
    if (arrival->body_left == 0)
        complete(client, channel, gmq_buffer_slice(&arrival->body));
    return true;
}

bool
gmq_client_on_content(GmqClient *client, const GmqFrame *frame, GmqFault *fault)
{
    GmqClientChannel *channel = gmq_client_channel(client, frame->channel);

    if (channel == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR,
                             "content on channel %u, which is not open", frame->channel);
    if (frame->type == GMQ_FRAME_HEADER ? take_header(client, channel, frame->payload, fault)
                                        : take_body(client, channel, frame->payload, fault))
        return true;
    return channel->arrival.stage == GMQ_CLIENT_NO_CONTENT
               ? false
               : gmq_client_blame(&channel->arrival.method, fault);
}
