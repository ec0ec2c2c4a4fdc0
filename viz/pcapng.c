#include "viz/pcapng.h"

#include <string.h>

#define LINK_TYPE_RAW 101
#define AMQP_PORT 5672
#define FIRST_PORT 40000
#define N_PORTS 25000 /* then they begin again */
#define N_HOSTS 254   /* in one network of 256 addresses */

#define IP_HEADER_SIZE 20
#define TCP_HEADER_SIZE 20
#define SYN_OPTIONS_SIZE 8
#define WINDOW 65535
#define WINDOW_SHIFT 14 /* no run has so much on its way that it would look full */

/* A comment is cut after so many bytes: an option has room for 65535. */
#define COMMENT_MAX 4000

enum {
    BLOCK_SECTION   = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES     = 4,
    BLOCK_PACKET    = 6,
};

enum {
    OPTION_END         = 0,
    OPTION_COMMENT     = 1,
    OPTION_APPLICATION = 4, /* of a section */
    OPTION_NAME        = 2, /* of an interface */
    OPTION_RESOLUTION  = 9, /* likewise */
    OPTION_FLAGS       = 2, /* of a packet */
};

/* ---- blocks, little-endian ---- */

static void
add_u8(GByteArray *bytes, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    g_byte_array_append(bytes, &byte, 1);
}

static void
add_u16(GByteArray *bytes, unsigned value)
{
    add_u8(bytes, value);
    add_u8(bytes, value >> 8);
}

static void
add_u32(GByteArray *bytes, uint32_t value)
{
    add_u16(bytes, value);
    add_u16(bytes, value >> 16);
}

static void
store_u32(GByteArray *bytes, unsigned at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        bytes->data[at + i] = (uint8_t)(value >> 8 * i);
}

static void
add_bytes(GByteArray *bytes, const void *data, size_t size)
{
    if (size > 0)
        g_byte_array_append(bytes, data, (unsigned)size);
}

static void
pad(GByteArray *bytes)
{
    while (bytes->len % 4 != 0)
        add_u8(bytes, 0);
}

/* Returns where the block begins, for end_block(). */
static unsigned
begin_block(GByteArray *bytes, uint32_t type)
{
    unsigned start = bytes->len;

    add_u32(bytes, type);
    add_u32(bytes, 0);
    return start;
}

static void
end_block(GByteArray *bytes, unsigned start)
{
    pad(bytes);

    uint32_t size = bytes->len - start + 4;
    add_u32(bytes, size);
    store_u32(bytes, start + 4, size);
}

static void
add_option(GByteArray *bytes, unsigned code, const void *data, size_t size)
{
    add_u16(bytes, code);
    add_u16(bytes, (unsigned)size);
    add_bytes(bytes, data, size);
    pad(bytes);
}

static void
add_text_option(GByteArray *bytes, unsigned code, const char *text)
{
    add_option(bytes, code, text, strlen(text));
}

static void
end_options(GByteArray *bytes)
{
    add_u32(bytes, OPTION_END);
}

static void
add_section(GByteArray *bytes)
{
    unsigned start = begin_block(bytes, BLOCK_SECTION);

    add_u32(bytes, 0x1A2B3C4D); /* tells the byte order */
    add_u16(bytes, 1);
    add_u16(bytes, 0);
    add_u32(bytes, UINT32_MAX); /* the section has an unknown length */
    add_u32(bytes, UINT32_MAX);
    add_text_option(bytes, OPTION_APPLICATION, "GlassMQ " GMQ_VERSION);
    end_options(bytes);
    end_block(bytes, start);
}

void
gmq_pcapng_begin(GByteArray *bytes, const char *interface)
{
    const uint8_t nanoseconds = 9;

    add_section(bytes);
    unsigned start = begin_block(bytes, BLOCK_INTERFACE);
    add_u16(bytes, LINK_TYPE_RAW);
    add_u16(bytes, 0);
    add_u32(bytes, 0); /* packets are never cut */
    add_text_option(bytes, OPTION_NAME, interface);
    add_option(bytes, OPTION_RESOLUTION, &nanoseconds, 1);
    end_options(bytes);
    end_block(bytes, start);
}

/* ---- addresses ---- */

typedef struct {
    uint8_t bytes[4];
} Address;

/* 0 is the broker. */
static Address
address_of(unsigned number)
{
    unsigned index = number - 1;

    if (number == 0)
        return (Address){{10, 0, 0, 1}};
    return (Address){{10, (uint8_t)(index / N_HOSTS / 255), (uint8_t)(1 + index / N_HOSTS % 255),
                      (uint8_t)(1 + index % N_HOSTS)}};
}

static void
add_name(GByteArray *bytes, unsigned number, const char *name)
{
    Address address = address_of(number);

    add_u16(bytes, 1); /* a record of an IPv4 address */
    add_u16(bytes, (unsigned)(sizeof(address.bytes) + strlen(name) + 1));
    add_bytes(bytes, address.bytes, sizeof(address.bytes));
    add_bytes(bytes, name, strlen(name) + 1);
    pad(bytes);
}

void
gmq_pcapng_add_names(GByteArray *bytes, const GPtrArray *clients)
{
    unsigned start = begin_block(bytes, BLOCK_NAMES);

    add_name(bytes, 0, "broker");
    for (unsigned i = 0; i < clients->len; i++)
        add_name(bytes, i + 1, ((const GmqClientSpec *)clients->pdata[i])->name);
    add_u32(bytes, 0); /* the last record */
    end_block(bytes, start);
}

