#include "core/client/client.h"

#include "core/base/limits.h"
#include "core/client/inside.h"

/* 0-9-1 spec, 4.2.2. */
static const uint8_t protocol_header[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

/* A buffer that has grown beyond this is given back when it is empty. */
#define KEPT_CAPACITY 262144

static GmqClientConfig
copy_config(const GmqClientConfig *config)
{
    GmqClientConfig copy = *config;

    copy.name     = g_strdup(config->name);
    copy.user     = g_strdup(config->user);
    copy.password = g_strdup(config->password);
    copy.vhost    = g_strdup(config->vhost);
    return copy;
}

static void
clear_config(GmqClientConfig *config)
{
    g_free((char *)config->name);
    g_free((char *)config->user);
    g_free((char *)config->password);
    g_free((char *)config->vhost);
}

GmqClient *
gmq_client_new(const GmqClientConfig *config, const GmqClientEvents *events, void *user)
{
    GmqClient *client = g_new0(GmqClient, 1);

    client->config   = copy_config(config);
    client->events   = events;
    client->user     = user;
    client->channels = g_ptr_array_new();
    gmq_buffer_add(&client->output, protocol_header, sizeof protocol_header);
    return client;
}

void
gmq_client_free(GmqClient *client)
{
    if (client == NULL)
        return;
    g_assert(!client->is_receiving);

    for (guint i = 0; i < client->channels->len; i++)
        gmq_client_channel_free((GmqClientChannel *)client->channels->pdata[i]);
    g_ptr_array_free(client->channels, TRUE);
    gmq_client_due_clear(&client->due);
    gmq_buffer_clear(&client->pending);
    gmq_buffer_clear(&client->output);
    g_free((gpointer)client->end.text.data);
    clear_config(&client->config);
    g_free(client);
}

void
gmq_client_finish(GmqClient *client, const GmqClientEnd *end)
{
    GmqSlice text = {(const uint8_t *)gmq_slice_dup(end->text), end->text.size};

    g_assert(client->state != GMQ_CLIENT_CLOSED);

    client->state = GMQ_CLIENT_CLOSED;
    g_free((gpointer)client->end.text.data);
    client->end      = *end;
    client->end.text = text;
    if (client->events->closed != NULL)
        client->events->closed(client->user, &client->end);
}

/* Once the server knows what we agreed on, it is told what it did wrong (AMQP.md 2.9). */
static void
finish_by_fault(GmqClient *client, const GmqFault *fault)
{
    GmqSlice text = gmq_slice_of(fault->text);

    if (client->handshake >= GMQ_CLIENT_WANT_OPEN_OK && client->state != GMQ_CLIENT_CLOSING) {
        GmqMethod close = {.id = GMQ_CONNECTION_CLOSE};

        close.connection_close.reply_code = (uint16_t)fault->code;
        close.connection_close.reply_text = text;
        close.connection_close.class_id   = fault->class_id;
        close.connection_close.method_id  = fault->method_id;
        gmq_method_add_frame(&close, 0, &client->output);
    }
    gmq_client_finish(client, &(GmqClientEnd){GMQ_CLIENT_END_FAULT, (uint16_t)fault->code,
                                              fault->class_id, fault->method_id, text});
}

static bool
take_method(GmqClient *client, const GmqFrame *frame, GmqFault *fault)
{
    GmqMethod method;

    if (frame->channel != 0)
        return gmq_client_on_channel(client, frame, fault);
    return gmq_method_decode(frame->payload, &method, fault) &&
           gmq_client_on_connection(client, &method, fault);
}

static bool
take_content(GmqClient *client, const GmqFrame *frame, GmqFault *fault)
{
    if (frame->channel == 0)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME, "content on channel 0");
    if (frame->type == GMQ_FRAME_BODY && client->frame_max > 0 &&
        frame->payload.size > client->frame_max - GMQ_FRAME_OVERHEAD)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "body frame of %zu octets, where frame-max is %" G_GUINT32_FORMAT,
                             frame->payload.size, client->frame_max);
    return gmq_client_on_content(client, frame, fault);
}

static bool
take_frame(GmqClient *client, const GmqFrame *frame, GmqFault *fault)
{
    switch ((GmqFrameType)frame->type) {
    case GMQ_FRAME_METHOD:
        return take_method(client, frame, fault);
    case GMQ_FRAME_HEADER:
    case GMQ_FRAME_BODY:
        return take_content(client, frame, fault);
    case GMQ_FRAME_HEARTBEAT:
        if (frame->channel != 0 || frame->payload.size > 0)
            return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                                 "heartbeat on channel %u with %zu octets", frame->channel,
                                 frame->payload.size);
        return true;
    }
    g_assert_not_reached();
}

/* Before tuning a frame has the least size that any peer takes. Later only bodies are cut to
 * frame-max by RabbitMQ (AMQP.md 3.4), so that other frames may have any usual size. */
static size_t
payload_max(const GmqClient *client)
{
    size_t most = MAX(client->frame_max, GMQ_FRAME_MAX_DEFAULT);

    if (client->handshake < GMQ_CLIENT_WANT_OPEN_OK)
        most = GMQ_FRAME_MAX_LEAST;
    else if (client->frame_max == 0)
        most = GMQ_BODY_SIZE_MAX;
    return most - GMQ_FRAME_OVERHEAD;
}

/* How many bytes the frame that began in pending lacks, as far as can be told. */
static size_t
missing(const GmqBuffer *pending, const GmqFrame *header)
{
    if (pending->size < GMQ_FRAME_HEADER_SIZE)
        return GMQ_FRAME_HEADER_SIZE - pending->size;
    return header->payload.size + GMQ_FRAME_OVERHEAD - pending->size;
}

