#include "sim/tap-private.h"

#define PROTOCOL_HEADER_SIZE 8

GmqTap *
gmq_tap_new(GmqTapBook *book, GmqPeer *peer)
{
    GmqTap *tap = g_new0(GmqTap, 1);

    tap->book      = book;
    tap->peer      = peer;
    tap->channels  = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_tap_channel_free);
    tap->to        = g_byte_array_new();
    tap->from      = g_byte_array_new();
    tap->is_silent = strcmp(peer->name, GMQ_SETUP_NAME) == 0;
    return tap;
}

void
gmq_tap_free(GmqTap *tap)
{
    if (tap == NULL)
        return;
    g_ptr_array_unref(tap->channels);
    g_byte_array_unref(tap->to);
    g_byte_array_unref(tap->from);
    g_free(tap->end_text);
    g_free(tap);
}

uint64_t
gmq_tap_note(GmqTap *tap, const GmqEvent *event)
{
    GmqWorld *world = tap->peer->world;

    return tap->is_silent && !world->has_begun ? 0 : gmq_world_note(world, event);
}

GmqTapChannel *
gmq_tap_channel(GmqTap *tap, uint16_t number)
{
    for (unsigned i = 0; i < tap->channels->len; i++) {
        GmqTapChannel *channel = tap->channels->pdata[i];

        if (channel->number == number)
            return channel;
    }
    GmqTapChannel *channel = gmq_tap_channel_new(number);
    g_ptr_array_add(tap->channels, channel);
    return channel;
}

unsigned
gmq_tap_due(const GmqTap *tap)
{
    unsigned n = tap->n_due;

    if (tap->is_over || tap->is_broken)
        return 0;
    for (unsigned i = 0; i < tap->channels->len; i++)
        n += ((const GmqTapChannel *)tap->channels->pdata[i])->requests.length;
    return n;
}

/* ---- the connection itself ---- */

static void
sent_on_connection(GmqTap *tap, const GmqMethod *method)
{
    switch (method->id) {
    case GMQ_CONNECTION_START_OK:
    case GMQ_CONNECTION_SECURE_OK:
    case GMQ_CONNECTION_OPEN:
    case GMQ_CONNECTION_CLOSE:
        tap->n_due++;
        return;
    default:
        return;
    }
}

static void
note_blocked(GmqTap *tap, GmqEventKind kind, GmqSlice reason)
{
    gmq_tap_note(tap,
                 &(GmqEvent){.kind = kind, .who = gmq_slice_of(tap->peer->name), .text = reason});
}

static void
received_on_connection(GmqTap *tap, const GmqMethod *method)
{
    tap->n_due = tap->n_due > 0 ? tap->n_due - 1 : 0;
    switch (method->id) {
    case GMQ_CONNECTION_OPEN_OK:
        tap->is_opened = true;
        gmq_tap_note(tap, &(GmqEvent){.kind = GMQ_EVENT_CONNECTION_OPENED,
                                      .who  = gmq_slice_of(tap->peer->name)});
        return;
    case GMQ_CONNECTION_CLOSE:
        tap->end_code = method->connection_close.reply_code;
        g_free(tap->end_text);
        tap->end_text = gmq_slice_dup(method->connection_close.reply_text);
        return;
    case GMQ_CONNECTION_BLOCKED:
        note_blocked(tap, GMQ_EVENT_BLOCKED, method->connection_blocked.reason);
        return;
    case GMQ_CONNECTION_UNBLOCKED:
        note_blocked(tap, GMQ_EVENT_UNBLOCKED, (GmqSlice){0});
        return;
    default:
        return;
    }
}

void
gmq_tap_ended(GmqTap *tap)
{
    if (tap->is_over)
        return;
    tap->is_over = true;
    if (tap->is_opened)
        gmq_tap_note(tap, &(GmqEvent){
                              .kind  = GMQ_EVENT_CONNECTION_CLOSED,
                              .who   = gmq_slice_of(tap->peer->name),
                              .count = tap->end_code,
                              .text  = gmq_slice_of(tap->end_text == NULL ? "" : tap->end_text),
                          });
    for (unsigned i = 0; i < tap->channels->len; i++)
        gmq_tap_channel_over(tap, tap->channels->pdata[i]);
}

/* ---- messages ---- */

static GmqSlice
slice_of(const GByteArray *bytes)
{
    return (GmqSlice){bytes->data, bytes->len};
}