/* ---- packets, big-endian ---- */

static uint8_t *
put_u16(uint8_t *at, unsigned value)
{
    *at++ = (uint8_t)(value >> 8);
    *at++ = (uint8_t)value;
    return at;
}

static uint8_t *
put_u32(uint8_t *at, uint32_t value)
{
    return put_u16(put_u16(at, value >> 16), value & 0xFFFF);
}

/* The sum of RFC 1071, not yet turned over. */
static uint32_t
add_to_sum(uint32_t sum, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    return sum;
}

static unsigned
turn_over(uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum & 0xFFFF;
}

typedef struct {
    Address from, to;
    unsigned from_port, to_port;
} Route;

static Route
route_of(const GmqPacket *packet)
{
    unsigned port = FIRST_PORT + 1 + (packet->connection - 1) % N_PORTS;
    Route route   = {address_of(packet->address), address_of(0), port, AMQP_PORT};

    if (packet->side == GMQ_TO_BROKER)
        return route;
    return (Route){route.to, route.from, AMQP_PORT, port};
}

static unsigned
tcp_size(const GmqPacket *packet)
{
    return TCP_HEADER_SIZE + ((packet->flags & GMQ_TCP_SYN) != 0 ? SYN_OPTIONS_SIZE : 0);
}

static void
put_ip(uint8_t *at, const GmqPacket *packet, const Route *route, unsigned identification)
{
    uint8_t *start = at;

    *at++ = 0x45; /* version 4, a header of 5 words */
    *at++ = 0;
    at    = put_u16(at, IP_HEADER_SIZE + tcp_size(packet) + (unsigned)packet->bytes.size);
    at    = put_u16(at, identification);
    at    = put_u16(at, 0x4000); /* it may not be cut into fragments */
    *at++ = 64;                  /* hops to live */
    *at++ = 6;                   /* TCP */
    at    = put_u16(at, 0);
    memcpy(at, route->from.bytes, 4);
    memcpy(at + 4, route->to.bytes, 4);
    put_u16(start + 10, turn_over(add_to_sum(0, start, IP_HEADER_SIZE)));
}

/* What only the two first packets of a connection say. */
static void
put_syn_options(uint8_t *at)
{
    *at++ = 2; /* the largest segment */
    *at++ = 4;
    at    = put_u16(at, 1460);
    *at++ = 1; /* nothing */
    *at++ = 3; /* how the window counts */
    *at++ = 3;
    *at   = WINDOW_SHIFT;
}

static unsigned
tcp_sum(const uint8_t *start, const GmqPacket *packet, const Route *route)
{
    uint32_t sum = 6 + tcp_size(packet) + (uint32_t)packet->bytes.size;

    sum = add_to_sum(sum, route->from.bytes, 4);
    sum = add_to_sum(sum, route->to.bytes, 4);
    sum = add_to_sum(sum, start, tcp_size(packet));
    return turn_over(add_to_sum(sum, packet->bytes.data, packet->bytes.size));
}

static void
put_tcp(uint8_t *at, const GmqPacket *packet, const Route *route)
{
    uint8_t *start = at;

    at    = put_u16(at, route->from_port);
    at    = put_u16(at, route->to_port);
    at    = put_u32(at, packet->sequence);
    at    = put_u32(at, packet->acknowledged);
    *at++ = (uint8_t)(tcp_size(packet) / 4 << 4);
    *at++ = (uint8_t)packet->flags; /* GmqTcpFlag is TCP's own */
    at    = put_u16(at, WINDOW);
    at    = put_u16(at, 0);
    at    = put_u16(at, 0);
    if ((packet->flags & GMQ_TCP_SYN) != 0)
        put_syn_options(at);
    put_u16(start + 16, tcp_sum(start, packet, route));
}

static void
add_comment(GByteArray *bytes, const char *text)
{
    size_t size = strlen(text);

    while (size > COMMENT_MAX)
        size = (size_t)(g_utf8_find_prev_char(text, text + COMMENT_MAX) - text);
    add_option(bytes, OPTION_COMMENT, text, size);
}

void
gmq_pcapng_add_packet(GByteArray *bytes, const GmqPacket *packet, uint16_t identification,
                      uint64_t wall_ns, bool is_inbound, const GPtrArray *comments)
{
    uint8_t headers[IP_HEADER_SIZE + TCP_HEADER_SIZE + SYN_OPTIONS_SIZE] = {0};
    const uint8_t flags[4] = {is_inbound ? 1 : 2, 0, 0, 0};
    Route route            = route_of(packet);
    unsigned headers_size  = IP_HEADER_SIZE + tcp_size(packet);
    uint32_t size          = headers_size + (uint32_t)packet->bytes.size;
    unsigned start         = begin_block(bytes, BLOCK_PACKET);

    put_ip(headers, packet, &route, identification);
    put_tcp(headers + IP_HEADER_SIZE, packet, &route);
    add_u32(bytes, 0); /* of the one interface */
    add_u32(bytes, (uint32_t)(wall_ns >> 32));
    add_u32(bytes, (uint32_t)wall_ns);
    add_u32(bytes, size);
    add_u32(bytes, size);
    add_bytes(bytes, headers, headers_size);
    add_bytes(bytes, packet->bytes.data, packet->bytes.size);
    pad(bytes);
    for (unsigned i = 0; i < comments->len; i++)
        add_comment(bytes, comments->pdata[i]);
    add_option(bytes, OPTION_FLAGS, flags, sizeof(flags));
    end_options(bytes);
    end_block(bytes, start);
}