/* Moves bytes over to the frame that began in an earlier input, and takes it when it is whole. No
 * more is moved than it needs: all that follows is read where it lies. */
static bool
take_pending(GmqClient *client, GmqSlice *bytes, GmqFault *fault)
{
    GmqBuffer *pending = &client->pending;
    GmqFrame frame     = {0};

    while (bytes->size > 0) {
        if (pending->size >= GMQ_FRAME_HEADER_SIZE &&
            !gmq_frame_read_header(pending->data, payload_max(client), &frame, fault))
            return false;

        size_t step = MIN(missing(pending, &frame), bytes->size);
        gmq_buffer_add(pending, bytes->data, step);
        bytes->data += step;
        bytes->size -= step;

        GmqSlice input = gmq_buffer_slice(pending);
        switch (gmq_frame_read(&input, payload_max(client), &frame, fault)) {
        case GMQ_FRAME_BAD:
            return false;
        case GMQ_FRAME_NEEDS_MORE:
            break;
        case GMQ_FRAME_READY:
            pending->size = 0; /* its bytes stay where they are until the input ends */
            return take_frame(client, &frame, fault);
        }
    }
    return true;
}

static bool
take_frames(GmqClient *client, GmqSlice *bytes, GmqFault *fault)
{
    GmqFrame frame;

    while (client->state != GMQ_CLIENT_CLOSED) {
        switch (gmq_frame_read(bytes, payload_max(client), &frame, fault)) {
        case GMQ_FRAME_BAD:
            return false;
        case GMQ_FRAME_NEEDS_MORE:
            return true;
        case GMQ_FRAME_READY:
            if (!take_frame(client, &frame, fault))
                return false;
        }
    }
    return true;
}

/* A server that speaks another protocol answers with a header of its own (AMQP.md 2.2). */
static bool
is_refusal(const GmqClient *client, GmqSlice bytes)
{
    return client->handshake == GMQ_CLIENT_WANT_START && client->pending.size == 0 &&
           bytes.data[0] == protocol_header[0];
}

static bool
take_input(GmqClient *client, GmqSlice *bytes, GmqFault *fault)
{
    if (is_refusal(client, *bytes))
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED,
                             "the server does not speak AMQP 0-9-1: it answered with a protocol "
                             "header of its own");
    if (client->pending.size > 0 && !take_pending(client, bytes, fault))
        return false;
    return take_frames(client, bytes, fault);
}

void
gmq_client_received(GmqClient *client, GmqSlice bytes)
{
    GmqFault fault;

    g_assert(!client->is_receiving);

    fault.class_id  = 0;
    fault.method_id = 0;
    if (client->state != GMQ_CLIENT_CLOSED && bytes.size > 0) {
        client->is_receiving = true;
        client->has_heard    = true;
        if (!take_input(client, &bytes, &fault) && client->state != GMQ_CLIENT_CLOSED)
            finish_by_fault(client, &fault);
        client->is_receiving = false;
    }

    if (client->state == GMQ_CLIENT_CLOSED) {
        client->late_octets += bytes.size;
        return;
    }
    gmq_client_save_arrivals(client);
    gmq_buffer_add(&client->pending, bytes.data, bytes.size);
}

GmqSlice
gmq_client_output(const GmqClient *client)
{
    const GmqBuffer *output = &client->output;

    if (output->size == 0)
        return (GmqSlice){NULL, 0};
    return (GmqSlice){output->data + client->output_gone, output->size - client->output_gone};
}

void
gmq_client_wrote(GmqClient *client, size_t size)
{
    GmqBuffer *output = &client->output;

    g_assert(size <= output->size - client->output_gone);

    client->has_written |= size > 0;
    client->output_gone += size;
    if (client->output_gone == output->size) {
        client->output_gone = 0;
        output->size        = 0;
        if (output->capacity > KEPT_CAPACITY)
            gmq_buffer_clear(output);
    } else if (client->output_gone > output->size / 2) {
        output->size -= client->output_gone;
        memmove(output->data, output->data + client->output_gone, output->size);
        client->output_gone = 0;
    }
}

void
gmq_client_lost(GmqClient *client)
{
    GmqClientEnd end = {.cause = GMQ_CLIENT_END_LOST, .text = GMQ_SLICE("the connection was lost")};

    g_assert(!client->is_receiving);

    if (client->state == GMQ_CLIENT_CLOSED)
        return;
    if (client->has_end)
        end = client->end;
    gmq_client_finish(client, &end);
}

bool
gmq_client_close(GmqClient *client, uint16_t code, const char *text)
{
    if (client->state != GMQ_CLIENT_OPEN)
        return false;

    GmqMethod close                   = {.id = GMQ_CONNECTION_CLOSE};
    close.connection_close.reply_code = code;
    close.connection_close.reply_text = gmq_slice_of(text);
    gmq_method_add_frame(&close, 0, &client->output);
    client->state = GMQ_CLIENT_CLOSING;
    return true;
}

GmqClientState
gmq_client_state(const GmqClient *client)
{
    return client->state;
}

const GmqClientEnd *
gmq_client_end(const GmqClient *client)
{
    g_assert(client->state == GMQ_CLIENT_CLOSED);

    return &client->end;
}

uint64_t
gmq_client_late_octets(const GmqClient *client)
{
    return client->late_octets;
}

uint32_t
gmq_client_frame_max(const GmqClient *client)
{
    return client->frame_max;
}

uint16_t
gmq_client_channel_max(const GmqClient *client)
{
    return client->channel_max;
}

uint16_t
gmq_client_heartbeat_s(const GmqClient *client)
{
    return client->heartbeat_s;
}
