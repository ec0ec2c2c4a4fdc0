/* A second look at the broker's bytes: frames, and which methods may come when. Written anew, so
 * that it cannot share a mistake with the codec that broker and clients use. */
#include "sim/check-private.h"
#include "sim/recorder.h"

#define HEADER_SIZE 7
#define CHANNELS 2 /* the connection itself and the one channel that clients use */
#define RAW_CHANNELS 65536
#define START_SIZE 12 /* bytes of a payload that are looked at */

/* What a frame may be. */
enum {
    METHOD    = 1,
    HEADER    = 2,
    BODY      = 3,
    HEARTBEAT = 8
};

/* Methods that a server sends, as class * 1000 + method. */
static const uint32_t from_server[] = {
    10010, 10020, 10030, 10041, 10050, 10051, 10060, 10061, 10071, 20011, 20020, 20021, 20040,
    20041, 30011, 40011, 40021, 40031, 40051, 50011, 50021, 50031, 50041, 50051, 60011, 60021,
    60030, 60031, 60050, 60060, 60071, 60072, 60080, 60111, 60120, 85011, 90011, 90021, 90031,
};

/* What a channel is in the middle of. */
typedef struct {
    enum {
        NO_CONTENT,
        WANT_HEADER,
        WANT_BODY
    } stage;
    uint64_t body_left;
    bool is_closed; /* the broker sent a close: only close-ok may follow */
} Channel;

typedef struct {
    uint8_t header[HEADER_SIZE];
    unsigned n_header;
    uint8_t start[START_SIZE]; /* of the payload */
    uint64_t size;             /* of the payload */
    uint64_t n_payload;        /* bytes of it so far */
    GArray *channels;          /* of Channel, as far as they were used */
    unsigned n_channels;       /* that there may be */
    unsigned n_greeting;       /* bytes of a protocol header so far */
    bool has_begun;
    bool is_greeting; /* it began with one, as it may for who asks for another protocol */
    bool is_broken;   /* the rest makes no sense */
} Wire;

/* What a broker answers when it does not speak what a client began with. */
static const uint8_t greeting[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

struct GmqCheckWires {
    GHashTable *by_name; /* of names of connections to Wire; owned, look-up only */
};

static void
free_wire(void *data)
{
    Wire *wire = data;

    g_array_unref(wire->channels);
    g_free(wire);
}

GmqCheckWires *
gmq_check_wires_new(void)
{
    GmqCheckWires *wires = g_new0(GmqCheckWires, 1);

    wires->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_wire);
    return wires;
}

void
gmq_check_wires_free(GmqCheckWires *wires)
{
    g_hash_table_unref(wires->by_name);
    g_free(wires);
}

/* Whoever says his bytes by himself opens what channels he likes. */
static bool
is_raw(const GmqCheck *check, const char *connection)
{
    g_autofree char *name     = gmq_slice_dup(gmq_client_of_connection(gmq_slice_of(connection)));
    const GmqClientSpec *spec = gmq_scenario_find_client(check->scenario, name);

    return spec != NULL && spec->role == GMQ_ROLE_RAW;
}

static Wire *
wire_of(const GmqCheck *check, const char *connection)
{
    Wire *wire = g_hash_table_lookup(check->wires->by_name, connection);

    if (wire == NULL) {
        wire             = g_new0(Wire, 1);
        wire->n_channels = is_raw(check, connection) ? RAW_CHANNELS : CHANNELS;
        wire->channels   = g_array_new(FALSE, TRUE, sizeof(Channel));
        g_array_set_size(wire->channels, CHANNELS);
        g_hash_table_insert(check->wires->by_name, g_strdup(connection), wire);
    }
    return wire;
}

static Channel *
channel_of(Wire *wire, unsigned number)
{
    if (number >= wire->channels->len)
        g_array_set_size(wire->channels, number + 1);
    return &g_array_index(wire->channels, Channel, number);
}