static void
begin_content(GmqTapContent *content, GmqMethodId id, GmqSlice payload)
{
    content->is_on = true;
    content->id    = id;
    g_byte_array_set_size(content->method, 0);
    g_byte_array_set_size(content->header, 0);
    g_byte_array_append(content->method, payload.data, (unsigned)payload.size);
}

static void
end_content(GmqTap *tap, GmqTapChannel *channel, GmqTapContent *content)
{
    GmqMethod method;
    GmqFault fault;

    content->is_on = false;
    if (!gmq_method_decode(slice_of(content->method), &method, &fault))
        return;
    if (content == &channel->sent)
        gmq_tap_content_sent(tap, channel, &method, slice_of(content->header), content->body_size);
    else
        gmq_tap_content_received(tap, channel, &method, slice_of(content->header));
}

static void
take_header(GmqTap *tap, GmqTapChannel *channel, GmqTapContent *content, GmqSlice payload)
{
    GmqFault fault;

    if (!content->is_on || !gmq_content_header_check(payload, &content->body_size, &fault))
        return;
    g_byte_array_append(content->header, payload.data, (unsigned)payload.size);
    content->body_left = content->body_size;
    if (content->body_left == 0)
        end_content(tap, channel, content);
}

static void
take_body(GmqTap *tap, GmqTapChannel *channel, GmqTapContent *content, size_t size)
{
    if (!content->is_on || size == 0)
        return;
    content->body_left -= MIN(content->body_left, size);
    if (content->body_left == 0)
        end_content(tap, channel, content);
}

/* ---- frames ---- */

static void
take_method(GmqTap *tap, const GmqFrame *frame, bool is_sent)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(frame->payload, &method, &fault)) {
        tap->is_broken = true;
    } else if (frame->channel == 0) {
        (is_sent ? sent_on_connection : received_on_connection)(tap, &method);
    } else if (gmq_method_info(method.id)->has_content) {
        GmqTapChannel *channel = gmq_tap_channel(tap, frame->channel);
        begin_content(is_sent ? &channel->sent : &channel->received, method.id, frame->payload);
    } else {
        (is_sent ? gmq_tap_channel_sent
                 : gmq_tap_channel_received)(tap, gmq_tap_channel(tap, frame->channel), &method);
    }
}

static void
take_frame(GmqTap *tap, const GmqFrame *frame, bool is_sent)
{
    if (frame->type == GMQ_FRAME_METHOD) {
        take_method(tap, frame, is_sent);
    } else if (frame->type != GMQ_FRAME_HEARTBEAT && frame->channel != 0) {
        GmqTapChannel *channel = gmq_tap_channel(tap, frame->channel);
        GmqTapContent *content = is_sent ? &channel->sent : &channel->received;

        if (frame->type == GMQ_FRAME_HEADER)
            take_header(tap, channel, content, frame->payload);
        else
            take_body(tap, channel, content, frame->payload.size);
    }
}

/* Takes all whole frames, and keeps what is left of the bytes. */
static void
take_frames(GmqTap *tap, GByteArray *kept, bool is_sent)
{
    GmqSlice rest = slice_of(kept);
    GmqFrame frame;
    GmqFault fault;

    while (!tap->is_broken) {
        GmqFrameStatus status = gmq_frame_read(&rest, G_MAXINT32, &frame, &fault);

        if (status == GMQ_FRAME_NEEDS_MORE)
            break;
        tap->is_broken = status == GMQ_FRAME_BAD;
        if (!tap->is_broken)
            take_frame(tap, &frame, is_sent);
    }
    g_byte_array_remove_range(kept, 0, (unsigned)(kept->len - rest.size));
}

void
gmq_tap_sent(GmqTap *tap, GmqSlice bytes)
{
    if (tap->is_over || tap->is_broken)
        return;
    g_byte_array_append(tap->to, bytes.data, (unsigned)bytes.size);
    if (!tap->has_header) {
        if (tap->to->len < PROTOCOL_HEADER_SIZE)
            return;
        g_byte_array_remove_range(tap->to, 0, PROTOCOL_HEADER_SIZE);
        tap->has_header = true;
        tap->n_due++;
    }
    take_frames(tap, tap->to, true);
}

void
gmq_tap_received(GmqTap *tap, GmqSlice bytes)
{
    if (tap->is_over || tap->is_broken)
        return;
    g_byte_array_append(tap->from, bytes.data, (unsigned)bytes.size);
    take_frames(tap, tap->from, false);
}
