/* Messages on their way to a client: basic.deliver, basic.get-ok and basic.return.
 *
 * This is the hottest path out, so the methods are written by hand: a small message is one copy of
 * what stands behind its struct (message.h), with the two channel numbers patched in. */
#include "core/amqp/amqp-private.h"
#include "core/amqp/channel.h"
#include "core/base/site.h"

/* A frame header, class and method ids, and the largest arguments before an address. */
#define HEAD_MAX (GMQ_FRAME_HEADER_SIZE + 4 + 1 + GMQ_SHORTSTR_MAX + 9)
#define BASIC 60

/* A content header above this is not copied into a single block. */
#define SMALL_HEADER_MAX 8192

/* A frame that tests split bodies into. */
#define SPLIT_FRAME (GMQ_FRAME_OVERHEAD + 16)

static uint8_t *
store_shortstr(uint8_t *at, GmqSlice text)
{
    g_assert(text.size <= GMQ_SHORTSTR_MAX);

    *at++ = (uint8_t)text.size;
    if (text.size > 0)
        memcpy(at, text.data, text.size);
    return at + text.size;
}

/* The method up to the address; its frame header is filled in by store_method(). */
static uint8_t *
store_ids(uint8_t *head, uint16_t method_id)
{
    return gmq_store_u16(gmq_store_u16(head + GMQ_FRAME_HEADER_SIZE, BASIC), method_id);
}

static void
patch_channel(uint8_t *frame, uint16_t channel)
{
    gmq_store_u16(frame + 1, channel);
}

/* The method's frame: head, the address of the message, tail. Returns the place behind. */
static uint8_t *
store_method(uint8_t *at, uint16_t channel, GmqSlice head, const GmqMessage *message, GmqSlice tail)
{
    size_t address = gmq_message_address_size(message) - 1; /* without its frame-end */
    size_t payload = head.size - GMQ_FRAME_HEADER_SIZE + address + tail.size;

    memcpy(at, head.data, head.size);
    gmq_frame_store_header(at, GMQ_FRAME_METHOD, channel, (uint32_t)payload);
    at += head.size;
    memcpy(at, message->data, address);
    at += address;
    if (tail.size > 0)
        memcpy(at, tail.data, tail.size);
    at += tail.size;
    *at++ = GMQ_FRAME_END;
    return at;
}

/* Everything in one block. */
static void
send_small(GmqChannel *from, GmqSlice head, const GmqMessage *message, GmqSlice tail)
{
    GmqOutput *output = &from->connection->output;
    uint16_t channel  = from->number;
    size_t address    = gmq_message_address_size(message);
    size_t content    = gmq_message_wire_size(message) - address;
    size_t size       = head.size + address + tail.size + content;
    uint8_t *at       = gmq_output_reserve(output, size);

    at = store_method(at, channel, head, message, tail);
    memcpy(at, message->data + address, content);
    patch_channel(at, channel);
    if (message->body_size > 0)
        patch_channel(at + gmq_message_head_size(message) - address, channel);
    if (message->body_size > 0 && GMQ_BUG(from->connection->host, BODY_CHANGED))
        at[content - 2] ^= 1;
    gmq_output_commit(output, size);
}

/* The body in frames that the client takes, each lent from the message. */
static void
send_body(GmqOutput *output, uint16_t channel, GmqMessage *message, uint32_t frame_max)
{
    static const uint8_t end = GMQ_FRAME_END;
    GmqSlice body            = gmq_message_body(message);
    size_t part_max          = frame_max == 0 ? UINT32_MAX : frame_max - GMQ_FRAME_OVERHEAD;

    while (body.size > 0) {
        size_t part = MIN(body.size, part_max);
        uint8_t *at = gmq_output_reserve(output, GMQ_FRAME_HEADER_SIZE);

        gmq_frame_store_header(at, GMQ_FRAME_BODY, channel, (uint32_t)part);
        gmq_output_commit(output, GMQ_FRAME_HEADER_SIZE);
        gmq_output_add_lent(output, message, (GmqSlice){body.data, part});
        gmq_output_add(output, (GmqSlice){&end, 1});
        body.data += part;
        body.size -= part;
    }
}

static void
send_large(GmqOutput *output, uint16_t channel, GmqSlice head, GmqMessage *message, GmqSlice tail,
           uint32_t frame_max)
{
    static const uint8_t end = GMQ_FRAME_END;
    uint8_t *at              = gmq_output_reserve(output, HEAD_MAX + GMQ_ADDRESS_MAX + 16);
    uint8_t *behind          = store_method(at, channel, head, message, tail);
    GmqSlice header          = gmq_message_header(message);

    behind = gmq_frame_store_header(behind, GMQ_FRAME_HEADER, channel, (uint32_t)header.size);
    gmq_output_commit(output, (size_t)(behind - at));
    gmq_output_add(output, header);
    gmq_output_add(output, (GmqSlice){&end, 1});
    send_body(output, channel, message, frame_max);
}

static void
send_content(GmqChannel *channel, GmqSlice head, GmqMessage *message, GmqSlice tail)
{
    GmqConnection *connection = channel->connection;
    GmqOutput *output         = &connection->output;

    if (GMQ_SITE(connection->host, BODY_SPLIT))
        send_large(output, channel->number, head, message, tail, SPLIT_FRAME);
    else if (message->body_size <= GMQ_COPY_MAX && message->header_size <= SMALL_HEADER_MAX)
        send_small(channel, head, message, tail);
    else
        send_large(output, channel->number, head, message, tail,
                   GMQ_BUG(connection->host, FRAME_LARGE) ? 0 : connection->frame_max);
    gmq_connection_mark_dirty(connection);
}

void
gmq_channel_send_delivery(GmqChannel *channel, GmqSlice consumer_tag, uint64_t tag,
                          const GmqEntry *entry)
{
    uint8_t head[HEAD_MAX];
    uint8_t *at = store_shortstr(store_ids(head, 60), consumer_tag);

    at    = gmq_store_u64(at, tag);
    *at++ = gmq_entry_is_redelivered(entry);
    send_content(channel, (GmqSlice){head, (size_t)(at - head)}, entry->message, (GmqSlice){0});
}

void
gmq_channel_send_get_ok(GmqChannel *channel, uint64_t tag, const GmqEntry *entry,
                        uint32_t ready_count)
{
    uint8_t head[HEAD_MAX];
    uint8_t tail[4];
    uint8_t *at = gmq_store_u64(store_ids(head, 71), tag);

    *at++ = gmq_entry_is_redelivered(entry);
    gmq_store_u32(tail, ready_count);
    send_content(channel, (GmqSlice){head, (size_t)(at - head)}, entry->message,
                 (GmqSlice){tail, sizeof tail});
}

void
gmq_channel_send_return(GmqChannel *channel, GmqMessage *message, unsigned code, const char *text)
{
    uint8_t head[HEAD_MAX];
    uint8_t *at = gmq_store_u16(store_ids(head, 50), (uint16_t)code);

    at = store_shortstr(at, gmq_slice_of(text));
    send_content(channel, (GmqSlice){head, (size_t)(at - head)}, message, (GmqSlice){0});
}