static uint64_t
number(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- one frame ---- */

/* Each returns what is wrong, or NULL. */
static const char *
check_method(Wire *wire, unsigned channel_number)
{
    Channel *channel = channel_of(wire, channel_number);
    uint32_t id      = (uint32_t)(number(wire->start, 2) * 1000 + number(wire->start + 2, 2));
    bool is_known    = false;

    for (unsigned i = 0; i < G_N_ELEMENTS(from_server); i++)
        is_known |= from_server[i] == id;
    if (wire->size < 4 || !is_known)
        return "a method that no server sends";
    if ((id / 1000 == 10) != (channel_number == 0))
        return "a method on a channel where it does not belong";
    if (channel->stage != NO_CONTENT)
        return "a method in the middle of a message";
    if (channel_of(wire, 0)->is_closed && id != 10051)
        return "something after connection.close";
    if (channel->is_closed && id != 20041 && id != 20011 && channel_number != 0)
        return "something after channel.close";

    channel->is_closed = id == 10050 || id == 20040;
    if (id == 60050 || id == 60060 || id == 60071)
        channel->stage = WANT_HEADER;
    return NULL;
}

static const char *
check_header(Wire *wire, unsigned channel_number)
{
    Channel *channel = channel_of(wire, channel_number);

    if (channel->stage != WANT_HEADER)
        return "a content header where none belongs";
    if (wire->size < 14 || number(wire->start, 2) != 60)
        return "a content header that is none";
    channel->body_left = number(wire->start + 4, 8);
    channel->stage     = channel->body_left == 0 ? NO_CONTENT : WANT_BODY;
    return NULL;
}

static const char *
check_body(Wire *wire, unsigned channel_number, uint64_t frame_max)
{
    Channel *channel = channel_of(wire, channel_number);

    if (channel->stage != WANT_BODY)
        return "a body where none belongs";
    if (wire->size > channel->body_left)
        return "more body than was announced";
    if (frame_max > 0 && wire->size + HEADER_SIZE + 1 > frame_max)
        return "a frame that is larger than was agreed on";
    channel->body_left -= wire->size;
    if (channel->body_left == 0)
        channel->stage = NO_CONTENT;
    return NULL;
}

static const char *
check_frame(Wire *wire, uint64_t frame_max)
{
    unsigned channel = (unsigned)number(wire->header + 1, 2);

    if (channel >= wire->n_channels)
        return "a frame on a channel that is not open";
    switch (wire->header[0]) {
    case METHOD:
        return check_method(wire, channel);
    case HEADER:
        return check_header(wire, channel);
    case BODY:
        return check_body(wire, channel, frame_max);
    case HEARTBEAT:
        return channel != 0 || wire->size != 0 ? "a heartbeat with something in it" : NULL;
    default:
        return "a frame of no known type";
    }
}

/* ---- bytes ---- */

static const char *
take_greeting(Wire *wire, uint8_t byte)
{
    if (wire->n_greeting == sizeof greeting)
        return "something after a protocol header";
    return byte == greeting[wire->n_greeting++] ? NULL : "a protocol header that is none";
}

static const char *
take_byte(Wire *wire, uint8_t byte, uint64_t frame_max)
{
    if (wire->is_greeting)
        return take_greeting(wire, byte);
    if (wire->n_header < HEADER_SIZE) {
        wire->header[wire->n_header++] = byte;
        if (wire->n_header == HEADER_SIZE) {
            wire->size      = number(wire->header + 3, 4);
            wire->n_payload = 0;
        }
        return NULL;
    }
    if (wire->n_payload < wire->size) {
        if (wire->n_payload < START_SIZE)
            wire->start[wire->n_payload] = byte;
        wire->n_payload++;
        return NULL;
    }
    wire->n_header = 0;
    return byte != 0xce ? "a frame without its end" : check_frame(wire, frame_max);
}

/* Steps over bytes of a payload that nobody looks at. */
static size_t
skip(Wire *wire, size_t size)
{
    if (wire->n_header < HEADER_SIZE || wire->n_payload < START_SIZE)
        return 0;
    uint64_t step = MIN(size, wire->size - wire->n_payload);
    wire->n_payload += step;
    return (size_t)step;
}

bool
gmq_check_wire(GmqCheck *check, const char *connection, GmqSlice bytes)
{
    if (check == NULL)
        return false;

    Wire *wire         = wire_of(check, connection);
    uint64_t frame_max = check->scenario->broker.frame_max;

    if (!wire->has_begun)
        wire->is_greeting =
            wire->n_channels == RAW_CHANNELS && bytes.size > 0 && *bytes.data == 'A';
    wire->has_begun |= bytes.size > 0;
    for (size_t i = 0; i < bytes.size && !wire->is_broken;) {
        size_t skipped = skip(wire, bytes.size - i);

        i += skipped;
        if (skipped > 0)
            continue;
        const char *wrong = take_byte(wire, bytes.data[i++], frame_max);
        if (wrong != NULL) {
            wire->is_broken = true;
            gmq_check_break(check, connection, "S18 broken: the broker sent %s to %s.", wrong,
                            connection);
        }
    }
    return wire->n_header > 0 && wire->n_header < HEADER_SIZE;
}
